// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @notice The money of a deployment: an ERC-20 token, or the chain's own coin as address(0).
type Currency is address;

using CurrencyLibrary for Currency global;

/// @notice Moves money in and out, exactly or not at all.
library CurrencyLibrary {
    using SafeERC20 for IERC20;

    /// @notice The money that arrived is not the money that was announced.
    error InexactTransfer(uint256 received, uint256 announced);
    /// @notice Amounts are uint96; more than that in one contract is refused at the door.
    error CurrencyOverflow(uint256 held);
    /// @notice The receiver refused the chain's own coin.
    error PaymentRefused(address to, uint256 amount);

    function isNative(Currency currency) internal pure returns (bool) {
        return Currency.unwrap(currency) == address(0);
    }

    function held(Currency currency) internal view returns (uint256) {
        if (currency.isNative()) return address(this).balance;
        return IERC20(Currency.unwrap(currency)).balanceOf(address(this));
    }

    /// @dev A token that takes a fee on transfer would credit more than arrived, so the balance itself is measured.
    function pull(Currency currency, uint256 amount) internal {
        uint256 received = msg.value;
        if (!currency.isNative()) {
            require(msg.value == 0, InexactTransfer(msg.value, 0));
            uint256 before = currency.held();
            IERC20(Currency.unwrap(currency)).safeTransferFrom(msg.sender, address(this), amount);
            received = currency.held() - before;
        }
        require(received == amount, InexactTransfer(received, amount));
        require(currency.held() <= type(uint96).max, CurrencyOverflow(currency.held()));
    }

    function push(Currency currency, address to, uint256 amount) internal {
        if (!currency.isNative()) {
            IERC20(Currency.unwrap(currency)).safeTransfer(to, amount);
            return;
        }
        bool sent;
        // Copies no return data: a receiver cannot make the payer pay for a megabyte of it.
        assembly ("memory-safe") {
            sent := call(gas(), to, amount, 0, 0, 0, 0)
        }
        require(sent, PaymentRefused(to, amount));
    }
}
