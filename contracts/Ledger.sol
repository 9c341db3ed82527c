// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {ILedger} from "./interfaces/ILedger.sol";
import {IModels} from "./interfaces/IModels.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {LedgerEarnings} from "./ledger/LedgerEarnings.sol";
import {BatchHeader} from "./libraries/BatchHeader.sol";
import {BatchTree} from "./libraries/BatchTree.sol";
import {Currency} from "./libraries/Currency.sol";
import {TypedData} from "./libraries/TypedData.sol";

/// @title The openseam ledger
/// @notice A provider's vouchers land in batches. See ILedger for what each function promises.
contract Ledger is LedgerEarnings {
    uint256 public constant BATCH_ITEMS_MAX = 256;

    /// @dev What the groups of one batch share. `leaves` has room for the whole tree; the first `count` are written.
    struct Batch {
        address provider;
        bytes32 domain;
        uint256 number;
        uint256 total;
        uint256 royalty;
        uint256 count;
        bytes32[] leaves;
    }

    constructor(Currency currency_, IRegistry registry_, IModels models_, uint256 exitDelay)
        LedgerEarnings(currency_, registry_, models_, exitDelay)
    {}

    /// @inheritdoc ILedger
    function settle(Group[] calldata groups) external returns (uint256) {
        return _settle(msg.sender, groups);
    }

    /// @inheritdoc ILedger
    function settleFor(address provider, Group[] calldata groups, uint40 deadline, bytes calldata signature)
        external
        returns (uint256)
    {
        // Only the provider's own people cut batches: what is grouped together is what an auditor reads together.
        if (msg.sender != operators[provider]) {
            require(block.timestamp <= deadline, Expired(deadline, block.timestamp));
            bytes32 digest = _hashTypedDataV4(TypedData.settleBatch(provider, keccak256(abi.encode(groups)), deadline));
            require(_isProviderKey(provider, digest, signature), BadProviderSignature(provider));
        }
        return _settle(provider, groups);
    }

    function _settle(address provider, Group[] calldata groups) private returns (uint256) {
        uint256 items;
        for (uint256 g = 0; g < groups.length; ++g) items += groups[g].items.length;
        require(items != 0 && items <= BATCH_ITEMS_MAX, BatchSize(items, BATCH_ITEMS_MAX));

        Earned memory book = earned[provider];
        Batch memory batch = Batch(provider, _domainSeparatorV4(), book.batches, 0, 0, 0, new bytes32[](2 * items - 1));
        for (uint256 g = 0; g < groups.length; ++g) _settleGroup(batch, groups[g], g);
        if (batch.count == 0) return 0;

        // All money in this contract fits uint96 (Currency.pull), so its parts do.
        uint256 total = batch.total;
        uint96 part = uint96(total - batch.royalty);
        earned[provider] = Earned(book.amount + part, book.batches + 1, book.lifetime + part);
        bytes32 root = BatchTree.root(batch.leaves, batch.count);
        batchCommit[provider][batch.number] = BatchHeader(root, total, batch.count, block.timestamp).commit();
        emit BatchSettled(provider, batch.number, root, total, batch.count);
        return total;
    }

    function _settleGroup(Batch memory batch, Group calldata group, uint256 g) private {
        mapping(address client => Channel) storage row = channels[batch.provider][group.modelId];
        uint256[] memory clientPaid = new uint256[](group.items.length);
        uint256 count;
        uint256 total;
        for (uint256 i = 0; i < group.items.length; ++i) {
            Item calldata item = group.items[i];
            (uint96 from, uint96 paid) = _settleItem(batch, row, group.modelId, item, g, i);
            if (paid == 0) continue;
            batch.leaves[batch.count + count] = BatchTree.leaf(
                item.client, batch.provider, group.modelId, from, from + paid, item.units, item.workRoot
            );
            clientPaid[count++] = (uint256(uint160(item.client)) << 96) | paid;
            total += paid;
        }
        if (count == 0) return;
        assembly ("memory-safe") {
            mstore(clientPaid, count) // those that paid nothing are left out
        }
        batch.count += count;
        batch.total += total;
        uint256 royalty = _creditRoyalty(group.modelId, total);
        batch.royalty += royalty;
        emit GroupSettled(batch.provider, group.modelId, batch.number, royalty, clientPaid);
    }

    /// @dev Pays min(owed, left + balance), from the channel's guarantee first. Reverts on a bad signature and on nothing else.
    function _settleItem(
        Batch memory batch,
        mapping(address client => Channel) storage row,
        bytes32 modelId,
        Item calldata item,
        uint256 g,
        uint256 i
    ) private returns (uint96 from, uint96 paid) {
        address client = item.client;
        Channel memory channel = row[client];
        from = channel.settled;
        uint96 cumulative = item.cumulative;
        if (cumulative <= from) return (from, 0);

        Account memory account = accounts[client];
        bytes32 digest = _digestOf(batch, modelId, client, cumulative, item);
        require(_isClientKey(client, account.signer, digest, item.r, item.vs), BadVoucher(g, i));

        unchecked {
            // No sum passes uint96: left and balance are money held here; no difference is negative: each is compared first.
            uint96 left = channel.prefunded > from ? channel.prefunded - from : 0;
            paid = cumulative - from;
            if (paid > left + account.balance) paid = left + account.balance;
            if (paid == 0) return (from, 0);
            if (paid > left) accounts[client] = Account(account.signer, account.balance - (paid - left));
            uint64 units = item.units > channel.units ? item.units : channel.units;
            row[client] = Channel(from + paid, channel.prefunded, units);
        }
    }

    function _digestOf(Batch memory batch, bytes32 modelId, address client, uint96 cumulative, Item calldata item)
        private
        pure
        returns (bytes32)
    {
        return MessageHashUtils.toTypedDataHash(
            batch.domain, TypedData.voucher(client, batch.provider, modelId, cumulative, item.units, item.workRoot)
        );
    }
}
