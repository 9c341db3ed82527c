// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Committee} from "../../contracts/Committee.sol";
import {ICommittee} from "../../contracts/interfaces/ICommittee.sol";
import {ICourt} from "../../contracts/interfaces/ICourt.sol";
import {Verdict} from "../../contracts/interfaces/IVerdict.sol";
import {Disputes} from "./support/Disputes.sol";
import {vm} from "./support/Vm.sol";

/// @notice Auditors: their stake, the lottery that seats them, and their votes.
contract CommitteeTest is Disputes {
    uint96 private constant TICKET = 100 ether;
    bytes32 private constant SALT = keccak256("salt");

    Committee private committee;
    bytes32 private id;

    /// @dev Four auditors with five tickets each, and a case opened a block later.
    function setUp() public {
        vm.roll(1_000);
        _deployDisputes(address(0));
        _register(PROVIDER_KEY);
        for (uint256 i = 0; i < 4; ++i) _stake(_auditor(i), 5 * TICKET);
        vm.roll(1_001);
        id = _openCase(0);
    }

    function _newJudge() internal override returns (address) {
        committee = new Committee(registry, 3, 2, TICKET);
        return address(committee);
    }

    function _openCase(uint64 seq) private returns (bytes32) {
        ICourt.Challenge memory challenge = _settleOne(provider, seq);
        vm.prank(client);
        return disputes.open(challenge);
    }

    function _auditor(uint256 i) private pure returns (address) {
        return address(uint160(0xaad1000 + i));
    }

    function _stake(address account, uint96 amount) private {
        token.transfer(account, amount);
        vm.prank(account);
        token.approve(address(committee), amount);
        vm.prank(account);
        committee.stake(amount);
    }

    function _draw() private returns (bytes32) {
        vm.roll(1_006);
        vm.setBlockhash(1_005, keccak256("the block that decides"));
        return committee.draw(id);
    }

    /// @dev Seats auditors 0 to 2.
    function _seat() private {
        _draw();
        for (uint256 i = 0; i < 3; ++i) committee.nominate(id, _auditor(i), 0);
    }

    function _answered() private {
        _seat();
        vm.prank(provider);
        disputes.respond(id, keccak256("answer"));
        vm.warp(uint256(disputes.caseOf(id).respondBy) + 1);
    }

    function _commit(uint256 i, Verdict vote) private {
        vm.prank(_auditor(i));
        committee.commitVote(id, keccak256(abi.encode(id, _auditor(i), vote, SALT)));
    }

    function _reveal(uint256 i, Verdict vote) private {
        vm.prank(_auditor(i));
        committee.revealVote(id, vote, SALT);
    }

    function _verdict() private view returns (Verdict verdict, uint256 agreed) {
        address[] memory who;
        (verdict,, who) = committee.verdictOf(id);
        agreed = who.length;
    }

    function _isVerdict(Verdict expected, uint256 expectedAgreed, string memory what) private view {
        (Verdict verdict, uint256 agreed) = _verdict();
        vm.assertTrue(verdict == expected, what);
        vm.assertEq(agreed, expectedAgreed, what);
    }

    // ---- stake ----

    function test_constructor_wantsAMajorityOfFewSeats() public {
        uint256[2][4] memory sizes = [[uint256(16), 9], [uint256(3), 4], [uint256(4), 2], [uint256(0), 0]];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ICommittee.BadSize.selector, sizes[i][0], sizes[i][1]));
            new Committee(registry, sizes[i][0], sizes[i][1], TICKET);
        }
        vm.expectRevert(abi.encodeWithSelector(ICommittee.ZeroAmount.selector));
        new Committee(registry, 3, 2, 0);
        vm.assertEq(committee.court(), address(disputes), "court");
    }

    function test_stake_comesAndGoes() public {
        vm.prank(_auditor(0));
        committee.setSealKey(keccak256("key"));
        vm.prank(_auditor(0));
        committee.startUnbond(2 * TICKET);
        uint256 readyAt = _now() + 1 days + 3 days + 1 days + 1 days; // longer than any case that counts it
        ICommittee.Auditor memory known = committee.auditorOf(_auditor(0));
        vm.assertEq(known.stake, 5 * TICKET, "stake");
        vm.assertEq(known.unbonding, 2 * TICKET, "unbonding");
        vm.assertEq(known.readyAt, readyAt, "readyAt");
        vm.assertEq(known.sealKey, keccak256("key"), "seal key");
        vm.assertEq(committee.ticketsOf(id, _auditor(0)), 3, "what leaves has no ticket");
        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.UnbondNotReady.selector, readyAt, readyAt - 1));
        vm.prank(_auditor(0));
        committee.finishUnbond();
        vm.warp(readyAt);
        vm.prank(_auditor(0));
        committee.finishUnbond();
        vm.assertEq(token.balanceOf(_auditor(0)), 2 * TICKET, "paid");
        vm.assertEq(committee.auditorOf(_auditor(0)).stake, 3 * TICKET, "the rest");
        vm.assertEq(token.balanceOf(address(committee)), 18 * TICKET, "held is stake");
    }

    function test_stake_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ICommittee.ZeroAmount.selector));
        committee.stake(0);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.ZeroAmount.selector));
        committee.startUnbond(0);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.StakeTooLow.selector, 0, 1));
        committee.startUnbond(1);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.UnbondNotReady.selector, 0, _now()));
        committee.finishUnbond();
        vm.prank(_auditor(0));
        committee.startUnbond(1);
        vm.expectRevert(
            abi.encodeWithSelector(ICommittee.UnbondPending.selector, committee.auditorOf(_auditor(0)).readyAt)
        );
        vm.prank(_auditor(0));
        committee.startUnbond(1);
    }

    // ---- the lottery ----

    function test_draw_waitsForTheBlockThatDecides() public {
        vm.roll(1_005);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotInDraw.selector, id));
        committee.draw(id);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotDrawn.selector, id));
        committee.nominate(id, _auditor(0), 0);
        bytes32 seed = _draw();
        vm.assertEq(seed, keccak256(abi.encode(keccak256("the block that decides"), id)), "seed");
        (bytes32 stored,) = committee.seedOf(id);
        vm.assertEq(stored, seed, "stored");
        vm.expectRevert(abi.encodeWithSelector(ICommittee.AlreadyDrawn.selector, id));
        committee.draw(id);
    }

    function test_draw_movesWhenNobodyCameInTime() public {
        vm.roll(1_005 + 257);
        vm.assertEq(committee.draw(id), bytes32(0), "no seed");
        (, uint64 seedBlock) = committee.seedOf(id);
        vm.assertEq(seedBlock, 1_005 + 257 + 4, "a block to come");
        vm.roll(seedBlock);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotInDraw.selector, id));
        committee.draw(id);
        vm.roll(seedBlock + 1);
        vm.setBlockhash(seedBlock, keccak256("another"));
        vm.assertTrue(committee.draw(id) != 0, "drawn");
    }

    function test_draw_endsWithTheAnswersTime() public {
        vm.roll(1_006);
        vm.warp(uint256(disputes.caseOf(id).respondBy) + 1);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotInDraw.selector, id));
        committee.draw(id);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotInDraw.selector, id));
        committee.nominate(id, _auditor(0), 0);
    }

    function test_draw_alsoOnceTheProviderHasAnsweredAndNotOnceTheCaseIsClosed() public {
        bytes32 silent = _openCase(1);
        vm.prank(provider);
        disputes.respond(id, keccak256("answer"));
        _seat();
        vm.warp(uint256(disputes.caseOf(silent).respondBy) + 1);
        disputes.timeOut(silent);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotInDraw.selector, silent));
        committee.draw(silent);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotInDraw.selector, silent));
        committee.nominate(silent, _auditor(0), 0);
    }

    function test_draw_revertsForAnotherJudgesCase() public {
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotOurs.selector, keccak256("none")));
        committee.draw(keccak256("none"));
    }

    /// @dev Whoever comes in whatever order: the three lowest of all scores sit.
    function test_nominate_theLowestScoresSit() public {
        bytes32 seed = _draw();
        uint96 highest;
        uint256 out;
        uint96[4] memory best;
        uint256[4] memory tickets;
        for (uint256 i = 0; i < 4; ++i) {
            best[i] = type(uint96).max;
            for (uint256 t = 0; t < 5; ++t) {
                uint96 score = committee.scoreOf(seed, _auditor(i), t);
                if (score < best[i]) (best[i], tickets[i]) = (score, t);
            }
            if (best[i] >= highest) (highest, out) = (best[i], i);
        }
        uint256 first = (out + 1) % 4;
        committee.nominate(id, _auditor(first), tickets[first]);
        committee.nominate(id, _auditor(out), tickets[out]); // comes second and has to go
        for (uint256 i = 0; i < 4; ++i) {
            if (i != out && i != first) committee.nominate(id, _auditor(i), tickets[i]);
        }
        ICommittee.Seat[] memory seats = committee.seatsOf(id);
        vm.assertEq(seats.length, 3, "seats");
        for (uint256 i = 0; i < 3; ++i) vm.assertTrue(seats[i].auditor != _auditor(out), "the highest is out");
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotBetter.selector, _auditor(out)));
        committee.nominate(id, _auditor(out), tickets[out]);
    }

    function test_seats_areEmptyUntilSomeoneIsNamed() public view {
        vm.assertEq(committee.seatsOf(id).length, 0, "none");
        (bytes32 seed, uint64 seedBlock) = committee.seedOf(id);
        vm.assertEq(seed, bytes32(0), "not drawn");
        vm.assertEq(seedBlock, 0, "not moved");
    }

    function test_nominate_oneSeatAnAccount() public {
        bytes32 seed = _draw();
        (uint256 low, uint256 high) = (0, 1);
        if (committee.scoreOf(seed, _auditor(0), 0) > committee.scoreOf(seed, _auditor(0), 1)) (low, high) = (1, 0);
        committee.nominate(id, _auditor(0), high);
        committee.nominate(id, _auditor(0), low); // improves its own seat
        ICommittee.Seat[] memory seats = committee.seatsOf(id);
        vm.assertEq(seats.length, 1, "one seat");
        vm.assertEq(seats[0].score, committee.scoreOf(seed, _auditor(0), low), "the better ticket");
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotBetter.selector, _auditor(0)));
        committee.nominate(id, _auditor(0), high);
    }

    function test_nominate_onlyWhoHadStakeAndIsNoParty() public {
        address key = vm.addr(SESSION_KEY);
        bytes memory consent = _keySignature(SESSION_KEY, provider);
        vm.prank(provider);
        registry.addKey(key, consent);
        vm.prank(client);
        ledger.setSigner(other);
        address[4] memory parties = [client, provider, key, other];
        for (uint256 i = 0; i < 4; ++i) _stake(parties[i], TICKET);
        _stake(_auditor(7), TICKET); // a block before the opening
        vm.roll(1_002);
        id = _openCase(1);
        _stake(_auditor(8), TICKET); // in its very block
        vm.roll(1_007);
        vm.setBlockhash(1_006, keccak256("decides"));
        committee.draw(id);
        for (uint256 i = 0; i < 4; ++i) _refused(parties[i], 0);
        _refused(_auditor(8), 0);
        _refused(_auditor(0), 5); // it has tickets 0 to 4
        committee.nominate(id, _auditor(7), 0);
    }

    function _refused(address auditor, uint256 ticket) private {
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotEligible.selector, auditor));
        committee.nominate(id, auditor, ticket);
    }

    // ---- votes ----

    function test_votes_upheldAsSoonAsAllHaveShown() public {
        _answered();
        for (uint256 i = 0; i < 3; ++i) _commit(i, i == 2 ? Verdict.Rejected : Verdict.Upheld);
        _reveal(0, Verdict.Upheld);
        _reveal(1, Verdict.Upheld);
        _isVerdict(Verdict.None, 0, "one is still to come, and its share with it");
        _reveal(2, Verdict.Rejected);
        _isVerdict(Verdict.Upheld, 2, "two of three");
        vm.assertTrue(committee.ballotOf(id, _auditor(2)).vote == Verdict.Rejected, "ballot");
        disputes.resolve(id);
        vm.assertTrue(disputes.caseOf(id).state == ICourt.State.Upheld, "closed");
        vm.assertEq(disputes.owed(_auditor(0)), disputes.owed(_auditor(1)), "alike");
        vm.assertEq(disputes.owed(_auditor(2)), 0, "nothing for the third");
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotInReveal.selector, id)); // it is over
        vm.prank(_auditor(0));
        committee.revealVote(id, Verdict.Upheld, SALT);
    }

    function test_votes_rejectedByThoseWhoCame() public {
        _answered();
        _commit(0, Verdict.Rejected);
        _commit(1, Verdict.Rejected);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotInReveal.selector, id)); // the third may still commit
        vm.prank(_auditor(0));
        committee.revealVote(id, Verdict.Rejected, SALT);
        ICourt.Case memory entry = disputes.caseOf(id);
        vm.warp(uint256(entry.respondBy) + (entry.verdictBy - entry.respondBy) / 2 + 1);
        _reveal(0, Verdict.Rejected);
        _isVerdict(Verdict.None, 0, "one is still to show");
        _reveal(1, Verdict.Rejected);
        _isVerdict(Verdict.Rejected, 2, "two of three seats");
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotInCommit.selector, id));
        vm.prank(_auditor(2));
        committee.commitVote(id, SALT);
    }

    function test_votes_noneWhileSomeoneMayCommit() public {
        _answered();
        _isVerdict(Verdict.None, 0, "nobody has said anything");
        _commit(0, Verdict.Upheld);
        _commit(1, Verdict.Upheld);
        _isVerdict(Verdict.None, 0, "the third may still come");
        vm.expectRevert(
            abi.encodeWithSelector(
                ICourt.TooEarly.selector, uint256(disputes.caseOf(id).verdictBy) + 1, _now()
            )
        );
        disputes.resolve(id);
    }

    function test_votes_noneWithoutAQuorum() public {
        _answered();
        _commit(0, Verdict.Upheld);
        _commit(1, Verdict.Rejected);
        uint256 verdictBy = disputes.caseOf(id).verdictBy;
        vm.warp(verdictBy);
        _reveal(0, Verdict.Upheld);
        vm.warp(verdictBy + 1);
        _isVerdict(Verdict.None, 0, "one vote is no quorum");
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotInReveal.selector, id));
        vm.prank(_auditor(1));
        committee.revealVote(id, Verdict.Rejected, SALT);
    }

    function test_commit_reverts() public {
        _seat();
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotInCommit.selector, id)); // not answered
        vm.prank(_auditor(0));
        committee.commitVote(id, SALT);
        vm.prank(provider);
        disputes.respond(id, keccak256("answer"));
        uint256 respondBy = disputes.caseOf(id).respondBy;
        vm.warp(respondBy);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotInCommit.selector, id)); // seats may still change
        vm.prank(_auditor(0));
        committee.commitVote(id, SALT);
        vm.warp(respondBy + 1);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.NotSeated.selector, _auditor(3)));
        vm.prank(_auditor(3));
        committee.commitVote(id, SALT);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.BadReveal.selector, _auditor(0)));
        vm.prank(_auditor(0));
        committee.commitVote(id, 0);
        _commit(0, Verdict.Upheld);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.AlreadyVoted.selector, _auditor(0)));
        vm.prank(_auditor(0));
        committee.commitVote(id, SALT);
    }

    function test_reveal_onlyWhatWasCommittedAndOnce() public {
        _answered();
        for (uint256 i = 0; i < 3; ++i) _commit(i, Verdict.Upheld);
        bytes memory bad = abi.encodeWithSelector(ICommittee.BadReveal.selector, _auditor(0));
        vm.expectRevert(bad);
        vm.prank(_auditor(0));
        committee.revealVote(id, Verdict.Rejected, SALT);
        vm.expectRevert(bad);
        vm.prank(_auditor(0));
        committee.revealVote(id, Verdict.None, SALT);
        vm.expectRevert(bad);
        vm.prank(_auditor(0));
        committee.revealVote(id, Verdict.Upheld, keccak256("pepper"));
        _reveal(0, Verdict.Upheld);
        vm.expectRevert(abi.encodeWithSelector(ICommittee.AlreadyVoted.selector, _auditor(0)));
        vm.prank(_auditor(0));
        committee.revealVote(id, Verdict.Upheld, SALT);
    }
}
