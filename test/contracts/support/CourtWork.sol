// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ICourt} from "../../../contracts/interfaces/ICourt.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {BatchHeader} from "../../../contracts/libraries/BatchHeader.sol";
import {WorkReceipt} from "../../../contracts/libraries/Receipts.sol";
import {Disputes} from "./Disputes.sol";
import {vm} from "./Vm.sol";

/// @notice Work of many receipts, settled beside another client's, and the proofs that a challenge of one of them needs.
abstract contract CourtWork is Disputes {
    function _work(uint64 count) internal view returns (WorkReceipt[] memory receipts) {
        receipts = new WorkReceipt[](count);
        for (uint64 i = 0; i < count; ++i) receipts[i] = _receipt(provider, i, 0);
    }

    /// @dev Settles the client's receipts in one voucher and returns the challenge of the one at `index`.
    function _settleWork(WorkReceipt[] memory receipts, uint256 index) internal returns (ICourt.Challenge memory challenge) {
        bytes32[] memory leaves = new bytes32[](receipts.length);
        (challenge.from,,) = _channel(provider, MODEL, client);
        challenge.to = challenge.from;
        for (uint256 i = 0; i < receipts.length; ++i) {
            challenge.to += receipts[i].amount;
            leaves[i] = _leaf(abi.encode(_receiptHash(receipts[i]), challenge.to));
            if (i == index) challenge.cumAfter = challenge.to;
        }
        (challenge.receipt, challenge.units, challenge.index) = (receipts[index], 77, uint32(index));
        (challenge.workRoot, challenge.workProof) = _workTree(leaves, index);
        _settleBesideAnother(challenge);
    }

    /// @dev What the batch tree holds of the client's channel when it was paid up to `to`.
    function _batchLeaf(ICourt.Challenge memory challenge, uint96 to) internal view returns (bytes32) {
        return _leaf(abi.encode(client, provider, MODEL, challenge.from, to, challenge.units, challenge.workRoot));
    }

    function _pair(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function _leaf(bytes memory content) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(content)));
    }

    function _settleBesideAnother(ICourt.Challenge memory challenge) private {
        (uint96 paid,,) = _channel(provider, MODEL, other);
        _deposit(other, 1 gwei);
        ILedger.Group[] memory groups = _groups(MODEL, _item(OTHER_KEY, other, provider, MODEL, paid + 1 gwei));
        ILedger.Item memory beside = groups[0].items[0];
        groups[0].items = new ILedger.Item[](2);
        (groups[0].items[0], groups[0].items[1]) = (_clientItem(challenge), beside);
        (, uint32 batches,) = ledger.earned(provider);
        vm.prank(provider);
        uint256 total = ledger.settle(groups);

        (uint96 settled,,) = _channel(provider, MODEL, client);
        challenge.batchProof = new bytes32[](1);
        challenge.batchProof[0] =
            _leaf(abi.encode(other, provider, MODEL, paid, beside.cumulative, beside.units, beside.workRoot));
        bytes32 root = _pair(_batchLeaf(challenge, settled), challenge.batchProof[0]);
        challenge.header = BatchHeader(root, total, 2, _now());
        challenge.batch = batches;
    }

    function _clientItem(ICourt.Challenge memory challenge) private view returns (ILedger.Item memory) {
        bytes32 digest = _voucherDigest(client, provider, MODEL, challenge.to, challenge.units, challenge.workRoot);
        (bytes32 r, bytes32 vs) = _compact(CLIENT_KEY, digest);
        return ILedger.Item(client, challenge.to, challenge.units, challenge.workRoot, r, vs);
    }

    /// @dev Depth 32, empty places zero.
    function _workTree(bytes32[] memory row, uint256 index)
        private
        pure
        returns (bytes32 root, bytes32[32] memory proof)
    {
        bytes32 zero;
        for (uint256 height = 0; height < 32; ++height) {
            proof[height] = (index ^ 1) < row.length ? row[index ^ 1] : zero;
            bytes32[] memory next = new bytes32[]((row.length + 1) / 2);
            for (uint256 i = 0; i < next.length; ++i) {
                next[i] = keccak256(abi.encode(row[2 * i], 2 * i + 1 < row.length ? row[2 * i + 1] : zero));
            }
            (row, index, zero) = (next, index / 2, keccak256(abi.encode(zero, zero)));
        }
        root = row[0];
    }
}
