// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";

/// @title The local twin of $OPEN
/// @notice 18 decimals, one thousand million in all, burnable, and like the real token without permit.
contract OpenToken is ERC20, ERC20Burnable {
    uint256 public constant SUPPLY = 1_000_000_000 ether;

    constructor(address holder) ERC20("Open", "OPEN") {
        _mint(holder, SUPPLY);
    }
}
