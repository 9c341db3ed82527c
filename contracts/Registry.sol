// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ILedger} from "./interfaces/ILedger.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {BatchHeader} from "./libraries/BatchHeader.sol";
import {Currency} from "./libraries/Currency.sol";
import {TypedData} from "./libraries/TypedData.sol";

/// @title The openseam registry
/// @notice Who provides, with what at stake, and which keys speak for them. See IRegistry for what each function promises.
contract Registry is IRegistry, EIP712, ReentrancyGuardTransient {
    uint256 public constant EVIDENCE_AGE_MAX = 30 days;
    uint256 public constant UNBOND_DELAY_MAX = 60 days;
    /// @dev Evidence of the last day still finds the stake: one day to respond, three for a verdict, two of slack.
    uint256 public constant UNBOND_MARGIN = 6 days;

    uint96 public immutable MIN_STAKE;
    uint256 public immutable UNBOND_DELAY;
    uint256 public immutable EVIDENCE_AGE;
    Currency public immutable currency;
    address public immutable ledger;
    /// @notice The only address that holds or slashes stake; address(0) where disputes do not exist.
    address public immutable court;

    mapping(address provider => Provider) public providers;
    mapping(address provider => Standing) public standings;
    mapping(address key => Key) public keys;

    modifier onlyRegistered() {
        require(providers[msg.sender].payout != address(0), NotRegistered(msg.sender));
        _;
    }

    modifier onlyCourt() {
        require(msg.sender == court, NotCourt(msg.sender));
        _;
    }

    constructor(Currency currency_, address ledger_, address court_, uint96 minStake, uint256 unbondDelay, uint256 evidenceAge)
        EIP712("openseam", "1")
    {
        require(ledger_ != address(0), ZeroAddress());
        require(evidenceAge <= EVIDENCE_AGE_MAX, DelayOutOfBounds(evidenceAge, 0, EVIDENCE_AGE_MAX));
        require(
            unbondDelay >= evidenceAge + UNBOND_MARGIN && unbondDelay <= UNBOND_DELAY_MAX,
            DelayOutOfBounds(unbondDelay, evidenceAge + UNBOND_MARGIN, UNBOND_DELAY_MAX)
        );
        currency = currency_;
        ledger = ledger_;
        court = court_;
        MIN_STAKE = minStake;
        UNBOND_DELAY = unbondDelay;
        EVIDENCE_AGE = evidenceAge;
    }

    /// @inheritdoc IRegistry
    function register(address payout, uint96 stake) external payable nonReentrant {
        require(payout != address(0), ZeroAddress());
        require(providers[msg.sender].payout == address(0), AlreadyRegistered(msg.sender));
        require(stake >= MIN_STAKE, StakeTooLow(stake, MIN_STAKE));
        address owner = keys[msg.sender].provider;
        require(owner == address(0), KeyTaken(msg.sender, owner));
        currency.pull(stake);
        providers[msg.sender] = Provider(payout, stake);
        keys[msg.sender].provider = msg.sender;
        emit Registered(msg.sender, payout);
        emit KeyAdded(msg.sender, msg.sender);
        emit StakeChanged(msg.sender, stake);
    }

    /// @inheritdoc IRegistry
    function setPayout(address payout) external onlyRegistered {
        require(payout != address(0), ZeroAddress());
        providers[msg.sender].payout = payout;
        emit PayoutSet(msg.sender, payout);
    }

    /// @inheritdoc IRegistry
    function addStake(uint96 amount) external payable onlyRegistered nonReentrant {
        require(amount != 0, ZeroAmount());
        currency.pull(amount);
        uint96 stake = providers[msg.sender].stake;
        Standing memory standing = standings[msg.sender];
        // After a slash the unbonding part may exceed the stake: new stake must not leave on the old timer.
        if (standing.unbonding > stake) {
            standings[msg.sender].unbonding = stake;
            emit UnbondChanged(msg.sender, stake, standing.readyAt);
        }
        providers[msg.sender].stake = stake + amount;
        emit StakeChanged(msg.sender, stake + amount);
    }

    /// @inheritdoc IRegistry
    function addKey(address key, bytes calldata signature) external onlyRegistered {
        address owner = keys[key].provider;
        require(owner == address(0), KeyTaken(key, owner));
        bytes32 digest = _hashTypedDataV4(TypedData.signerKey(msg.sender, key));
        (address recovered,,) = ECDSA.tryRecoverCalldata(digest, signature);
        require(recovered != address(0) && recovered == key, BadKeySignature(key));
        keys[key].provider = msg.sender;
        emit KeyAdded(msg.sender, key);
    }

    /// @inheritdoc IRegistry
    function revokeKey(address key) external {
        Key memory known = keys[key];
        require(known.provider == msg.sender && known.revokedAt == 0 && key != msg.sender, KeyNotOwned(key, msg.sender));
        keys[key].revokedAt = uint40(block.timestamp);
        emit KeyRevoked(msg.sender, key);
    }

    /// @inheritdoc IRegistry
    function startUnbond(uint96 amount) external {
        require(amount != 0, ZeroAmount());
        uint96 stake = providers[msg.sender].stake;
        require(amount <= stake, StakeTooLow(stake, amount));
        uint40 pending = standings[msg.sender].readyAt;
        require(pending == 0, UnbondPending(pending));
        uint40 readyAt = uint40(block.timestamp + UNBOND_DELAY);
        _setUnbond(msg.sender, amount, readyAt);
    }

    /// @inheritdoc IRegistry
    function cancelUnbond() external {
        require(standings[msg.sender].readyAt != 0, NoUnbond());
        _setUnbond(msg.sender, 0, 0);
    }

    /// @inheritdoc IRegistry
    function finishUnbond(BatchHeader calldata newest) external nonReentrant {
        Standing memory standing = standings[msg.sender];
        require(
            standing.readyAt != 0 && block.timestamp >= standing.readyAt,
            UnbondNotReady(standing.readyAt, block.timestamp)
        );
        require(standing.openCases == 0, CasesOpen(standing.openCases));
        _requireNoFreshBatch(msg.sender, newest);
        uint96 stake = providers[msg.sender].stake;
        uint96 amount = standing.unbonding < stake ? standing.unbonding : stake;
        providers[msg.sender].stake = stake - amount;
        _setUnbond(msg.sender, 0, 0);
        emit StakeChanged(msg.sender, stake - amount);
        if (amount != 0) currency.push(msg.sender, amount);
    }

    /// @inheritdoc IRegistry
    function holdStake(address provider, bool open) external onlyCourt {
        uint32 openCases = open ? standings[provider].openCases + 1 : standings[provider].openCases - 1;
        standings[provider].openCases = openCases;
        emit CasesChanged(provider, openCases);
    }

    /// @inheritdoc IRegistry
    function slash(address provider, uint96 amount) external onlyCourt nonReentrant returns (uint96 taken) {
        uint96 stake = providers[provider].stake;
        taken = amount < stake ? amount : stake;
        providers[provider].stake = stake - taken;
        standings[provider].slashes += 1;
        standings[provider].jailed = true;
        emit Slashed(provider, taken);
        emit StakeChanged(provider, stake - taken);
        if (taken != 0) currency.push(msg.sender, taken);
    }

    /// @inheritdoc IRegistry
    function isActive(address provider) public view returns (bool) {
        Provider memory entry = providers[provider];
        Standing memory standing = standings[provider];
        if (entry.payout == address(0) || standing.jailed) return false;
        return entry.stake >= uint256(MIN_STAKE) + standing.unbonding;
    }

    /// @inheritdoc IRegistry
    function payoutOf(address provider) external view returns (address) {
        address payout = providers[provider].payout;
        return payout == address(0) ? provider : payout;
    }

    /// @inheritdoc IRegistry
    function keyOwner(address key) external view returns (address) {
        return keys[key].provider;
    }

    /// @inheritdoc IRegistry
    function isKey(address provider, address key) external view returns (bool) {
        return key == provider || (keys[key].provider == provider && keys[key].revokedAt == 0);
    }

    /// @inheritdoc IRegistry
    function providerOf(address provider) external view returns (ProviderView memory) {
        Provider memory entry = providers[provider];
        return ProviderView(entry.payout != address(0), isActive(provider), entry.payout, entry.stake, standings[provider]);
    }

    function _setUnbond(address provider, uint96 amount, uint40 readyAt) private {
        standings[provider].unbonding = amount;
        standings[provider].readyAt = readyAt;
        emit UnbondChanged(provider, amount, readyAt);
    }

    /// @dev The ledger keeps one hash a batch, so the caller brings the header of its newest one.
    function _requireNoFreshBatch(address provider, BatchHeader calldata newest) private view {
        (, uint32 batches,) = ILedger(ledger).earned(provider);
        if (batches == 0) return;
        require(ILedger(ledger).batchCommit(provider, batches - 1) == newest.commit(), WrongBatchHeader(batches - 1));
        require(block.timestamp >= newest.postedAt + EVIDENCE_AGE, BatchTooYoung(newest.postedAt, EVIDENCE_AGE));
    }
}
