// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {IModels} from "../../contracts/interfaces/IModels.sol";
import {Currency, CurrencyLibrary} from "../../contracts/libraries/Currency.sol";
import {Shares} from "../../contracts/libraries/Shares.sol";
import {Market} from "./support/Market.sol";
import {Receiver} from "./support/Tokens.sol";
import {vm} from "./support/Vm.sol";

/// @notice Royalties: who gets which part of a settlement, to the wei, and how it leaves.
contract LedgerEarningsTest is Market {
    address private constant OWNER = address(0x0123);
    address private constant DATA = address(0xda7a);

    function setUp() public {
        _deployToken();
        _deposit(client, 100 ether);
        _deposit(other, 100 ether);
    }

    function _register(address owner, uint16 first, address data, uint16 second) private returns (bytes32) {
        address[] memory payees = new address[](2);
        uint16[] memory bps = new uint16[](2);
        (payees[0], payees[1], bps[0], bps[1]) = (owner, data, first, second);
        return models.register(keccak256("manifest"), payees, bps);
    }

    function _pay(bytes32 modelId, uint96 cumulative) private returns (uint256) {
        vm.prank(provider);
        return ledger.settle(_groups(modelId, _item(CLIENT_KEY, client, provider, modelId, cumulative)));
    }

    function test_settle_partsAddUpToTheWei() public {
        bytes32 id = _register(OWNER, 1_000, DATA, 333);
        uint256[] memory paid = new uint256[](1);
        paid[0] = (uint256(uint160(client)) << 96) | 1_001;
        vm.expectEmit();
        emit ILedger.GroupSettled(provider, id, 0, 100 + 33, paid);
        vm.assertEq(_pay(id, 1_001), 1_001, "what the client paid");
        vm.assertEq(_earned(provider), 1_001 - 133, "the provider, dust included");
        vm.assertEq(ledger.royaltyOf(id, 0), 100, "owner");
        vm.assertEq(ledger.royaltyOf(id, 1), 33, "data");
    }

    function test_settle_smallBatchesSaveNoRoyalty() public {
        bytes32 id = _register(OWNER, 1_000, DATA, 333);
        for (uint96 i = 1; i <= 30; ++i) _pay(id, i); // a wei each: a tenth of it would round to nothing
        vm.assertEq(ledger.royaltyOf(id, 0), 3, "owner");
        vm.assertEq(ledger.royaltyOf(id, 1), 0, "data");
        vm.assertEq(_earned(provider), 27, "provider");
    }

    /// @dev Found by a run of 500 calls: the floors of all payees rose by a wei each, the payment was one, and the batch was refused.
    function test_settle_fewerWeiThanFloorsRiseCountForNobody() public {
        address[] memory payees = new address[](3);
        uint16[] memory bps = new uint16[](3);
        (payees[0], payees[1], payees[2]) = (OWNER, DATA, address(0x3));
        (bps[0], bps[1], bps[2]) = (1_000, 333, 1);
        bytes32 id = models.register(keccak256("manifest"), payees, bps);
        _pay(id, 9_999);
        vm.assertEq(_pay(id, 10_000), 1, "settled");
        (, uint256 gross) = ledger.royalties(id);
        vm.assertEq(gross, 9_999, "not counted");
        vm.assertEq(_earned(provider), 9_999 - 999 - 332 + 1, "all of it is the provider's");
        _pay(id, 10_003);
        vm.assertEq(_earned(provider), 9_999 - 999 - 332 + 1 + 3 - 3, "the next ones pay what is due");
        vm.assertEq(ledger.royaltyOf(id, 2), 1, "to the least of them");
    }

    function test_settle_anUnregisteredModelPaysNoRoyalty() public {
        _pay(MODEL, 5 ether);
        vm.assertEq(_earned(provider), 5 ether, "all of it");
        (, uint256 gross) = ledger.royalties(MODEL);
        vm.assertEq(gross, 0, "nothing counted");
    }

    function test_settle_registeringCountsFromThenOn() public {
        address[] memory payees = new address[](1);
        uint16[] memory bps = new uint16[](1);
        (payees[0], bps[0]) = (OWNER, 3_000);
        bytes32 id = keccak256(abi.encode(keccak256("manifest"), payees, bps));
        _pay(id, 10 ether);
        models.register(keccak256("manifest"), payees, bps);
        _pay(id, 20 ether);
        vm.assertEq(ledger.royaltyOf(id, 0), 3 ether, "of the second ten");
        vm.assertEq(_earned(provider), 17 ether, "provider");
    }

    function test_settle_modelsOfOneBatchPayTheirOwnPayees() public {
        bytes32 first = _register(OWNER, 1_000, DATA, 1_000);
        bytes32 second = _register(DATA, 500, OWNER, 1);
        ILedger.Group[] memory groups = new ILedger.Group[](3);
        groups[0] = _groups(first, _item(CLIENT_KEY, client, provider, first, 1 ether))[0];
        groups[1] = _groups(second, _item(CLIENT_KEY, client, provider, second, 2 ether))[0];
        groups[2] = _groups(first, _item(OTHER_KEY, other, provider, first, 4 ether))[0]; // the same model again
        vm.prank(provider);
        vm.assertEq(ledger.settle(groups), 7 ether, "paid");
        vm.assertEq(ledger.royaltyOf(first, 0), 0.5 ether, "first, owner");
        vm.assertEq(ledger.royaltyOf(first, 1), 0.5 ether, "first, data");
        vm.assertEq(ledger.royaltyOf(second, 0), 0.1 ether, "second, data");
        vm.assertEq(ledger.royaltyOf(second, 1), 0.0002 ether, "second, owner");
        vm.assertEq(_earned(provider), 7 ether - 1.1002 ether, "provider");
    }

    function test_claimRoyalty_paysThePayeeAndNobodyElse() public {
        bytes32 id = _register(OWNER, 1_000, DATA, 500);
        _pay(id, 10 ether);
        vm.expectEmit();
        emit ILedger.RoyaltyClaimed(id, 0, OWNER, 1 ether);
        vm.prank(stranger);
        ledger.claimRoyalty(id, 0);
        vm.assertEq(token.balanceOf(OWNER), 1 ether, "owner");
        vm.expectRevert(abi.encodeWithSelector(ILedger.NoRoyalty.selector, id, 0));
        ledger.claimRoyalty(id, 0);
        _pay(id, 30 ether);
        ledger.claimRoyalty(id, 0);
        vm.assertEq(token.balanceOf(OWNER), 3 ether, "the difference");
        vm.assertEq(ledger.royaltyOf(id, 0), 3 ether, "lifetime");
        vm.assertEq(ledger.royaltyClaimed(id, 0), 3 ether, "claimed");
        ledger.claimRoyalty(id, 1);
        vm.assertEq(token.balanceOf(DATA), 1.5 ether, "data");
        ledger.claim(provider);
        vm.assertEq(token.balanceOf(address(ledger)), 170 ether, "the rest is the clients'");
    }

    function test_claimRoyalty_revertsIfThereIsNoPayee() public {
        vm.expectRevert(abi.encodeWithSelector(IModels.NoSuchPayee.selector, MODEL, 0));
        ledger.claimRoyalty(MODEL, 0);
        bytes32 id = _register(OWNER, 1_000, DATA, 500);
        vm.expectRevert(abi.encodeWithSelector(ILedger.NoRoyalty.selector, id, 0));
        ledger.claimRoyalty(id, 0);
        vm.expectRevert(abi.encodeWithSelector(IModels.NoSuchPayee.selector, id, 16));
        ledger.claimRoyalty(id, 16);
        vm.assertEq(ledger.royaltyOf(id, 16), 0, "nobody there");
        vm.assertEq(ledger.royaltyOf(id, type(uint256).max), 0, "nor there");
    }

    function test_claimRoyalty_aPayeeThatRefusesStopsNobody() public {
        _deploy(Currency.wrap(address(0)));
        vm.deal(address(this), 100 ether);
        ledger.deposit{value: 100 ether}(client, 100 ether);
        Receiver receiver = new Receiver();
        receiver.set(Receiver.Mood.refuses, ledger, provider);
        bytes32 id = _register(address(receiver), 1_000, DATA, 500);
        _pay(id, 10 ether);
        vm.expectRevert(abi.encodeWithSelector(CurrencyLibrary.PaymentRefused.selector, address(receiver), 1 ether));
        ledger.claimRoyalty(id, 0);
        ledger.claimRoyalty(id, 1);
        vm.assertEq(DATA.balance, 0.5 ether, "the other payee");
        ledger.claim(provider);
        vm.assertEq(provider.balance, 8.5 ether, "the provider");
        receiver.watch(abi.encodeCall(ledger.claimRoyalty, (id, 0)));
        ledger.claimRoyalty(id, 0);
        vm.assertFalse(receiver.reentered(), "reentered");
        vm.assertEq(address(receiver).balance, 1 ether, "once it takes it, once");
    }

    /// @dev Against the sum written plainly: floors of the model's total, in whatever pieces it came.
    function testFuzz_shares_growthIsTheDifferenceOfFloors(uint96[6] calldata amounts, uint16[16] calldata parts, uint8 count)
        public
        pure
    {
        uint256 shares;
        uint256 n = uint256(count) % 17;
        uint256[16] memory bps;
        for (uint256 i = 0; i < n; ++i) {
            bps[i] = 1 + uint256(parts[i]) % 187;
            shares |= bps[i] << (16 * i);
        }
        uint256 gross;
        uint256 credited;
        for (uint256 a = 0; a < 6; ++a) {
            uint256 part = Shares.growth(shares, gross, gross + amounts[a]);
            vm.assertTrue(part <= amounts[a], "never more than was paid");
            credited += part;
            gross += amounts[a];
        }
        uint256 earned;
        for (uint256 i = 0; i < 16; ++i) {
            vm.assertEq(Shares.earned(shares, i, gross), gross * bps[i] / 10_000, "a payee's floor");
            earned += gross * bps[i] / 10_000;
        }
        vm.assertEq(credited, earned, "in sum");
    }
}
