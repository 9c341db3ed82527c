// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {BatchHeader} from "../libraries/BatchHeader.sol";
import {Currency} from "../libraries/Currency.sol";
import {HandOff, WorkReceipt} from "../libraries/Receipts.sol";

/// @title Disputes
/// @notice Takes stake from providers that are proven to have cheated: two receipts for one place, work past a signed hand-off, or a
/// settled receipt that a committee found wrong or nobody answered for. Nobody owns or pauses it; it never sees text. See
/// docs/spec/court.md.
interface ICourt {
    enum Fault {
        Equivocation,
        HandOffBreach,
        Silence,
        WrongWork
    }

    /// @notice Upheld, Rejected, TimedOut (the provider said nothing) and Undecided (no verdict came) are final.
    enum State {
        None,
        Open,
        Answered,
        Upheld,
        Rejected,
        TimedOut,
        Undecided
    }

    /// @notice All that decides a case, as it was when the case was opened.
    struct Case {
        address provider;
        uint40 respondBy;
        uint40 verdictBy;
        State state;
        address client;
        uint96 amount;
        address verdict;
        uint64 openedBlock;
        bytes32 answerHash;
    }

    /// @notice A receipt, and the proof that it was paid: it stands in the work tree under `workRoot`, and the batch leaf that holds
    /// that root moved the channel from `from` to `to`. Client, provider and model of the leaf are the receipt's.
    struct Challenge {
        WorkReceipt receipt;
        uint96 cumAfter;
        uint32 index;
        bytes32[32] workProof;
        uint96 from;
        uint96 to;
        uint64 units;
        bytes32 workRoot;
        bytes32[] batchProof;
        uint256 batch;
        BatchHeader header;
    }

    /// @notice An adapter that waits for its day.
    struct Proposal {
        address verdict;
        uint40 readyAt;
    }

    error ZeroAnswer();
    error WindowOutOfBounds(uint256 window, uint256 min, uint256 max);
    error WrongRegistry(address registry);
    /// @notice The adapter judges for another court, or is none.
    error WrongVerdict(address verdict);
    error NotSteward(address caller);
    error ProposalNotReady(uint256 readyAt, uint256 timestamp);
    error ProposalLapsed(uint256 lapsedAt, uint256 timestamp);
    /// @notice Not signed by a key of the provider.
    error BadEvidence(address provider, address signer);
    /// @notice The two statements do not contradict each other.
    error NoConflict();
    /// @notice This fault at this place was punished before.
    error AlreadyPunished(bytes32 id, Fault fault);
    /// @notice Only the client of a session holds what a committee needs to judge it.
    error NotClient(address caller, address client);
    error NotProvider(address caller, address provider);
    error NothingToJudge();
    error CaseExists(bytes32 id);
    error WrongState(bytes32 id, State state);
    error WrongBatchHeader(uint256 batch);
    error EvidenceTooOld(uint256 postedAt, uint256 evidenceAge);
    error NotInBatch();
    error NotInWork();
    error TooEarly(uint256 notBefore, uint256 timestamp);
    error TooLate(uint256 deadline, uint256 timestamp);
    error NothingOwed(address account);
    error UnexpectedMoney(address from);

    event Punished(bytes32 indexed id, address indexed provider, Fault fault, uint96 taken);
    event CaseOpened(
        bytes32 indexed id,
        address indexed provider,
        address indexed client,
        bytes32 receiptHash,
        uint256 batch,
        address verdict,
        uint40 respondBy,
        uint40 verdictBy
    );
    event CaseAnswered(bytes32 indexed id, bytes32 answerHash);
    event CaseClosed(bytes32 indexed id, State state);
    /// @notice `account` may withdraw that much more.
    event Credited(address indexed account, uint96 amount);
    /// @notice Leaves circulation with the next `burn`.
    event Doomed(uint96 amount);
    event Withdrawn(address indexed account, address indexed to, uint96 amount);
    event Burned(uint96 amount);
    /// @notice (0, 0): the proposal before was taken back.
    event VerdictProposed(address indexed verdict, uint40 readyAt);
    event VerdictChanged(address indexed verdict);

    /// @notice Two different receipts of one provider for one (session, leg, seq): half its stake.
    function slashEquivocation(WorkReceipt calldata a, bytes calldata signatureA, WorkReceipt calldata b, bytes calldata signatureB)
        external;
    /// @notice A receipt past a hand-off that the same provider signed for the leg: a tenth of its stake and ten times the amount.
    function slashHandOffBreach(
        HandOff calldata handOff,
        bytes calldata handOffSignature,
        WorkReceipt calldata receipt,
        bytes calldata receiptSignature
    ) external;

    /// @notice Challenges a settled receipt, with BOND. The caller is the receipt's client and holds what the committee will ask for.
    function open(Challenge calldata challenge) external payable returns (bytes32 id);
    /// @notice The provider, or a key of it, commits to its answer. The answer itself goes to the committee, sealed.
    function respond(bytes32 id, bytes32 answerHash) external;
    /// @notice Closes an answered case by its adapter's verdict; without one after `verdictBy`, as Undecided.
    function resolve(bytes32 id) external;
    /// @notice Closes a case that was not answered, or whose adapter cannot even be asked RESOLVE_WINDOW after `verdictBy`.
    function timeOut(bytes32 id) external;

    /// @notice Sends what is owed to an account to its payout address. Anyone may call.
    function withdraw(address account) external;
    /// @notice Destroys what slashes and lost bonds left to nobody. Anyone may call.
    function burn() external;

    /// @notice The steward, fixed at deployment, names the adapter of later cases; address(0) takes a proposal back.
    function proposeVerdict(address verdict) external;
    /// @notice Makes the proposed adapter current once its time has come. Anyone may call, within ADOPT_WINDOW.
    function adoptVerdict() external;

    function RESPOND_WINDOW() external view returns (uint256);
    function VERDICT_WINDOW() external view returns (uint256);
    function RESOLVE_WINDOW() external view returns (uint256);
    function VERDICT_DELAY() external view returns (uint256);
    function BOND() external view returns (uint96);
    function currency() external view returns (Currency);
    function registry() external view returns (address);
    function ledger() external view returns (address);
    function steward() external view returns (address);
    /// @notice The adapter that cases opened now will have.
    function verdict() external view returns (address);
    function owed(address account) external view returns (uint96);
    function doomed() external view returns (uint96);
    function caseOf(bytes32 id) external view returns (Case memory);
    /// @notice A case's or fault's name comes from what it is about, so nobody can take it first with something else.
    function caseId(address provider, bytes32 sessionId, uint32 leg, uint64 seq) external pure returns (bytes32);
}
