// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Currency} from "../libraries/Currency.sol";
import {IVerdict, Verdict} from "./IVerdict.sol";

/// @title The re-execution committee
/// @notice Auditors stake, a lottery seats a few of them on each case, they run the work again and vote: first a commitment, then the
/// vote itself. See docs/spec/court.md.
interface ICommittee is IVerdict {
    /// @notice `unbonding` is the part of the stake that may leave at `readyAt` and has no tickets. `since` is the block of the last rise.
    struct Auditor {
        uint96 stake;
        uint96 unbonding;
        uint40 readyAt;
        uint64 since;
        bytes32 sealKey;
    }

    /// @notice The lowest scores sit. One seat an account.
    struct Seat {
        address auditor;
        uint96 score;
    }

    struct Ballot {
        bytes32 commitment;
        Verdict vote;
    }

    error ZeroAmount();
    error BadSize(uint256 seats, uint256 quorum);
    error StakeTooLow(uint256 stake, uint256 min);
    error UnbondPending(uint256 readyAt);
    error UnbondNotReady(uint256 readyAt, uint256 timestamp);
    error NotOurs(bytes32 id);
    /// @notice The block that decides has not come, or the draw is over.
    error NotInDraw(bytes32 id);
    error NotDrawn(bytes32 id);
    error AlreadyDrawn(bytes32 id);
    /// @notice Party to the case, or staked too late for it, or without that ticket.
    error NotEligible(address auditor);
    /// @notice Everyone seated has a lower score.
    error NotBetter(address auditor);
    error NotSeated(address auditor);
    error NotInCommit(bytes32 id);
    error NotInReveal(bytes32 id);
    error AlreadyVoted(address auditor);
    error BadReveal(address auditor);

    event AuditorChanged(address indexed auditor, uint96 stake, uint96 unbonding, uint40 readyAt);
    event SealKeySet(address indexed auditor, bytes32 sealKey);
    event Drawn(bytes32 indexed id, bytes32 seed);
    /// @notice The deciding block is too old to be read: another one, in the future, decides.
    event DrawMoved(bytes32 indexed id, uint64 seedBlock);
    /// @notice `auditor` takes a seat, from `instead` where all were taken.
    event Seated(bytes32 indexed id, address indexed auditor, address indexed instead, uint96 score);
    event VoteCommitted(bytes32 indexed id, address indexed auditor);
    event VoteRevealed(bytes32 indexed id, address indexed auditor, Verdict vote);

    /// @notice Stakes more. Tickets count in cases opened from the next block on.
    function stake(uint96 amount) external payable;
    /// @notice The X25519 key that openings and answers are sealed to.
    function setSealKey(bytes32 sealKey) external;
    function startUnbond(uint96 amount) external;
    /// @notice Takes it out once every case it could sit on is closed.
    function finishUnbond() external;

    /// @notice Fixes the case's seed, or moves the draw to a later block when the deciding one can no longer be read.
    function draw(bytes32 id) external returns (bytes32 seed);
    /// @notice Claims a seat for an auditor with one of its tickets. Anyone may; until `respondBy` a lower score takes the place of the highest.
    function nominate(bytes32 id, address auditor, uint256 ticket) external;
    /// @notice After `respondBy`: keccak256(abi.encode(id, auditor, vote, salt)).
    function commitVote(bytes32 id, bytes32 commitment) external;
    /// @notice In the second half of the verdict window, or once all seats have committed.
    function revealVote(bytes32 id, Verdict vote, bytes32 salt) external;

    function SEATS() external view returns (uint256);
    function QUORUM() external view returns (uint256);
    function TICKET() external view returns (uint96);
    function currency() external view returns (Currency);
    function auditorOf(address auditor) external view returns (Auditor memory);
    function seatsOf(bytes32 id) external view returns (Seat[] memory);
    function ballotOf(bytes32 id, address auditor) external view returns (Ballot memory);
    function seedOf(bytes32 id) external view returns (bytes32 seed, uint64 seedBlock);
    function scoreOf(bytes32 seed, address auditor, uint256 ticket) external pure returns (uint96);
    /// @notice How many tickets an auditor has in a case; 0 for the parties and for whoever staked too late.
    function ticketsOf(bytes32 id, address auditor) external view returns (uint256);
}
