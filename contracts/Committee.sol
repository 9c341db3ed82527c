// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {CommitteeDraw} from "./court/CommitteeDraw.sol";
import {ICommittee} from "./interfaces/ICommittee.sol";
import {ICourt} from "./interfaces/ICourt.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IVerdict, Verdict} from "./interfaces/IVerdict.sol";

/// @title The openseam re-execution committee
/// @notice Votes. A commitment first, so that nobody can wait for another's vote and repeat it. See ICommittee.
contract Committee is CommitteeDraw {
    struct Tally {
        uint64 committed;
        uint64 upheld;
        uint64 rejected;
    }

    mapping(bytes32 id => mapping(address auditor => Ballot)) private _ballots;
    mapping(bytes32 id => Tally) private _tallies;

    constructor(IRegistry registry_, uint256 seats, uint256 quorum, uint96 ticket)
        CommitteeDraw(registry_, seats, quorum, ticket)
    {}

    /// @inheritdoc ICommittee
    function commitVote(bytes32 id, bytes32 commitment) external {
        ICourt.Case memory entry = _caseOf(id);
        require(
            entry.state == ICourt.State.Answered && block.timestamp > entry.respondBy
                && block.timestamp <= _revealFrom(entry),
            NotInCommit(id)
        );
        _requireSeated(id);
        Ballot storage ballot = _ballots[id][msg.sender];
        require(ballot.commitment == 0, AlreadyVoted(msg.sender));
        require(commitment != 0, BadReveal(msg.sender));
        ballot.commitment = commitment;
        _tallies[id].committed += 1;
        emit VoteCommitted(id, msg.sender);
    }

    /// @inheritdoc ICommittee
    function revealVote(bytes32 id, Verdict vote, bytes32 salt) external {
        ICourt.Case memory entry = _caseOf(id);
        Tally storage tally = _tallies[id];
        require(
            entry.state == ICourt.State.Answered && block.timestamp <= entry.verdictBy
                && (block.timestamp > _revealFrom(entry) || tally.committed == SEATS),
            NotInReveal(id)
        );
        Ballot storage ballot = _ballots[id][msg.sender];
        require(ballot.vote == Verdict.None, AlreadyVoted(msg.sender));
        require(
            vote != Verdict.None && ballot.commitment == keccak256(abi.encode(id, msg.sender, vote, salt)),
            BadReveal(msg.sender)
        );
        ballot.vote = vote;
        if (vote == Verdict.Upheld) tally.upheld += 1;
        else tally.rejected += 1;
        emit VoteRevealed(id, msg.sender, vote);
    }

    /// @inheritdoc IVerdict
    /// @dev Stands once no vote can come any more: everyone who sits has shown one, or everyone who committed in time has, or time is over.
    function verdictOf(bytes32 id) external view returns (Verdict verdict, uint256 seats, address[] memory agreed) {
        ICourt.Case memory entry = _caseOf(id);
        Tally memory tally = _tallies[id];
        seats = SEATS;
        bool allIn = tally.committed == SEATS || block.timestamp > _revealFrom(entry);
        bool allShown = allIn && tally.committed == tally.upheld + tally.rejected;
        if (!allShown && block.timestamp <= entry.verdictBy) return (Verdict.None, seats, agreed);
        if (tally.upheld >= QUORUM) return (Verdict.Upheld, seats, _agreed(id, Verdict.Upheld, tally.upheld));
        if (tally.rejected >= QUORUM) return (Verdict.Rejected, seats, _agreed(id, Verdict.Rejected, tally.rejected));
    }

    /// @inheritdoc ICommittee
    function ballotOf(bytes32 id, address auditor) external view returns (Ballot memory) {
        return _ballots[id][auditor];
    }

    function _agreed(bytes32 id, Verdict vote, uint256 count) private view returns (address[] memory agreed) {
        Seat[] storage seats = _seats(id);
        agreed = new address[](count);
        for (uint256 i = 0; i < seats.length; ++i) {
            if (_ballots[id][seats[i].auditor].vote == vote) agreed[--count] = seats[i].auditor;
        }
    }

    function _requireSeated(bytes32 id) private view {
        Seat[] storage seats = _seats(id);
        for (uint256 i = 0; i < seats.length; ++i) if (seats[i].auditor == msg.sender) return;
        revert NotSeated(msg.sender);
    }
}
