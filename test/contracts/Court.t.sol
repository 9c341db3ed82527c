// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ICourt} from "../../contracts/interfaces/ICourt.sol";
import {Verdict} from "../../contracts/interfaces/IVerdict.sol";
import {CurrencyLibrary} from "../../contracts/libraries/Currency.sol";
import {WorkReceipt} from "../../contracts/libraries/Receipts.sol";
import {CourtWork} from "./support/CourtWork.sol";
import {vm} from "./support/Vm.sol";

/// @notice Challenges from the opening to the last wei: the judge says what each test needs.
contract CourtTest is CourtWork {
    bytes32 private constant SESSION = keccak256("session");
    bytes private constant NOT_IN_WORK = abi.encodePacked(ICourt.NotInWork.selector);
    address private constant DEAD = 0x000000000000000000000000000000000000dEaD;
    address private constant VOTER = address(0x701);
    address private constant VOTER2 = address(0x702);

    function setUp() public {
        _deployDisputes(address(0));
        _register(PROVIDER_KEY);
    }

    function _says(Verdict verdict, uint256 voters) private {
        address[] memory agreed = new address[](voters);
        for (uint256 i = 0; i < voters; ++i) agreed[i] = i == 0 ? VOTER : VOTER2;
        judge.say(verdict, agreed);
    }

    function _open(ICourt.Challenge memory challenge) private returns (bytes32) {
        vm.prank(client);
        return disputes.open(challenge);
    }

    function _refusedOpen(ICourt.Challenge memory challenge, bytes memory reason) private {
        vm.expectRevert(reason);
        _open(challenge);
    }

    function _opened() private returns (bytes32) {
        return _open(_settleOne(provider, 0));
    }

    function _answered() private returns (bytes32 id) {
        id = _opened();
        vm.prank(provider);
        disputes.respond(id, keccak256("answer"));
    }

    function _stakeOf(address account) private view returns (uint96) {
        return registry.providerOf(account).stake;
    }

    function _openCases(address account) private view returns (uint32) {
        return registry.providerOf(account).standing.openCases;
    }

    /// @dev What the court holds is what it owes, dooms, or keeps as bonds of open cases.
    function _isBalanced(uint256 openBonds) private view {
        address[4] memory people = [client, provider, VOTER, VOTER2];
        uint256 sum = disputes.doomed() + openBonds;
        for (uint256 i = 0; i < people.length; ++i) sum += disputes.owed(people[i]);
        vm.assertEq(token.balanceOf(address(disputes)), sum, "held is owed");
    }

    // ---- open ----

    function test_open_holdsTheStakeAndTheBondAndCopiesItsTerms() public {
        ICourt.Challenge memory challenge = _settleOne(provider, 0);
        bytes32 id = keccak256(abi.encode(provider, SESSION, uint32(2), uint64(0)));
        uint40 respondBy = uint40(_now() + 1 days);
        vm.expectEmit();
        emit ICourt.CaseOpened(
            id, provider, client, _receiptHash(challenge.receipt), 0, address(judge), respondBy, respondBy + 3 days
        );
        vm.assertEq(_open(challenge), id, "id");
        vm.assertEq(disputes.caseId(provider, SESSION, 2, 0), id, "caseId");
        ICourt.Case memory entry = disputes.caseOf(id);
        vm.assertEq(entry.provider, provider, "provider");
        vm.assertEq(entry.client, client, "client");
        vm.assertEq(entry.verdict, address(judge), "judge");
        vm.assertEq(entry.amount, 2 ether, "amount");
        vm.assertEq(entry.openedBlock, vm.getBlockNumber(), "block");
        vm.assertEq(entry.respondBy, respondBy, "respondBy");
        vm.assertEq(entry.verdictBy, respondBy + 3 days, "verdictBy");
        vm.assertTrue(entry.state == ICourt.State.Open, "state");
        vm.assertEq(_openCases(provider), 1, "held");
        _isBalanced(BOND);
    }

    function test_open_findsAnyReceiptOfATree() public {
        ICourt.Challenge memory challenge = _settleWork(_work(5), 3);
        vm.assertEq(_open(challenge), disputes.caseId(provider, SESSION, 2, 3), "the fourth");
        // A second voucher of the channel: the next leaf starts where the last one ended.
        challenge = _settleOne(provider, 9);
        vm.assertEq(challenge.from, 10 ether, "from");
        _open(challenge);
        vm.assertEq(_openCases(provider), 2, "held twice");
    }

    function test_open_wantsTheBatchAsItWasPaid() public {
        ICourt.Challenge memory challenge = _settleWork(_work(1), 0);
        challenge.batch = 1;
        _refusedOpen(challenge, abi.encodeWithSelector(ICourt.WrongBatchHeader.selector, 1));
        challenge.batch = 0;
        challenge.header.total += 1;
        _refusedOpen(challenge, abi.encodeWithSelector(ICourt.WrongBatchHeader.selector, 0));
        challenge.header.total -= 1;

        bytes memory notInBatch = abi.encodeWithSelector(ICourt.NotInBatch.selector);
        challenge.units += 1;
        _refusedOpen(challenge, notInBatch);
        challenge.units -= 1;
        challenge.to += 1;
        _refusedOpen(challenge, notInBatch);
        challenge.to -= 1;
        bytes32 neighbour = challenge.batchProof[0];
        challenge.batchProof[0] = 0;
        _refusedOpen(challenge, notInBatch);
        challenge.batchProof[0] = neighbour;
        _open(challenge);
    }

    function test_open_wantsTheReceiptAtItsPlaceInTheWork() public {
        ICourt.Challenge memory challenge = _settleWork(_work(2), 1); // stands at 4 ether of (0, 4]
        challenge.index = 0;
        _refusedOpen(challenge, NOT_IN_WORK);
        challenge.index = 1;
        bytes32 sibling = challenge.workProof[31];
        challenge.workProof[31] = challenge.workProof[30];
        _refusedOpen(challenge, NOT_IN_WORK);
        challenge.workProof[31] = sibling;
        challenge.cumAfter = 3 ether;
        _refusedOpen(challenge, NOT_IN_WORK);
        challenge.cumAfter = 4 ether;
        bytes32 output = challenge.receipt.outputHash;
        challenge.receipt.outputHash = 0;
        _refusedOpen(challenge, NOT_IN_WORK);
        challenge.receipt.outputHash = output;
        _open(challenge);
    }

    /// @dev A tree whose first receipt claims a place that an earlier batch paid.
    function test_open_refusesWhatAnotherBatchPaid() public {
        _settleOne(provider, 0); // pays (0, 2]
        WorkReceipt[] memory receipts = _work(2);
        receipts[0].amount = 0; // stands at 2 ether
        _refusedOpen(_settleWork(receipts, 0), NOT_IN_WORK);
        _open(_settleWork(_work(2), 0));
    }

    /// @dev The batch holds the voucher's root with what was paid of it; the receipt's own place lies beyond.
    function test_open_refusesWhatTheEscrowDidNotCover() public {
        WorkReceipt[] memory receipts = _work(2);
        receipts[1].amount = 2_000_000 ether;
        ICourt.Challenge memory challenge = _settleWork(receipts, 1);
        (challenge.to,,) = _channel(provider, MODEL, client);
        vm.assertEq(challenge.to, 1_000_000 ether, "all there was");
        _refusedOpen(challenge, NOT_IN_WORK);
    }

    function test_open_wantsWorkThatCanBeDoneAgain() public {
        WorkReceipt[] memory receipts = _work(1);
        receipts[0].to = receipts[0].from; // says that it ended, and nothing else
        _refusedOpen(_settleWork(receipts, 0), abi.encodeWithSelector(ICourt.NothingToJudge.selector));
    }

    function test_open_refusesOldEvidence() public {
        ICourt.Challenge memory challenge = _settleOne(provider, 0);
        uint256 postedAt = challenge.header.postedAt;
        vm.warp(postedAt + EVIDENCE);
        _refusedOpen(challenge, abi.encodeWithSelector(ICourt.EvidenceTooOld.selector, postedAt, EVIDENCE));
        vm.warp(postedAt + EVIDENCE - 1);
        _open(challenge);
    }

    function test_open_takesNoCoinsBesideTheBond() public {
        ICourt.Challenge memory challenge = _settleOne(provider, 0);
        vm.deal(client, 1);
        vm.expectRevert(abi.encodeWithSelector(CurrencyLibrary.InexactTransfer.selector, 1, 0));
        vm.prank(client);
        disputes.open{value: 1}(challenge);
    }

    // ---- respond ----

    function test_respond_byTheProviderOrAKeyOfIt() public {
        bytes32 id = _opened();
        address key = vm.addr(SESSION_KEY);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotProvider.selector, key, provider));
        vm.prank(key);
        disputes.respond(id, keccak256("answer"));
        bytes memory consent = _keySignature(SESSION_KEY, provider);
        vm.prank(provider);
        registry.addKey(key, consent);
        vm.warp(_now() + 1 days); // the last second
        vm.expectEmit();
        emit ICourt.CaseAnswered(id, keccak256("answer"));
        vm.prank(key);
        disputes.respond(id, keccak256("answer"));
        vm.assertTrue(disputes.caseOf(id).state == ICourt.State.Answered, "answered");
        vm.assertEq(disputes.caseOf(id).answerHash, keccak256("answer"), "hash");
    }

    function test_respond_reverts() public {
        bytes32 id = disputes.caseId(provider, SESSION, 2, 0);
        vm.expectRevert(abi.encodeWithSelector(ICourt.WrongState.selector, id, ICourt.State.None));
        vm.prank(provider);
        disputes.respond(id, keccak256("answer"));
        _opened();
        vm.expectRevert(abi.encodeWithSelector(ICourt.ZeroAnswer.selector));
        vm.prank(provider);
        disputes.respond(id, 0);
        uint256 respondBy = disputes.caseOf(id).respondBy;
        vm.warp(respondBy + 1);
        vm.expectRevert(abi.encodeWithSelector(ICourt.TooLate.selector, respondBy, respondBy + 1));
        vm.prank(provider);
        disputes.respond(id, keccak256("answer"));
    }

    // ---- verdicts ----

    function test_resolve_upheldSplitsToTheWei() public {
        bytes32 id = _answered();
        _says(Verdict.Upheld, 2);
        vm.expectEmit();
        emit ICourt.CaseClosed(id, ICourt.State.Upheld);
        vm.expectEmit();
        emit ICourt.Punished(id, provider, ICourt.Fault.WrongWork, 250 ether);
        disputes.resolve(id);
        vm.assertEq(_stakeOf(provider), 750 ether, "a quarter");
        // 15 % as reporter, 20 % as the one harmed but at most ten times 2 ether, and the bond.
        vm.assertEq(disputes.owed(client), 37.5 ether + 20 ether + BOND, "client");
        vm.assertEq(disputes.owed(VOTER), 12.5 ether, "a third of 15 %");
        vm.assertEq(disputes.owed(VOTER2), 12.5 ether, "a third of 15 %");
        vm.assertEq(disputes.doomed(), 250 ether - 37.5 ether - 20 ether - 25 ether, "the rest");
        vm.assertEq(_openCases(provider), 0, "released");
        vm.assertTrue(!registry.isActive(provider), "jailed");
        _isBalanced(0);
    }

    function test_resolve_rejectedSplitsTheBond() public {
        bytes32 id = _answered();
        _says(Verdict.Rejected, 1);
        disputes.resolve(id);
        vm.assertTrue(disputes.caseOf(id).state == ICourt.State.Rejected, "state");
        vm.assertEq(_stakeOf(provider), STAKE, "nothing slashed");
        vm.assertEq(disputes.owed(provider), 3 ether, "30 %");
        vm.assertEq(disputes.owed(VOTER), uint256(4 ether) / 3, "a third of 40 %");
        vm.assertEq(disputes.owed(client), 0, "client");
        vm.assertEq(disputes.doomed(), uint256(10 ether) - 3 ether - uint256(4 ether) / 3, "the rest");
        _isBalanced(0);
    }

    function test_resolve_undecidedOnlyAfterTheWindow() public {
        bytes32 id = _answered();
        _says(Verdict.None, 0);
        uint256 verdictBy = disputes.caseOf(id).verdictBy;
        vm.warp(verdictBy);
        vm.expectRevert(abi.encodeWithSelector(ICourt.TooEarly.selector, verdictBy + 1, verdictBy));
        disputes.resolve(id);
        vm.warp(verdictBy + 1);
        disputes.resolve(id);
        vm.assertTrue(disputes.caseOf(id).state == ICourt.State.Undecided, "state");
        vm.assertEq(disputes.owed(provider), 3 ether, "its trouble");
        vm.assertEq(disputes.owed(client), 7 ether, "the rest");
        vm.assertEq(_stakeOf(provider), STAKE, "nothing slashed");
        vm.assertEq(_openCases(provider), 0, "released");
        _isBalanced(0);
    }

    function test_resolve_revertsUnlessAnswered() public {
        bytes32 id = _opened();
        _says(Verdict.Upheld, 2);
        vm.expectRevert(abi.encodeWithSelector(ICourt.WrongState.selector, id, ICourt.State.Open));
        disputes.resolve(id);
    }

    // ---- time ----

    function test_timeOut_silenceCostsStake() public {
        bytes32 id = _opened();
        uint256 respondBy = disputes.caseOf(id).respondBy;
        vm.warp(respondBy);
        vm.expectRevert(abi.encodeWithSelector(ICourt.TooEarly.selector, respondBy + 1, respondBy));
        disputes.timeOut(id);
        vm.warp(respondBy + 1);
        vm.expectEmit();
        emit ICourt.Punished(id, provider, ICourt.Fault.Silence, 70 ether);
        vm.prank(stranger);
        disputes.timeOut(id);
        vm.assertTrue(disputes.caseOf(id).state == ICourt.State.TimedOut, "state");
        vm.assertEq(_stakeOf(provider), 930 ether, "5 % and ten times 2 ether");
        vm.assertEq(disputes.owed(client), 10.5 ether + 14 ether + BOND, "15 %, 20 %, the bond");
        vm.assertEq(disputes.doomed(), 45.5 ether, "the rest");
        _isBalanced(0);
    }

    function test_timeOut_aMuteJudgeDoesNotHoldTheStake() public {
        bytes32 id = _answered();
        judge.fallSilent();
        uint256 until = uint256(disputes.caseOf(id).verdictBy) + 1 days;
        vm.warp(until);
        vm.expectRevert("mute");
        disputes.resolve(id);
        vm.expectRevert(abi.encodeWithSelector(ICourt.TooEarly.selector, until + 1, until));
        disputes.timeOut(id);
        vm.warp(until + 1);
        disputes.timeOut(id);
        vm.assertTrue(disputes.caseOf(id).state == ICourt.State.Undecided, "state");
        vm.assertEq(_openCases(provider), 0, "released");
        _isBalanced(0);
    }

    // ---- money out ----

    function test_withdraw_paysToThePayoutAddress() public {
        bytes32 id = _answered();
        _says(Verdict.Rejected, 2);
        disputes.resolve(id);
        vm.prank(provider);
        registry.setPayout(rival);
        vm.expectEmit();
        emit ICourt.Withdrawn(provider, rival, 3 ether);
        vm.prank(stranger);
        disputes.withdraw(provider);
        vm.assertEq(token.balanceOf(rival), 3 ether, "payout");
        vm.expectRevert(abi.encodeWithSelector(ICourt.NothingOwed.selector, provider));
        disputes.withdraw(provider);
        disputes.withdraw(VOTER);
        vm.assertEq(token.balanceOf(VOTER), uint256(4 ether) / 3, "no provider: to itself");
    }

    function test_burn_destroysTheTokens() public {
        vm.expectRevert(abi.encodeWithSelector(ICourt.NothingOwed.selector, DEAD));
        disputes.burn();
        bytes32 id = _answered();
        _says(Verdict.Upheld, 0);
        disputes.resolve(id);
        uint96 doomed = disputes.doomed();
        uint256 supply = token.totalSupply();
        vm.expectEmit();
        emit ICourt.Burned(doomed);
        disputes.burn();
        vm.assertEq(token.totalSupply(), supply - doomed, "supply");
        vm.assertEq(disputes.doomed(), 0, "done");
    }
}
