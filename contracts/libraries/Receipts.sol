// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

/// @notice A provider's statement that it made positions [from, to) of a session. docs/spec/typed-data.md has every field.
struct WorkReceipt {
    bytes32 sessionId;
    uint32 leg;
    uint64 seq;
    address client;
    address provider;
    bytes32 modelId;
    uint64 from;
    uint64 to;
    uint64 promptUnits;
    uint96 amount;
    bytes32 outputHash;
    bytes32 kvHead;
    bytes32 fingerprint;
    uint8 end;
}

/// @notice A provider's statement that it stopped at `to` and signs nothing beyond it in this leg.
struct HandOff {
    bytes32 sessionId;
    uint32 leg;
    address provider;
    uint64 to;
    uint64 seq;
}

/// @notice What providers sign while they work, read by the court. The domain is the ledger's, wherever this code runs.
library Receipts {
    bytes32 internal constant WORK_RECEIPT = keccak256(
        "WorkReceipt(bytes32 sessionId,uint32 leg,uint64 seq,address client,address provider,bytes32 modelId,uint64 from,uint64 to,uint64 promptUnits,uint96 amount,bytes32 outputHash,bytes32 kvHead,bytes32 fingerprint,uint8 end)"
    );
    bytes32 internal constant HAND_OFF =
        keccak256("HandOff(bytes32 sessionId,uint32 leg,address provider,uint64 to,uint64 seq)");
    bytes32 private constant DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    uint256 internal constant WORK_TREE_DEPTH = 32;

    /// @dev Computed anew each time: on a fork of the chain the id differs, and receipts of one side mean nothing on the other.
    function domain(address ledger) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN, keccak256("openseam"), keccak256("1"), block.chainid, ledger));
    }

    /// @notice A receipt's name everywhere: its EIP-712 digest.
    function digest(WorkReceipt calldata receipt, bytes32 separator) internal pure returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(separator, keccak256(abi.encode(WORK_RECEIPT, receipt)));
    }

    function digest(HandOff calldata handOff, bytes32 separator) internal pure returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(separator, keccak256(abi.encode(HAND_OFF, handOff)));
    }

    /// @dev address(0) for whatever is no canonical signature.
    function signer(bytes32 hash, bytes calldata signature) internal pure returns (address recovered) {
        (recovered,,) = ECDSA.tryRecoverCalldata(hash, signature);
    }

    /// @notice The root of the channel's work tree, as the receipt's place in it says. docs/spec/money.md, "Work tree".
    function workRoot(bytes32 receiptHash, uint256 cumAfter, uint32 index, bytes32[WORK_TREE_DEPTH] calldata proof)
        internal
        pure
        returns (bytes32 node)
    {
        node = keccak256(bytes.concat(keccak256(abi.encode(receiptHash, cumAfter))));
        for (uint256 height = 0; height < WORK_TREE_DEPTH; ++height) {
            node = (index >> height) & 1 == 0
                ? keccak256(abi.encode(node, proof[height]))
                : keccak256(abi.encode(proof[height], node));
        }
    }
}
