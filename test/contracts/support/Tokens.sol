// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";

/// @notice Keeps one percent of every transfer.
contract FeeToken is ERC20("Fee", "FEE") {
    constructor() {
        _mint(msg.sender, 1_000_000 ether);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from == address(0)) return super._update(from, to, value);
        super._update(from, to, value - value / 100);
        super._update(from, address(0xfee), value / 100);
    }
}

/// @notice Calls back into the ledger from inside a transfer.
contract ReentrantToken is ERC20("Re", "RE") {
    address public target;
    bytes public callback;
    bool public armed;
    bool public succeeded;

    constructor() {
        _mint(msg.sender, 1_000_000 ether);
    }

    function arm(address target_, bytes calldata callback_) external {
        (target, callback, armed) = (target_, callback_, true);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (!armed) return;
        armed = false;
        (succeeded,) = target.call(callback);
    }
}

/// @notice Both at will: takes a fee of every transfer, and from inside one calls whatever it was armed with, once.
contract HostileToken is ERC20("Hostile", "HOST") {
    address internal constant COLLECTOR = address(0xfee);

    uint256 public feeBps;
    address public target;
    bytes public callback;
    bool public armed;
    bool public may;
    bool public succeeded;
    bool public reentered;

    constructor(address holder) {
        _mint(holder, 1e30);
    }

    function setFee(uint256 bps) external {
        feeBps = bps;
    }

    function feeOf(uint256 value) public view returns (uint256) {
        return value * feeBps / 10_000;
    }

    /// @dev `reentered` stays set once a callback that `may` not was taken.
    function arm(address target_, bytes calldata callback_, bool may_) external {
        (target, callback, armed, may, succeeded) = (target_, callback_, true, may_, false);
    }

    function _update(address from, address to, uint256 value) internal override {
        uint256 fee = from == address(0) || from == COLLECTOR ? 0 : feeOf(value);
        super._update(from, to, value - fee);
        if (fee != 0) super._update(from, COLLECTOR, fee);
        if (!armed) return;
        armed = false;
        (succeeded,) = target.call(callback);
        if (succeeded && !may) reentered = true;
    }
}

/// @notice A payout address that takes no coin, or answers with a megabyte of return data, or calls back.
contract Receiver {
    enum Mood {
        glad,
        refuses,
        floods,
        reenters
    }

    Mood public mood;
    ILedger public ledger;
    bytes private _callback;
    bool public reentered;

    function set(Mood mood_, ILedger ledger_, address provider_) external {
        (mood, ledger, _callback) = (mood_, ledger_, abi.encodeCall(ledger_.claim, (provider_)));
    }

    /// @dev Calls the ledger back with this whenever it is paid.
    function watch(bytes calldata callback) external {
        (mood, _callback) = (Mood.reenters, callback);
    }

    receive() external payable {
        if (mood == Mood.refuses) revert("no");
        if (mood == Mood.floods) {
            assembly {
                return(0, 1000000)
            }
        }
        if (mood == Mood.reenters) {
            (bool ok,) = address(ledger).call(_callback);
            if (ok) reentered = true;
        }
    }
}
