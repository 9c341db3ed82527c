// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

/// @notice What a batch commits to. One slot holds its hash; the header itself comes back in calldata when someone needs it.
struct BatchHeader {
    bytes32 root;
    uint256 total;
    uint256 count;
    uint256 postedAt;
}

using BatchHeaderLibrary for BatchHeader global;

library BatchHeaderLibrary {
    function commit(BatchHeader memory header) internal pure returns (bytes32) {
        return keccak256(abi.encode(header.root, header.total, header.count, header.postedAt));
    }
}
