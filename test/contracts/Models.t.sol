// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {IModels} from "../../contracts/interfaces/IModels.sol";
import {Market} from "./support/Market.sol";
import {vm} from "./support/Vm.sol";

contract ModelsTest is Market {
    bytes32 private constant MANIFEST = keccak256("manifest");

    function setUp() public {
        _deployToken();
    }

    function _terms(uint256 count, uint16 each) private pure returns (address[] memory payees, uint16[] memory bps) {
        payees = new address[](count);
        bps = new uint16[](count);
        for (uint256 i = 0; i < count; ++i) (payees[i], bps[i]) = (address(uint160(0x1000 + i)), each);
    }

    function test_register_revealsWhatTheIdCommitsTo() public {
        (address[] memory payees, uint16[] memory bps) = _terms(2, 500);
        bytes32 expected = keccak256(abi.encode(MANIFEST, payees, bps));
        vm.expectEmit();
        emit IModels.ModelRegistered(expected, MANIFEST, payees, bps);
        vm.prank(stranger); // anyone may
        vm.assertEq(models.register(MANIFEST, payees, bps), expected, "id");
        IModels.Model memory model = models.modelOf(expected);
        vm.assertEq(model.manifestHash, MANIFEST, "manifest");
        vm.assertEq(keccak256(abi.encode(model.payees, model.bps)), keccak256(abi.encode(payees, bps)), "terms");
        vm.assertEq(models.payeeOf(expected, 1), payees[1], "payee");
        (uint256 shares, uint256 gross) = ledger.royalties(expected);
        vm.assertEq(shares, 500 | (500 << 16), "shares");
        vm.assertEq(gross, 0, "gross");
    }

    function test_register_againChangesNothing() public {
        (address[] memory payees, uint16[] memory bps) = _terms(2, 500);
        bytes32 id = models.register(MANIFEST, payees, bps);
        bytes32 before = keccak256(abi.encode(models.modelOf(id)));
        vm.assertEq(models.register(MANIFEST, payees, bps), id, "the same id");
        vm.assertEq(keccak256(abi.encode(models.modelOf(id))), before, "the same terms");
    }

    function test_register_otherTermsAreAnotherModel() public {
        (address[] memory payees, uint16[] memory bps) = _terms(2, 500);
        bytes32 id = models.register(MANIFEST, payees, bps);
        bps[1] = 499;
        bytes32 other = models.register(MANIFEST, payees, bps);
        vm.assertTrue(other != id, "another id");
        vm.assertEq(models.modelOf(id).bps[1], 500, "the first stays");
    }

    function test_register_withoutPayees() public {
        (address[] memory payees, uint16[] memory bps) = _terms(0, 0);
        bytes32 id = models.register(MANIFEST, payees, bps);
        vm.assertEq(models.modelOf(id).manifestHash, MANIFEST, "revealed");
        (uint256 shares,) = ledger.royalties(id);
        vm.assertEq(shares, 0, "nobody has a part");
    }

    function test_register_takesSixteenPayeesAndThreeThousand() public {
        (address[] memory payees, uint16[] memory bps) = _terms(16, 187);
        bps[15] = 3_000 - 15 * 187;
        bytes32 id = models.register(MANIFEST, payees, bps);
        for (uint256 i = 0; i < 16; ++i) vm.assertEq(models.payeeOf(id, i), payees[i], "payee");
    }

    function test_register_reverts() public {
        (address[] memory payees, uint16[] memory bps) = _terms(2, 1_500);
        vm.expectRevert(abi.encodeWithSelector(IModels.ZeroManifest.selector));
        models.register(0, payees, bps);
        vm.expectRevert(abi.encodeWithSelector(IModels.LengthsDiffer.selector, 2, 1));
        models.register(MANIFEST, payees, new uint16[](1));
        bps[1] += 1;
        vm.expectRevert(abi.encodeWithSelector(IModels.RoyaltyTooHigh.selector, 3_001, 3_000));
        models.register(MANIFEST, payees, bps);
        bps[1] = 0;
        vm.expectRevert(abi.encodeWithSelector(IModels.BadPayee.selector, 1));
        models.register(MANIFEST, payees, bps);
        (bps[1], payees[0]) = (1, address(0));
        vm.expectRevert(abi.encodeWithSelector(IModels.BadPayee.selector, 0));
        models.register(MANIFEST, payees, bps);
        (payees, bps) = _terms(17, 1);
        vm.expectRevert(abi.encodeWithSelector(IModels.TooManyPayees.selector, 17, 16));
        models.register(MANIFEST, payees, bps);
    }

    function test_payeeOf_revertsIfThereIsNone() public {
        vm.expectRevert(abi.encodeWithSelector(IModels.NoSuchPayee.selector, MODEL, 0));
        models.payeeOf(MODEL, 0);
        (address[] memory payees, uint16[] memory bps) = _terms(2, 500);
        bytes32 id = models.register(MANIFEST, payees, bps);
        vm.expectRevert(abi.encodeWithSelector(IModels.NoSuchPayee.selector, id, 2));
        models.payeeOf(id, 2);
    }

    function test_setShares_onlyByTheModels() public {
        vm.expectRevert(abi.encodeWithSelector(ILedger.NotModels.selector, address(this)));
        ledger.setShares(MODEL, 1);
    }
}
