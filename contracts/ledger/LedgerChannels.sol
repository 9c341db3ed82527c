// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {LedgerAccounts} from "./LedgerAccounts.sol";

/// @notice What a client guarantees to one provider for one model, so that no other creditor, real or invented, can take it first.
abstract contract LedgerChannels is LedgerAccounts {
    mapping(address provider => mapping(bytes32 modelId => mapping(address client => Channel))) public channels;
    mapping(address provider => mapping(bytes32 modelId => mapping(address client => uint40))) public releaseAt;
    mapping(address provider => address) public operators;

    /// @inheritdoc ILedger
    function prefund(address client, address provider, bytes32 modelId, uint96 upTo, uint40 deadline, bytes32 r, bytes32 vs)
        external
    {
        require(block.timestamp <= deadline, Expired(deadline, block.timestamp));
        Account memory account = accounts[client];
        bytes32 digest = _hashTypedDataV4(TypedData.prefund(client, provider, modelId, upTo, deadline));
        require(_isClientKey(client, account.signer, digest, r, vs), BadClientSignature(client));

        Channel storage channel = channels[provider][modelId][client];
        uint96 base = channel.prefunded > channel.settled ? channel.prefunded : channel.settled;
        if (upTo <= base) return;
        uint96 need = upTo - base;
        require(account.balance >= need, Insufficient(account.balance, need));
        accounts[client].balance = account.balance - need;
        channel.prefunded = upTo;
        // New money must not leave on the timer of an older release.
        if (releaseAt[provider][modelId][client] != 0) delete releaseAt[provider][modelId][client];
        emit Prefunded(client, provider, modelId, upTo);
    }

    /// @inheritdoc ILedger
    function startRelease(address provider, bytes32 modelId) external {
        Channel memory channel = channels[provider][modelId][msg.sender];
        require(channel.prefunded > channel.settled, NothingToRelease());
        uint40 pending = releaseAt[provider][modelId][msg.sender];
        require(pending == 0, ReleasePending(pending));
        uint40 readyAt = uint40(block.timestamp + EXIT_DELAY);
        releaseAt[provider][modelId][msg.sender] = readyAt;
        emit ReleaseStarted(msg.sender, provider, modelId, readyAt);
    }

    /// @inheritdoc ILedger
    function finishRelease(address provider, bytes32 modelId) external {
        uint40 readyAt = releaseAt[provider][modelId][msg.sender];
        require(readyAt != 0 && block.timestamp >= readyAt, ReleaseNotReady(readyAt, block.timestamp));
        delete releaseAt[provider][modelId][msg.sender];
        _lower(msg.sender, provider, modelId, 0);
    }

    /// @inheritdoc ILedger
    function release(
        address client,
        address provider,
        bytes32 modelId,
        uint96 downTo,
        uint40 deadline,
        bytes calldata signature
    ) external {
        require(block.timestamp <= deadline, Expired(deadline, block.timestamp));
        bytes32 digest = _hashTypedDataV4(TypedData.release(client, provider, modelId, downTo, deadline));
        require(_isProviderKey(provider, digest, signature), BadProviderSignature(provider));
        _lower(client, provider, modelId, downTo);
    }

    /// @inheritdoc ILedger
    function setOperator(address operator) external {
        operators[msg.sender] = operator;
        emit OperatorSet(msg.sender, operator);
    }

    /// @inheritdoc ILedger
    function position(address client, address provider, bytes32 modelId) external view returns (Position memory) {
        return Position(
            accounts[client],
            exits[client],
            oldKeys[client],
            channels[provider][modelId][client],
            releaseAt[provider][modelId][client]
        );
    }

    /// @dev Lowers the guarantee to max(settled, downTo). Only falls: what was already released is no news.
    function _lower(address client, address provider, bytes32 modelId, uint96 downTo) private {
        Channel storage channel = channels[provider][modelId][client];
        uint96 floor = channel.settled > downTo ? channel.settled : downTo;
        uint96 prefunded = channel.prefunded;
        if (prefunded <= floor) return;
        channel.prefunded = floor;
        _credit(client, prefunded - floor);
        emit Released(client, provider, modelId, floor, prefunded - floor);
    }

    function _isProviderKey(address provider, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        (address recovered,,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (recovered == address(0)) return false;
        return recovered == provider || recovered == operators[provider];
    }
}
