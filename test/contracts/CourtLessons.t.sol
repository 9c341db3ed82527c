// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ICourt} from "../../contracts/interfaces/ICourt.sol";
import {Verdict} from "../../contracts/interfaces/IVerdict.sol";
import {WorkReceipt} from "../../contracts/libraries/Receipts.sol";
import {AnyVerdict, Disputes} from "./support/Disputes.sol";
import {vm} from "./support/Vm.sol";

/// @notice The lessons of disputes elsewhere; docs/spec/money.md, "Lessons", has the letters.
contract CourtLessonsTest is Disputes {
    address private constant STEWARD = address(0x57e4);

    function setUp() public {
        _deployDisputes(STEWARD);
        _register(PROVIDER_KEY);
        _register(RIVAL_KEY);
    }

    function _equivocate(address reporter, WorkReceipt memory a, WorkReceipt memory b) private {
        bytes memory signatureA = _signature(PROVIDER_KEY, _receiptHash(a));
        bytes memory signatureB = _signature(PROVIDER_KEY, _receiptHash(b));
        vm.prank(reporter);
        disputes.slashEquivocation(a, signatureA, b, signatureB);
    }

    function _open(ICourt.Challenge memory challenge) private returns (bytes32) {
        vm.prank(client);
        return disputes.open(challenge);
    }

    function _answer(bytes32 id) private {
        address account = disputes.caseOf(id).provider;
        vm.prank(account);
        disputes.respond(id, keccak256("answer"));
    }

    function _stakeOf(address account) private view returns (uint96) {
        return registry.providerOf(account).stake;
    }

    function test_F3_slashingOneselfCostsMoreThanItFrees() public {
        WorkReceipt memory a = _receipt(provider, 0, 0);
        WorkReceipt memory b = _receipt(provider, 0, 1);
        (a.client, b.client) = (stranger, stranger); // its own second account reports, and is the client too
        (a.amount, b.amount) = (type(uint96).max, type(uint96).max);
        _equivocate(stranger, a, b);
        uint256 taken = STAKE - _stakeOf(provider);
        vm.assertEq(taken, STAKE / 2, "half the stake");
        vm.assertTrue(disputes.owed(stranger) < taken / 2, "less than half of it comes back");
        vm.assertTrue(disputes.doomed() > taken / 2, "the larger part is burned");
    }

    function test_F4_aCaseKeepsTheTermsOfItsDay() public {
        bytes32 id = _open(_settleOne(provider, 0));
        ICourt.Case memory before = disputes.caseOf(id);
        AnyVerdict next = new AnyVerdict(address(disputes));
        vm.prank(STEWARD);
        disputes.proposeVerdict(address(next));
        _answer(id);
        vm.warp(_now() + 21 days);
        disputes.adoptVerdict();
        ICourt.Case memory entry = disputes.caseOf(id);
        vm.assertEq(entry.verdict, address(judge), "its judge");
        vm.assertEq(entry.respondBy, before.respondBy, "its answer's time");
        vm.assertEq(entry.verdictBy, before.verdictBy, "its verdict's time");
        next.say(Verdict.Upheld, new address[](0));
        disputes.resolve(id);
        vm.assertTrue(disputes.caseOf(id).state == ICourt.State.Undecided, "the new judge has no say in it");
        vm.assertEq(_stakeOf(provider), STAKE, "nothing slashed");
    }

    function test_F5_aCaseIsNamedByWhatItIsAbout() public {
        ICourt.Challenge memory challenge = _settleOne(provider, 7);
        bytes32 id = keccak256(abi.encode(provider, keccak256("session"), uint32(2), uint64(7)));
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotClient.selector, stranger, client));
        vm.prank(stranger); // nobody takes its place first
        disputes.open(challenge);
        vm.assertEq(_open(challenge), id, "the content's name");
        vm.expectRevert(abi.encodeWithSelector(ICourt.CaseExists.selector, id));
        _open(challenge);
        // The same place of another provider, and another place, are other cases.
        vm.assertTrue(_open(_settleOne(rival, 7)) != id, "another provider");
        vm.assertTrue(_open(_settleOne(provider, 8)) != id, "another place");
    }

    function test_F6_noCaseIsFree() public {
        ICourt.Challenge memory challenge = _settleOne(provider, 0);
        vm.prank(client);
        token.approve(court, BOND - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, court, BOND - 1, BOND)
        );
        _open(challenge);
        vm.prank(client);
        token.approve(court, BOND);
        bytes32 id = _open(challenge);
        _answer(id);
        judge.say(Verdict.Rejected, new address[](0));
        disputes.resolve(id);
        vm.assertEq(disputes.owed(client), 0, "a lost bond does not come back");
    }

    function test_F6_eachCaseIsJudgedAlone() public {
        bytes32 first = _open(_settleOne(provider, 0));
        bytes32 second = _open(_settleOne(provider, 1));
        bytes32 other = _open(_settleOne(rival, 0));
        _answer(first);
        _answer(second);
        _answer(other);
        judge.say(Verdict.Rejected, new address[](0));
        disputes.resolve(first);
        vm.assertEq(_stakeOf(provider), STAKE, "right once");
        judge.say(Verdict.Upheld, new address[](0));
        disputes.resolve(second);
        disputes.resolve(other);
        vm.assertEq(_stakeOf(provider), STAKE - STAKE / 4, "and wrong once");
        vm.assertEq(_stakeOf(rival), STAKE - STAKE / 4, "both sides may be wrong");
    }

    function test_F7_whatIsClosedStaysClosed() public {
        bytes32[4] memory ids;
        ICourt.Challenge[4] memory challenges;
        for (uint64 i = 0; i < 4; ++i) {
            challenges[i] = _settleOne(provider, i);
            ids[i] = _open(challenges[i]);
            if (i != 3) _answer(ids[i]);
        }
        judge.say(Verdict.Upheld, new address[](0));
        disputes.resolve(ids[0]);
        judge.say(Verdict.Rejected, new address[](0));
        disputes.resolve(ids[1]);
        vm.warp(disputes.caseOf(ids[2]).verdictBy + 1 days + 1);
        disputes.timeOut(ids[2]); // undecided
        disputes.timeOut(ids[3]); // silent
        uint96 stake = _stakeOf(provider);
        for (uint256 i = 0; i < 4; ++i) _absorbs(ids[i], challenges[i]);
        vm.assertEq(_stakeOf(provider), stake, "nothing more is taken");
    }

    function _absorbs(bytes32 id, ICourt.Challenge memory challenge) private {
        ICourt.State state = disputes.caseOf(id).state;
        bytes memory closed = abi.encodeWithSelector(ICourt.WrongState.selector, id, state);
        vm.expectRevert(closed);
        vm.prank(provider);
        disputes.respond(id, keccak256("late"));
        vm.expectRevert(closed);
        disputes.resolve(id);
        vm.expectRevert(closed);
        disputes.timeOut(id);
        vm.expectRevert(abi.encodeWithSelector(ICourt.CaseExists.selector, id));
        _open(challenge);
        vm.assertTrue(disputes.caseOf(id).state == state, "absorbing");
    }
}
