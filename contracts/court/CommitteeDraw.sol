// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ICommittee} from "../interfaces/ICommittee.sol";
import {ICourt} from "../interfaces/ICourt.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {Currency} from "../libraries/Currency.sol";

/// @notice Auditors' stake, and the lottery that seats them. Every TICKET of stake is a ticket; a ticket's score in a case is a hash of
/// the case's seed; the lowest scores sit. What one auditor does after the seed is known changes nobody else's score.
abstract contract CommitteeDraw is ICommittee, ReentrancyGuardTransient {
    uint256 public constant SEATS_MAX = 15;
    /// @notice The blockhash of this many blocks after the opening is the seed.
    uint256 public constant SEED_BLOCKS = 4;
    /// @dev On top of the longest case.
    uint256 internal constant UNBOND_SLACK = 1 days;

    uint256 public immutable SEATS;
    uint256 public immutable QUORUM;
    uint96 public immutable TICKET;
    Currency public immutable currency;
    IRegistry private immutable _registry;
    ICourt private immutable _court;

    /// @dev `seedBlock` 0: the one that the opening gives.
    struct Panel {
        bytes32 seed;
        uint64 seedBlock;
        Seat[] seats;
    }

    mapping(address auditor => Auditor) private _auditors;
    mapping(bytes32 id => Panel) private _panels;

    constructor(IRegistry registry_, uint256 seats, uint256 quorum, uint96 ticket) {
        // A quorum of more than half: two verdicts can never both have one.
        require(seats <= SEATS_MAX && quorum <= seats && 2 * quorum > seats, BadSize(seats, quorum));
        require(ticket != 0, ZeroAmount());
        SEATS = seats;
        QUORUM = quorum;
        TICKET = ticket;
        _registry = registry_;
        _court = ICourt(registry_.court());
        currency = registry_.currency();
    }

    /// @inheritdoc ICommittee
    function stake(uint96 amount) external payable nonReentrant {
        require(amount != 0, ZeroAmount());
        currency.pull(amount);
        Auditor storage auditor = _auditors[msg.sender];
        auditor.stake += amount;
        auditor.since = uint64(block.number);
        _changed(auditor);
    }

    /// @inheritdoc ICommittee
    function setSealKey(bytes32 sealKey) external {
        _auditors[msg.sender].sealKey = sealKey;
        emit SealKeySet(msg.sender, sealKey);
    }

    /// @inheritdoc ICommittee
    function startUnbond(uint96 amount) external {
        require(amount != 0, ZeroAmount());
        Auditor storage auditor = _auditors[msg.sender];
        require(auditor.readyAt == 0, UnbondPending(auditor.readyAt));
        require(amount <= auditor.stake, StakeTooLow(auditor.stake, amount));
        auditor.unbonding = amount;
        // Longer than any case that could count it: the same money never has tickets of two accounts in one case.
        uint256 longest = _court.RESPOND_WINDOW() + _court.VERDICT_WINDOW() + _court.RESOLVE_WINDOW();
        auditor.readyAt = uint40(block.timestamp + longest + UNBOND_SLACK);
        _changed(auditor);
    }

    /// @inheritdoc ICommittee
    function finishUnbond() external nonReentrant {
        Auditor storage auditor = _auditors[msg.sender];
        require(
            auditor.readyAt != 0 && block.timestamp >= auditor.readyAt, UnbondNotReady(auditor.readyAt, block.timestamp)
        );
        uint96 amount = auditor.unbonding;
        auditor.stake -= amount;
        (auditor.unbonding, auditor.readyAt) = (0, 0);
        _changed(auditor);
        currency.push(msg.sender, amount);
    }

    /// @inheritdoc ICommittee
    function draw(bytes32 id) external returns (bytes32 seed) {
        ICourt.Case memory entry = _caseOf(id);
        Panel storage panel = _panels[id];
        require(panel.seed == 0, AlreadyDrawn(id));
        uint256 seedBlock = panel.seedBlock == 0 ? entry.openedBlock + SEED_BLOCKS : panel.seedBlock;
        require(_isOpen(entry) && block.timestamp <= entry.respondBy && block.number > seedBlock, NotInDraw(id));
        seed = blockhash(seedBlock);
        if (seed == 0) {
            panel.seedBlock = uint64(block.number + SEED_BLOCKS);
            emit DrawMoved(id, panel.seedBlock);
            return 0;
        }
        // With the case's name: two cases opened in one block have different judges.
        seed = keccak256(abi.encode(seed, id));
        panel.seed = seed;
        emit Drawn(id, seed);
    }

    /// @inheritdoc ICommittee
    function nominate(bytes32 id, address auditor, uint256 ticket) external {
        ICourt.Case memory entry = _caseOf(id);
        require(_isOpen(entry) && block.timestamp <= entry.respondBy, NotInDraw(id));
        Panel storage panel = _panels[id];
        require(panel.seed != 0, NotDrawn(id));
        require(ticket < _tickets(entry, auditor), NotEligible(auditor));
        uint96 score = scoreOf(panel.seed, auditor, ticket);

        Seat[] storage seats = panel.seats;
        uint256 worst;
        for (uint256 i = 0; i < seats.length; ++i) {
            if (seats[i].auditor == auditor) {
                require(score < seats[i].score, NotBetter(auditor));
                seats[i].score = score;
                emit Seated(id, auditor, auditor, score);
                return;
            }
            if (seats[i].score > seats[worst].score) worst = i;
        }
        address instead;
        if (seats.length < SEATS) {
            seats.push(Seat(auditor, score));
        } else {
            require(score < seats[worst].score, NotBetter(auditor));
            instead = seats[worst].auditor;
            seats[worst] = Seat(auditor, score);
        }
        emit Seated(id, auditor, instead, score);
    }

    /// @inheritdoc ICommittee
    function auditorOf(address auditor) external view returns (Auditor memory) {
        return _auditors[auditor];
    }

    /// @inheritdoc ICommittee
    function seatsOf(bytes32 id) external view returns (Seat[] memory) {
        return _panels[id].seats;
    }

    /// @inheritdoc ICommittee
    function seedOf(bytes32 id) external view returns (bytes32 seed, uint64 seedBlock) {
        return (_panels[id].seed, _panels[id].seedBlock);
    }

    /// @inheritdoc ICommittee
    function scoreOf(bytes32 seed, address auditor, uint256 ticket) public pure returns (uint96) {
        return uint96(uint256(keccak256(abi.encode(seed, auditor, ticket))));
    }

    /// @inheritdoc ICommittee
    function ticketsOf(bytes32 id, address auditor) external view returns (uint256) {
        return _tickets(_caseOf(id), auditor);
    }

    function court() public view returns (address) {
        return address(_court);
    }

    /// @dev Only cases that were opened while this committee was the court's judge.
    function _caseOf(bytes32 id) internal view returns (ICourt.Case memory entry) {
        entry = _court.caseOf(id);
        require(entry.verdict == address(this), NotOurs(id));
    }

    /// @dev A case's second half of the verdict window is for showing votes.
    function _revealFrom(ICourt.Case memory entry) internal pure returns (uint256) {
        return uint256(entry.respondBy) + (entry.verdictBy - entry.respondBy) / 2;
    }

    function _seats(bytes32 id) internal view returns (Seat[] storage) {
        return _panels[id].seats;
    }

    function _tickets(ICourt.Case memory entry, address auditor) private view returns (uint256) {
        Auditor storage known = _auditors[auditor];
        // Stake that came with or after the opening could have been placed by someone who knew the seed.
        if (known.since >= entry.openedBlock) return 0;
        if (auditor == entry.client || auditor == entry.provider) return 0;
        if (_registry.keyOwner(auditor) == entry.provider) return 0;
        (address signer,) = ILedger(_registry.ledger()).accounts(entry.client);
        if (auditor == signer) return 0;
        return (known.stake - known.unbonding) / TICKET;
    }

    function _isOpen(ICourt.Case memory entry) private pure returns (bool) {
        return entry.state == ICourt.State.Open || entry.state == ICourt.State.Answered;
    }

    function _changed(Auditor storage auditor) private {
        emit AuditorChanged(msg.sender, auditor.stake, auditor.unbonding, auditor.readyAt);
    }
}
