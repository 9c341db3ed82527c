// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ICourt} from "../interfaces/ICourt.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {HandOff, Receipts, WorkReceipt} from "../libraries/Receipts.sol";
import {CourtBooks} from "./CourtBooks.sol";

/// @notice Faults that two signatures prove by themselves. No bond, no judge, no deadline: as long as there is stake.
abstract contract CourtEvidence is CourtBooks {
    using Receipts for WorkReceipt;
    using Receipts for HandOff;

    uint256 internal constant EQUIVOCATION_BPS = 5_000;
    uint256 internal constant BREACH_BPS = 1_000;

    address public immutable ledger;

    /// @dev By fault too: a provider must not escape a grave charge by confessing a small one at the same place.
    mapping(bytes32 id => mapping(Fault => bool)) public punished;

    constructor(IRegistry registry_) CourtBooks(registry_) {
        ledger = registry_.ledger();
    }

    /// @inheritdoc ICourt
    function slashEquivocation(WorkReceipt calldata a, bytes calldata signatureA, WorkReceipt calldata b, bytes calldata signatureB)
        external
        nonReentrant
    {
        bytes32 separator = Receipts.domain(ledger);
        (bytes32 hashA, bytes32 hashB) = (a.digest(separator), b.digest(separator));
        bytes32 id = _idOf(a);
        require(id == _idOf(b) && hashA != hashB, NoConflict());
        _requireSigned(a.provider, hashA, signatureA);
        _requireSigned(a.provider, hashB, signatureB);
        _markPunished(id, Fault.Equivocation);
        uint256 taken = _punish(id, Fault.Equivocation, a.provider, EQUIVOCATION_BPS, 0);
        // Receipts for two clients do not say which of them was harmed.
        uint256 paid = a.client != b.client ? 0 : a.amount > b.amount ? a.amount : b.amount;
        _splitSlash(taken, msg.sender, a.client, paid, 0, new address[](0));
    }

    /// @inheritdoc ICourt
    function slashHandOffBreach(
        HandOff calldata handOff,
        bytes calldata handOffSignature,
        WorkReceipt calldata receipt,
        bytes calldata receiptSignature
    ) external nonReentrant {
        bytes32 separator = Receipts.domain(ledger);
        require(
            handOff.provider == receipt.provider && handOff.sessionId == receipt.sessionId && handOff.leg == receipt.leg
                && receipt.to > handOff.to,
            NoConflict()
        );
        _requireSigned(handOff.provider, handOff.digest(separator), handOffSignature);
        _requireSigned(handOff.provider, receipt.digest(separator), receiptSignature);
        bytes32 id = _idOf(receipt);
        _markPunished(id, Fault.HandOffBreach);
        uint256 extra = uint256(receipt.amount) * HARM_FACTOR;
        uint256 taken = _punish(id, Fault.HandOffBreach, receipt.provider, BREACH_BPS, extra);
        _splitSlash(taken, msg.sender, receipt.client, receipt.amount, 0, new address[](0));
    }

    /// @inheritdoc ICourt
    function caseId(address provider, bytes32 sessionId, uint32 leg, uint64 seq) public pure returns (bytes32) {
        return keccak256(abi.encode(provider, sessionId, leg, seq));
    }

    function _idOf(WorkReceipt calldata receipt) internal pure returns (bytes32) {
        return caseId(receipt.provider, receipt.sessionId, receipt.leg, receipt.seq);
    }

    /// @dev A revoked key still counts: what it signed stays its owner's.
    function _requireSigned(address provider, bytes32 hash, bytes calldata signature) private view {
        address signer = Receipts.signer(hash, signature);
        require(signer != address(0) && _registry.keyOwner(signer) == provider, BadEvidence(provider, signer));
    }

    function _markPunished(bytes32 id, Fault fault) private {
        require(!punished[id][fault], AlreadyPunished(id, fault));
        punished[id][fault] = true;
    }
}
