// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ICourt} from "../../contracts/interfaces/ICourt.sol";
import {HandOff, WorkReceipt} from "../../contracts/libraries/Receipts.sol";
import {Disputes} from "./support/Disputes.sol";
import {vm} from "./support/Vm.sol";

/// @notice Faults that two signatures prove by themselves: what counts as a proof, and what each costs.
contract CourtEvidenceTest is Disputes {
    function setUp() public {
        _deployDisputes(address(0));
        _register(PROVIDER_KEY);
    }

    function _signed(uint256 key, WorkReceipt memory receipt) private view returns (bytes memory) {
        return _signature(key, _receiptHash(receipt));
    }

    function _equivocation(uint256 keyA, WorkReceipt memory a, uint256 keyB, WorkReceipt memory b, bytes memory reason) private {
        bytes memory signatureA = _signed(keyA, a);
        bytes memory signatureB = _signed(keyB, b);
        if (reason.length != 0) vm.expectRevert(reason);
        vm.prank(stranger);
        disputes.slashEquivocation(a, signatureA, b, signatureB);
    }

    function _handOff() private view returns (HandOff memory) {
        return HandOff(keccak256("session"), 2, provider, 64, 1);
    }

    function _breach(uint256 handOffKey, HandOff memory handOff, uint256 key, WorkReceipt memory receipt, bytes memory reason)
        private
    {
        bytes32 typeHash = keccak256("HandOff(bytes32 sessionId,uint32 leg,address provider,uint64 to,uint64 seq)");
        bytes32 hash = _digest(address(ledger), keccak256(bytes.concat(typeHash, abi.encode(handOff))));
        bytes memory handOffSignature = _signature(handOffKey, hash);
        bytes memory signature = _signed(key, receipt);
        if (reason.length != 0) vm.expectRevert(reason);
        vm.prank(stranger);
        disputes.slashHandOffBreach(handOff, handOffSignature, receipt, signature);
    }

    function _stake() private view returns (uint96) {
        return registry.providerOf(provider).stake;
    }

    function _notBy(address signer) private view returns (bytes memory) {
        return abi.encodeWithSelector(ICourt.BadEvidence.selector, provider, signer);
    }

    // ---- two receipts for one place ----

    function test_equivocation_wantsTwoStatementsAboutOnePlace() public {
        bytes memory none = abi.encodePacked(ICourt.NoConflict.selector);
        WorkReceipt memory a = _receipt(provider, 0, 0);
        _equivocation(PROVIDER_KEY, a, PROVIDER_KEY, a, none);
        _equivocation(PROVIDER_KEY, a, PROVIDER_KEY, _receipt(provider, 1, 0), none);
        WorkReceipt memory b = _receipt(provider, 0, 1);
        b.leg = 3;
        _equivocation(PROVIDER_KEY, a, PROVIDER_KEY, b, none);
        (b.leg, b.sessionId) = (2, keccak256("another session"));
        _equivocation(PROVIDER_KEY, a, PROVIDER_KEY, b, none);
        _equivocation(PROVIDER_KEY, a, RIVAL_KEY, _receipt(rival, 0, 1), none);
        vm.assertEq(_stake(), STAKE, "untouched");
    }

    function test_equivocation_wantsBothSignatures() public {
        WorkReceipt memory a = _receipt(provider, 0, 0);
        WorkReceipt memory b = _receipt(provider, 0, 1);
        _equivocation(STRANGER_KEY, a, PROVIDER_KEY, b, _notBy(stranger));
        _equivocation(PROVIDER_KEY, a, STRANGER_KEY, b, _notBy(stranger));
        bytes memory signatureA = _signed(PROVIDER_KEY, a);
        vm.expectRevert(_notBy(address(0)));
        disputes.slashEquivocation(a, signatureA, b, hex"00");
        vm.assertEq(_stake(), STAKE, "untouched");
    }

    function test_equivocation_ofAKeyThatWasRevokedSince() public {
        bytes memory consent = _keySignature(SESSION_KEY, provider);
        vm.prank(provider);
        registry.addKey(vm.addr(SESSION_KEY), consent);
        vm.prank(provider);
        registry.revokeKey(vm.addr(SESSION_KEY));
        _equivocation(SESSION_KEY, _receipt(provider, 0, 0), PROVIDER_KEY, _receipt(provider, 0, 1), "");
        vm.assertEq(_stake(), STAKE / 2, "its owner's all the same");
    }

    function test_equivocation_costsOnceAPlace() public {
        WorkReceipt memory a = _receipt(provider, 0, 0);
        WorkReceipt memory b = _receipt(provider, 0, 1);
        bytes32 id = disputes.caseId(provider, keccak256("session"), 2, 0);
        vm.expectEmit();
        emit ICourt.Punished(id, provider, ICourt.Fault.Equivocation, 500 ether);
        _equivocation(PROVIDER_KEY, a, PROVIDER_KEY, b, "");
        bytes memory again = abi.encodeWithSelector(ICourt.AlreadyPunished.selector, id, ICourt.Fault.Equivocation);
        _equivocation(PROVIDER_KEY, b, PROVIDER_KEY, a, again);
        _equivocation(PROVIDER_KEY, a, PROVIDER_KEY, _receipt(provider, 0, 2), again);
        _equivocation(PROVIDER_KEY, _receipt(provider, 1, 0), PROVIDER_KEY, _receipt(provider, 1, 1), "");
        vm.assertEq(_stake(), 250 ether, "half, and half of what was left");
    }

    function test_equivocation_theDearerReceiptIsTheHarm() public {
        WorkReceipt memory a = _receipt(provider, 0, 0);
        WorkReceipt memory b = _receipt(provider, 0, 1);
        (a.amount, b.amount) = (3 ether, 1 ether);
        _equivocation(PROVIDER_KEY, a, PROVIDER_KEY, b, "");
        vm.assertEq(disputes.owed(client), 30 ether, "ten times 3");
    }

    function test_equivocation_ofTwoClientsHarmsNeitherForSure() public {
        WorkReceipt memory b = _receipt(provider, 0, 0);
        b.client = other;
        _equivocation(PROVIDER_KEY, _receipt(provider, 0, 0), PROVIDER_KEY, b, "");
        vm.assertEq(disputes.owed(client) + disputes.owed(other), 0, "no refund");
        vm.assertEq(disputes.owed(stranger), 75 ether, "the reporter's part");
        vm.assertEq(disputes.doomed(), 425 ether, "the rest");
    }

    // ---- work past a hand-off ----

    function test_breach_costsATenthAndTenTimesTheAmount() public {
        WorkReceipt memory receipt = _receipt(provider, 2, 0); // makes [64, 96)
        bytes32 id = disputes.caseId(provider, keccak256("session"), 2, 2);
        vm.expectEmit();
        emit ICourt.Punished(id, provider, ICourt.Fault.HandOffBreach, 120 ether);
        _breach(PROVIDER_KEY, _handOff(), PROVIDER_KEY, receipt, "");
        vm.assertEq(_stake(), 880 ether, "100 and 20");
        vm.assertEq(disputes.owed(stranger), 18 ether, "15 % for the reporter");
        vm.assertEq(disputes.owed(client), 20 ether, "ten times 2, which is less than 20 %");
        bytes memory again = abi.encodeWithSelector(ICourt.AlreadyPunished.selector, id, ICourt.Fault.HandOffBreach);
        _breach(PROVIDER_KEY, _handOff(), PROVIDER_KEY, receipt, again);
    }

    function test_breach_neverTakesMoreThanThereIs() public {
        WorkReceipt memory receipt = _receipt(provider, 2, 0);
        receipt.amount = 1_000 ether;
        _breach(PROVIDER_KEY, _handOff(), PROVIDER_KEY, receipt, "");
        vm.assertEq(_stake(), 0, "all of it");
        uint96 doomed = disputes.doomed();
        _equivocation(PROVIDER_KEY, receipt, PROVIDER_KEY, _receipt(provider, 2, 1), "");
        vm.assertEq(disputes.doomed(), doomed, "nothing of nothing");
    }

    /// @dev Confessing the small fault at a place does not buy off the grave one.
    function test_breach_leavesEquivocationPunishable() public {
        WorkReceipt memory receipt = _receipt(provider, 2, 0);
        _breach(PROVIDER_KEY, _handOff(), PROVIDER_KEY, receipt, "");
        _equivocation(PROVIDER_KEY, receipt, PROVIDER_KEY, _receipt(provider, 2, 1), "");
        vm.assertEq(_stake(), 440 ether, "half of 880");
    }

    function test_breach_wantsWorkPastThatHandOff() public {
        bytes memory none = abi.encodePacked(ICourt.NoConflict.selector);
        WorkReceipt memory receipt = _receipt(provider, 1, 0); // ends at 64, where it stopped
        _breach(PROVIDER_KEY, _handOff(), PROVIDER_KEY, receipt, none);
        receipt = _receipt(provider, 2, 0);
        receipt.leg = 3;
        _breach(PROVIDER_KEY, _handOff(), PROVIDER_KEY, receipt, none);
        (receipt.leg, receipt.sessionId) = (2, keccak256("another session"));
        _breach(PROVIDER_KEY, _handOff(), PROVIDER_KEY, receipt, none);
        _breach(PROVIDER_KEY, _handOff(), RIVAL_KEY, _receipt(rival, 2, 0), none);
        receipt = _receipt(provider, 2, 0);
        _breach(STRANGER_KEY, _handOff(), PROVIDER_KEY, receipt, _notBy(stranger));
        _breach(PROVIDER_KEY, _handOff(), STRANGER_KEY, receipt, _notBy(stranger));
        vm.assertEq(_stake(), STAKE, "untouched");
    }
}
