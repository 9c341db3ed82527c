// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ILedger} from "./interfaces/ILedger.sol";
import {IModels} from "./interfaces/IModels.sol";
import {Shares} from "./libraries/Shares.sol";

/// @title The openseam models
/// @notice Holds no money: the ledger keeps what payees have earned. See IModels for what each function promises.
contract Models is IModels {
    uint256 public constant PAYEES_MAX = Shares.PAYEES_MAX;
    uint256 public constant BPS_MAX = 3_000;

    address public immutable ledger;

    mapping(bytes32 modelId => Model) private _models;

    constructor(address ledger_) {
        ledger = ledger_;
    }

    /// @inheritdoc IModels
    function register(bytes32 manifestHash, address[] calldata payees, uint16[] calldata bps)
        external
        returns (bytes32 modelId)
    {
        modelId = keccak256(abi.encode(manifestHash, payees, bps));
        if (_models[modelId].manifestHash != 0) return modelId;
        require(manifestHash != 0, ZeroManifest());
        require(payees.length == bps.length, LengthsDiffer(payees.length, bps.length));
        require(payees.length <= PAYEES_MAX, TooManyPayees(payees.length, PAYEES_MAX));
        uint256 total;
        uint256 shares;
        for (uint256 i = 0; i < payees.length; ++i) {
            require(payees[i] != address(0) && bps[i] != 0, BadPayee(i));
            total += bps[i];
            shares |= uint256(bps[i]) << (Shares.BITS * i);
        }
        require(total <= BPS_MAX, RoyaltyTooHigh(total, BPS_MAX));
        _models[modelId] = Model(manifestHash, payees, bps);
        emit ModelRegistered(modelId, manifestHash, payees, bps);
        if (shares != 0) ILedger(ledger).setShares(modelId, shares);
    }

    /// @inheritdoc IModels
    function modelOf(bytes32 modelId) external view returns (Model memory) {
        return _models[modelId];
    }

    /// @inheritdoc IModels
    function payeeOf(bytes32 modelId, uint256 payee) external view returns (address) {
        address[] storage payees = _models[modelId].payees;
        require(payee < payees.length, NoSuchPayee(modelId, payee));
        return payees[payee];
    }
}
