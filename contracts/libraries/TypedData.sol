// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

/// @notice The EIP-712 structs that the ledger verifies, one type hash an action. docs/spec/typed-data.md has them all.
library TypedData {
    bytes32 internal constant VOUCHER =
        keccak256("Voucher(address client,address provider,bytes32 modelId,uint96 cumulative,uint64 units,bytes32 workRoot)");
    bytes32 internal constant PREFUND =
        keccak256("Prefund(address client,address provider,bytes32 modelId,uint96 upTo,uint40 deadline)");
    bytes32 internal constant RELEASE =
        keccak256("Release(address client,address provider,bytes32 modelId,uint96 downTo,uint40 deadline)");
    bytes32 internal constant SETTLE_BATCH = keccak256("SettleBatch(address provider,bytes32 groupsHash,uint40 deadline)");
    bytes32 internal constant SIGNER_KEY = keccak256("SignerKey(address provider,address key)");

    function voucher(
        address client,
        address provider,
        bytes32 modelId,
        uint96 cumulative,
        uint64 units,
        bytes32 workRoot
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(VOUCHER, client, provider, modelId, cumulative, units, workRoot));
    }

    function prefund(address client, address provider, bytes32 modelId, uint96 upTo, uint40 deadline)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(PREFUND, client, provider, modelId, upTo, deadline));
    }

    function release(address client, address provider, bytes32 modelId, uint96 downTo, uint40 deadline)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(RELEASE, client, provider, modelId, downTo, deadline));
    }

    function settleBatch(address provider, bytes32 groupsHash, uint40 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode(SETTLE_BATCH, provider, groupsHash, deadline));
    }

    function signerKey(address provider, address key) internal pure returns (bytes32) {
        return keccak256(abi.encode(SIGNER_KEY, provider, key));
    }
}
