// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {CourtEvidence} from "./court/CourtEvidence.sol";
import {CourtStewardship} from "./court/CourtStewardship.sol";
import {ICourt} from "./interfaces/ICourt.sol";
import {ILedger} from "./interfaces/ILedger.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IVerdict, Verdict} from "./interfaces/IVerdict.sol";
import {BatchTree} from "./libraries/BatchTree.sol";
import {Receipts, WorkReceipt} from "./libraries/Receipts.sol";

/// @title The openseam court
/// @notice Challenges against settled work: opened with a bond, answered, judged, closed for ever. See ICourt.
contract Court is CourtEvidence, CourtStewardship {
    using Receipts for WorkReceipt;

    uint256 public constant WINDOW_MAX = 14 days;
    /// @notice How long a verdict may wait to be fetched before the case can be closed without asking for it.
    uint256 public constant RESOLVE_WINDOW = 1 days;
    uint256 internal constant SILENCE_BPS = 500;
    uint256 internal constant WRONG_BPS = 2_500;

    uint256 public immutable RESPOND_WINDOW;
    uint256 public immutable VERDICT_WINDOW;
    uint96 public immutable BOND;
    uint256 private immutable EVIDENCE_AGE;

    mapping(bytes32 id => Case) private _cases;

    constructor(
        IRegistry registry_,
        address verdict_,
        address steward_,
        uint96 bond,
        uint256 respondWindow,
        uint256 verdictWindow,
        uint256 verdictDelay
    ) CourtEvidence(registry_) CourtStewardship(steward_, verdict_, verdictDelay) {
        // The registry names the court by a predicted address: a wrong prediction ends here.
        require(registry_.court() == address(this), WrongRegistry(address(registry_)));
        uint256 exitDelay = ILedger(ledger).EXIT_DELAY();
        uint256 unbondDelay = registry_.UNBOND_DELAY();
        EVIDENCE_AGE = registry_.EVIDENCE_AGE();
        // An answer must survive censorship as an exit does, and so must each of the two votes.
        _requireWindow(respondWindow, exitDelay, WINDOW_MAX);
        _requireWindow(verdictWindow, 2 * exitDelay, WINDOW_MAX);
        // A challenge on the last day of the evidence still finds the stake, with a day to spare.
        uint256 whole = EVIDENCE_AGE + respondWindow + verdictWindow + RESOLVE_WINDOW + 1 days;
        require(unbondDelay >= whole, WindowOutOfBounds(unbondDelay, whole, type(uint256).max));
        // Everyone can be gone, clients and stakes, before another judge takes office.
        _requireWindow(verdictDelay, exitDelay + unbondDelay, 365 days);
        RESPOND_WINDOW = respondWindow;
        VERDICT_WINDOW = verdictWindow;
        BOND = bond;
    }

    /// @inheritdoc ICourt
    function open(Challenge calldata challenge) external payable nonReentrant returns (bytes32 id) {
        WorkReceipt calldata receipt = challenge.receipt;
        require(msg.sender == receipt.client, NotClient(msg.sender, receipt.client));
        require(receipt.to > receipt.from, NothingToJudge());
        id = _idOf(receipt);
        require(_cases[id].state == State.None, CaseExists(id));
        bytes32 receiptHash = receipt.digest(Receipts.domain(ledger));
        _requireSettled(challenge, receiptHash);

        currency.pull(BOND);
        uint40 respondBy = uint40(block.timestamp + RESPOND_WINDOW);
        uint40 verdictBy = respondBy + uint40(VERDICT_WINDOW);
        _cases[id] = Case({
            provider: receipt.provider,
            respondBy: respondBy,
            verdictBy: verdictBy,
            state: State.Open,
            client: receipt.client,
            amount: receipt.amount,
            verdict: verdict,
            openedBlock: uint64(block.number),
            answerHash: 0
        });
        _registry.holdStake(receipt.provider, true);
        emit CaseOpened(
            id, receipt.provider, receipt.client, receiptHash, challenge.batch, verdict, respondBy, verdictBy
        );
    }

    /// @inheritdoc ICourt
    function respond(bytes32 id, bytes32 answerHash) external {
        Case storage entry = _cases[id];
        require(entry.state == State.Open, WrongState(id, entry.state));
        require(block.timestamp <= entry.respondBy, TooLate(entry.respondBy, block.timestamp));
        require(_registry.isKey(entry.provider, msg.sender), NotProvider(msg.sender, entry.provider));
        require(answerHash != 0, ZeroAnswer());
        entry.answerHash = answerHash;
        entry.state = State.Answered;
        emit CaseAnswered(id, answerHash);
    }

    /// @inheritdoc ICourt
    function resolve(bytes32 id) external nonReentrant {
        Case memory entry = _cases[id];
        require(entry.state == State.Answered, WrongState(id, entry.state));
        (Verdict found, uint256 seats, address[] memory agreed) = IVerdict(entry.verdict).verdictOf(id);
        if (found == Verdict.None) {
            require(block.timestamp > entry.verdictBy, TooEarly(uint256(entry.verdictBy) + 1, block.timestamp));
            _closeUndecided(id, entry);
        } else if (found == Verdict.Rejected) {
            _close(id, entry.provider, State.Rejected);
            _splitBond(BOND, entry.provider, seats, agreed);
        } else {
            _close(id, entry.provider, State.Upheld);
            _credit(entry.client, BOND);
            uint256 taken = _punish(id, Fault.WrongWork, entry.provider, WRONG_BPS, 0);
            _splitSlash(taken, entry.client, entry.client, entry.amount, seats, agreed);
        }
    }

    /// @inheritdoc ICourt
    function timeOut(bytes32 id) external nonReentrant {
        Case memory entry = _cases[id];
        require(entry.state == State.Open || entry.state == State.Answered, WrongState(id, entry.state));
        bool silent = entry.state == State.Open;
        // Past both, a judge that cannot be asked must not hold the stake for ever.
        uint256 until = silent ? entry.respondBy : entry.verdictBy + RESOLVE_WINDOW;
        require(block.timestamp > until, TooEarly(until + 1, block.timestamp));
        if (!silent) return _closeUndecided(id, entry);
        _close(id, entry.provider, State.TimedOut);
        _credit(entry.client, BOND);
        uint256 taken = _punish(id, Fault.Silence, entry.provider, SILENCE_BPS, uint256(entry.amount) * HARM_FACTOR);
        _splitSlash(taken, entry.client, entry.client, entry.amount, 0, new address[](0));
    }

    /// @inheritdoc ICourt
    function caseOf(bytes32 id) external view returns (Case memory) {
        return _cases[id];
    }

    /// @dev The provider answered and nobody judged: it keeps its part of the bond, so that cases are never free to open.
    function _closeUndecided(bytes32 id, Case memory entry) private {
        _close(id, entry.provider, State.Undecided);
        uint256 toProvider = uint256(BOND) * BOND_PROVIDER_BPS / BPS;
        _credit(entry.provider, toProvider);
        _credit(entry.client, BOND - toProvider);
    }

    function _close(bytes32 id, address provider, State state) private {
        _cases[id].state = state;
        _registry.holdStake(provider, false);
        emit CaseClosed(id, state);
    }

    function _requireSettled(Challenge calldata challenge, bytes32 receiptHash) private view {
        WorkReceipt calldata receipt = challenge.receipt;
        require(
            ILedger(ledger).batchCommit(receipt.provider, challenge.batch) == challenge.header.commit(),
            WrongBatchHeader(challenge.batch)
        );
        // From the second on in which stake may leave, nothing is held any more.
        uint256 postedAt = challenge.header.postedAt;
        require(block.timestamp < postedAt + EVIDENCE_AGE, EvidenceTooOld(postedAt, EVIDENCE_AGE));
        bytes32 leaf = BatchTree.leaf(
            receipt.client,
            receipt.provider,
            receipt.modelId,
            challenge.from,
            challenge.to,
            challenge.units,
            challenge.workRoot
        );
        require(MerkleProof.verifyCalldata(challenge.batchProof, challenge.header.root, leaf), NotInBatch());
        require(
            challenge.from < challenge.cumAfter && challenge.cumAfter <= challenge.to
                && Receipts.workRoot(receiptHash, challenge.cumAfter, challenge.index, challenge.workProof)
                    == challenge.workRoot,
            NotInWork()
        );
    }

    function _requireWindow(uint256 window, uint256 min, uint256 max) private pure {
        require(window >= min && window <= max, WindowOutOfBounds(window, min, max));
    }
}
