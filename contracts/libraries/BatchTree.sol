// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @notice The Merkle tree over the vouchers of one batch, in the layout of OpenZeppelin's SimpleMerkleTree with unsorted leaves:
/// 2n-1 nodes, the parent of 2i+1 and 2i+2 is i, the first leaf is the last node.
library BatchTree {
    /// @notice One paid voucher: the client's total went from `from` to `to`, and `workRoot` names the receipts behind it.
    /// @dev Hashed twice, so that no inner node can be passed off as a leaf.
    function leaf(
        address client,
        address provider,
        bytes32 modelId,
        uint96 from,
        uint96 to,
        uint64 units,
        bytes32 workRoot
    ) internal pure returns (bytes32 hash) {
        hash = keccak256(abi.encode(client, provider, modelId, from, to, units, workRoot));
        assembly ("memory-safe") {
            mstore(0, hash)
            hash := keccak256(0, 0x20)
        }
    }

    /// @dev Folds the first `count` leaves, `count` >= 1, in place. The tree holds node i at `leaves[2n-2-i]`, so that leaf i is
    /// where the caller wrote it; `leaves` must have room for 2 * count - 1 words.
    function root(bytes32[] memory leaves, uint256 count) internal pure returns (bytes32) {
        unchecked {
            // Node k (counted from the leaves) is the parent of the two nodes 2(k - count) and 2(k - count) + 1 before it.
            for (uint256 child = 0; child + 1 < 2 * count - 1; child += 2) {
                leaves[count + child / 2] = Hashes.commutativeKeccak256(leaves[child], leaves[child + 1]);
            }
            return leaves[2 * count - 2];
        }
    }
}
