// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {BatchTree} from "../../contracts/libraries/BatchTree.sol";
import {Market} from "./support/Market.sol";
import {vm} from "./support/Vm.sol";

contract LedgerTest is Market {
    function setUp() public {
        _deployToken();
        _deposit(client, 10 ether);
        _deposit(other, 10 ether);
    }

    function _leaf(address payer, bytes32 modelId, uint96 from, uint96 to, uint64 units) private view returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(payer, provider, modelId, from, to, units, WORK))));
    }

    function _commit(bytes32 root, uint256 total, uint256 count) private view returns (bytes32) {
        return keccak256(abi.encode(root, total, count, block.timestamp));
    }

    function _paid(address payer, uint96 amount) private pure returns (uint256[] memory words) {
        words = new uint256[](1);
        words[0] = (uint256(uint160(payer)) << 96) | amount;
    }

    function test_settle_paysTheDifferenceAndCommitsToIt() public {
        bytes32 root = _leaf(client, MODEL, 0, 3 ether, 3e9);
        vm.expectEmit();
        emit ILedger.GroupSettled(provider, MODEL, 0, 0, _paid(client, 3 ether));
        vm.expectEmit();
        emit ILedger.BatchSettled(provider, 0, root, 3 ether, 1);
        vm.assertEq(_settle(CLIENT_KEY, 3 ether), 3 ether, "paid");
        vm.assertEq(ledger.batchCommit(provider, 0), _commit(root, 3 ether, 1), "commit");
        vm.assertEq(_balance(client), 7 ether, "balance");
        (uint96 settled,, uint64 units) = _channel(provider, MODEL, client);
        vm.assertEq(settled, 3 ether, "settled");
        vm.assertEq(units, 3e9, "units");

        root = _leaf(client, MODEL, 3 ether, 5 ether, 5e9);
        vm.assertEq(_settle(CLIENT_KEY, 5 ether), 2 ether, "paid again");
        vm.assertEq(ledger.batchCommit(provider, 1), _commit(root, 2 ether, 1), "second commit");
        (uint96 amount, uint32 batches, uint128 lifetime) = ledger.earned(provider);
        vm.assertEq(amount, 5 ether, "earned");
        vm.assertEq(batches, 2, "batches");
        vm.assertEq(lifetime, 5 ether, "lifetime");
    }

    function test_settle_thatIsNoNewsLeavesNoBatch() public {
        _settle(CLIENT_KEY, 3 ether);
        vm.assertEq(_settle(CLIENT_KEY, 3 ether), 0, "the same");
        vm.assertEq(_settle(CLIENT_KEY, 2 ether), 0, "an older one");
        (, uint32 batches,) = ledger.earned(provider);
        vm.assertEq(batches, 1, "batches");
        vm.assertEq(ledger.batchCommit(provider, 1), bytes32(0), "no commitment");
    }

    function test_settle_partlyLeavesTheRestClaimable() public {
        vm.assertEq(_settle(CLIENT_KEY, 12 ether), 10 ether, "all there is");
        vm.assertEq(_settle(CLIENT_KEY, 12 ether), 0, "nothing there");
        _deposit(client, 1 ether);
        vm.assertEq(_settle(CLIENT_KEY, 12 ether), 1 ether, "some more");
        _deposit(client, 5 ether);
        vm.assertEq(_settle(CLIENT_KEY, 12 ether), 1 ether, "the rest");
        vm.assertEq(_balance(client), 4 ether, "balance");
    }

    function test_settle_drawsTheGuaranteeFirst() public {
        _prefund(4 ether);
        _settle(CLIENT_KEY, 3 ether);
        vm.assertEq(_balance(client), 6 ether, "guarantee first");
        _settle(CLIENT_KEY, 5 ether);
        vm.assertEq(_balance(client), 5 ether, "then the balance");
        (uint96 settled, uint96 prefunded,) = _channel(provider, MODEL, client);
        vm.assertEq(settled, 5 ether, "settled");
        vm.assertEq(prefunded, 4 ether, "prefunded");
    }

    function test_settle_unitsNeverFall() public {
        _settle(CLIENT_KEY, 3 ether);
        bytes32 digest = _voucherDigest(client, provider, MODEL, 4 ether, 1, WORK);
        (bytes32 r, bytes32 vs) = _compact(CLIENT_KEY, digest);
        vm.prank(provider);
        ledger.settle(_groups(MODEL, ILedger.Item(client, 4 ether, 1, WORK, r, vs)));
        (,, uint64 units) = _channel(provider, MODEL, client);
        vm.assertEq(units, 3e9, "units");
    }

    function test_settle_keepsModelsApart() public {
        ILedger.Group[] memory groups = new ILedger.Group[](2);
        groups[0] = _groups(MODEL, _item(CLIENT_KEY, client, provider, MODEL, 1 ether))[0];
        groups[1] = _groups(OTHER_MODEL, _item(CLIENT_KEY, client, provider, OTHER_MODEL, 2 ether))[0];
        vm.expectEmit();
        emit ILedger.GroupSettled(provider, MODEL, 0, 0, _paid(client, 1 ether));
        vm.expectEmit();
        emit ILedger.GroupSettled(provider, OTHER_MODEL, 0, 0, _paid(client, 2 ether));
        vm.prank(provider);
        vm.assertEq(ledger.settle(groups), 3 ether, "paid");
        (uint96 first,,) = _channel(provider, MODEL, client);
        (uint96 second,,) = _channel(provider, OTHER_MODEL, client);
        vm.assertEq(first, 1 ether, "first");
        vm.assertEq(second, 2 ether, "second");
    }

    function test_settle_theSameClientTwiceInABatch() public {
        ILedger.Group[] memory groups = new ILedger.Group[](1);
        groups[0].modelId = MODEL;
        groups[0].items = new ILedger.Item[](3);
        groups[0].items[0] = _item(CLIENT_KEY, client, provider, MODEL, 1 ether);
        groups[0].items[1] = _item(CLIENT_KEY, client, provider, MODEL, 1 ether);
        groups[0].items[2] = _item(CLIENT_KEY, client, provider, MODEL, 4 ether);
        vm.prank(provider);
        vm.assertEq(ledger.settle(groups), 4 ether, "paid once each");
    }

    function test_settle_passesOverWhatCannotPay() public {
        ILedger.Group[] memory groups = new ILedger.Group[](1);
        groups[0].modelId = MODEL;
        groups[0].items = new ILedger.Item[](3);
        vm.prank(stranger);
        ledger.setSigner(vm.addr(SESSION_KEY));
        groups[0].items[0] = _item(SESSION_KEY, stranger, provider, MODEL, 1 ether); // an account without money
        groups[0].items[1] = _item(CLIENT_KEY, client, provider, MODEL, 2 ether);
        groups[0].items[2] = _item(OTHER_KEY, other, provider, MODEL, 3 ether);
        bytes32 root = Hashes.commutativeKeccak256(
            _leaf(client, MODEL, 0, 2 ether, 2e9), _leaf(other, MODEL, 0, 3 ether, 3e9)
        );
        vm.prank(provider);
        ledger.settle(groups);
        vm.assertEq(ledger.batchCommit(provider, 0), _commit(root, 5 ether, 2), "two of three");
        (uint96 settled,,) = _channel(provider, MODEL, stranger);
        vm.assertEq(settled, 0, "the third stays owed");
    }

    function test_settle_revertsIfEmptyOrTooMany() public {
        ILedger.Group[] memory groups = new ILedger.Group[](1);
        groups[0].modelId = MODEL;
        vm.expectRevert(abi.encodeWithSelector(ILedger.BatchSize.selector, 0, 256));
        ledger.settle(groups);
        vm.expectRevert(abi.encodeWithSelector(ILedger.BatchSize.selector, 0, 256));
        ledger.settle(new ILedger.Group[](0));
        groups[0].items = new ILedger.Item[](257);
        vm.expectRevert(abi.encodeWithSelector(ILedger.BatchSize.selector, 257, 256));
        ledger.settle(groups);
    }

    function test_settle_revertsOnABadSignatureAndSaysWhich() public {
        ILedger.Group[] memory groups = new ILedger.Group[](2);
        groups[0] = _groups(MODEL, _item(CLIENT_KEY, client, provider, MODEL, 1 ether))[0];
        groups[1].modelId = OTHER_MODEL;
        groups[1].items = new ILedger.Item[](2);
        groups[1].items[0] = _item(OTHER_KEY, other, provider, OTHER_MODEL, 1 ether);
        groups[1].items[1] = _item(STRANGER_KEY, client, provider, OTHER_MODEL, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(ILedger.BadVoucher.selector, 1, 1));
        vm.prank(provider);
        ledger.settle(groups);
    }

    function test_settleFor_withTheProvidersSignature() public {
        ILedger.Group[] memory groups = _groups(MODEL, _item(CLIENT_KEY, client, provider, MODEL, 1 ether));
        bytes memory signature = _settleSignature(PROVIDER_KEY, provider, groups, NEVER);
        vm.prank(stranger);
        vm.assertEq(ledger.settleFor(provider, groups, NEVER, signature), 1 ether, "paid");
        vm.assertEq(_earned(provider), 1 ether, "earned by the provider");
        vm.assertEq(_earned(stranger), 0, "not by the relayer");
        vm.assertEq(ledger.settleFor(provider, groups, NEVER, signature), 0, "again is no news");
    }

    function test_settleFor_byTheOperator() public {
        vm.prank(provider);
        ledger.setOperator(rival);
        ILedger.Group[] memory groups = _groups(MODEL, _item(CLIENT_KEY, client, provider, MODEL, 1 ether));
        vm.prank(rival);
        vm.assertEq(ledger.settleFor(provider, groups, 0, ""), 1 ether, "called by the operator");
        groups = _groups(MODEL, _item(CLIENT_KEY, client, provider, MODEL, 2 ether));
        bytes memory signature = _settleSignature(RIVAL_KEY, provider, groups, NEVER);
        vm.assertEq(ledger.settleFor(provider, groups, NEVER, signature), 1 ether, "signed by the operator");
    }

    function test_settleFor_revertsIfExpiredOrSignedByAnother() public {
        ILedger.Group[] memory groups = _groups(MODEL, _item(CLIENT_KEY, client, provider, MODEL, 1 ether));
        uint40 deadline = uint40(block.timestamp - 1);
        bytes memory signature = _settleSignature(PROVIDER_KEY, provider, groups, deadline);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Expired.selector, deadline, block.timestamp));
        ledger.settleFor(provider, groups, deadline, signature);
        signature = _settleSignature(STRANGER_KEY, provider, groups, NEVER);
        vm.expectRevert(abi.encodeWithSelector(ILedger.BadProviderSignature.selector, provider));
        ledger.settleFor(provider, groups, NEVER, signature);
        signature = _settleSignature(PROVIDER_KEY, provider, groups, NEVER);
        groups[0].items[0].units += 1;
        vm.expectRevert(abi.encodeWithSelector(ILedger.BadProviderSignature.selector, provider));
        ledger.settleFor(provider, groups, NEVER, signature);
    }

    function test_claim_paysTheProviderOrItsPayout() public {
        _settle(CLIENT_KEY, 3 ether);
        vm.expectEmit();
        emit ILedger.Claimed(provider, provider, 3 ether);
        vm.prank(stranger);
        ledger.claim(provider);
        vm.assertEq(token.balanceOf(provider), 3 ether, "unregistered: itself");

        _register(PROVIDER_KEY);
        vm.prank(provider);
        registry.setPayout(rival);
        _settle(CLIENT_KEY, 4 ether);
        ledger.claim(provider);
        vm.assertEq(token.balanceOf(rival), 1 ether, "its payout");
        (uint96 amount,, uint128 lifetime) = ledger.earned(provider);
        vm.assertEq(amount, 0, "claimed");
        vm.assertEq(lifetime, 4 ether, "lifetime");
    }

    function test_claim_revertsIfNothingEarned() public {
        vm.expectRevert(abi.encodeWithSelector(ILedger.NothingEarned.selector, provider));
        ledger.claim(provider);
    }

    /// @dev The tree is OpenZeppelin's: their verifier accepts every leaf with the siblings of that layout.
    function testFuzz_batchTree_provesEveryLeaf(uint256 seed, uint8 size) public pure {
        uint256 n = uint256(size) % 40 + 1;
        bytes32[] memory leaves = new bytes32[](2 * n - 1);
        for (uint256 i = 0; i < n; ++i) leaves[i] = keccak256(abi.encode(seed, i));
        bytes32[] memory tree = new bytes32[](2 * n - 1);
        for (uint256 i = 0; i < n; ++i) tree[2 * n - 2 - i] = leaves[i];
        for (uint256 i = n - 1; i > 0; --i) tree[i - 1] = Hashes.commutativeKeccak256(tree[2 * i - 1], tree[2 * i]);
        bytes32 root = BatchTree.root(leaves, n);
        vm.assertEq(root, tree[0], "root");
        for (uint256 i = 0; i < n; ++i) {
            bytes32[] memory proof = new bytes32[](64);
            uint256 length;
            for (uint256 at = 2 * n - 2 - i; at > 0; at = (at - 1) / 2) {
                proof[length++] = tree[at % 2 == 0 ? at - 1 : at + 1];
            }
            assembly ("memory-safe") {
                mstore(proof, length)
            }
            vm.assertTrue(MerkleProof.verify(proof, root, keccak256(abi.encode(seed, i))), "proof");
        }
    }
}
