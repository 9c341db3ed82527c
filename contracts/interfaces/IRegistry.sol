// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {BatchHeader} from "../libraries/BatchHeader.sol";
import {Currency} from "../libraries/Currency.sol";

/// @title Providers: stake, payout address and signing keys
/// @notice A provider is a chain account with stake at risk. Its peers are bound off chain, by keys that it names here.
interface IRegistry {
    /// @notice Registered means a payout address is set.
    struct Provider {
        address payout;
        uint96 stake;
    }

    /// @notice `unbonding` is the part of the stake that leaves at `readyAt`; until then it is at risk like the rest.
    struct Standing {
        uint96 unbonding;
        uint40 readyAt;
        uint32 openCases;
        uint32 slashes;
        bool jailed;
    }

    /// @notice A signing key's owner. Written once and never cleared, so that old evidence stays attributable.
    struct Key {
        address provider;
        uint40 revokedAt;
    }

    struct ProviderView {
        bool registered;
        bool active;
        address payout;
        uint96 stake;
        Standing standing;
    }

    error ZeroAddress();
    error ZeroAmount();
    error NotRegistered(address provider);
    error AlreadyRegistered(address provider);
    error StakeTooLow(uint256 stake, uint256 min);
    error KeyTaken(address key, address provider);
    error KeyNotOwned(address key, address provider);
    error BadKeySignature(address key);
    error UnbondPending(uint256 readyAt);
    error NoUnbond();
    error UnbondNotReady(uint256 readyAt, uint256 timestamp);
    /// @notice Stake stays while a dispute is open.
    error CasesOpen(uint256 count);
    /// @notice The header is not the newest batch of the provider.
    error WrongBatchHeader(uint256 batch);
    /// @notice Stake stays while the newest batch can still be challenged.
    error BatchTooYoung(uint256 postedAt, uint256 evidenceAge);
    error NotCourt(address caller);
    error DelayOutOfBounds(uint256 delay, uint256 min, uint256 max);

    event Registered(address indexed provider, address payout);
    event PayoutSet(address indexed provider, address payout);
    event StakeChanged(address indexed provider, uint96 stake);
    event KeyAdded(address indexed provider, address indexed key);
    event KeyRevoked(address indexed provider, address indexed key);
    /// @notice The unbonding that now stands; (0, 0) is none.
    event UnbondChanged(address indexed provider, uint96 amount, uint40 readyAt);
    event CasesChanged(address indexed provider, uint32 openCases);
    event Slashed(address indexed provider, uint96 amount);

    /// @notice Registers the caller with `stake` of the currency. The account is its own first signing key.
    function register(address payout, uint96 stake) external payable;
    function setPayout(address payout) external;
    function addStake(uint96 amount) external payable;

    /// @notice Names a key that signs bindings and receipts for the caller, with the key's own signature over
    /// SignerKey(provider, key): nobody can claim a key that is not theirs.
    function addKey(address key, bytes calldata signature) external;
    /// @notice The key signs nothing new; what it signed stays the provider's.
    function revokeKey(address key) external;

    /// @notice Asks for part of the stake; one at a time.
    function startUnbond(uint96 amount) external;
    function cancelUnbond() external;
    /// @notice Takes it out, when UNBOND_DELAY has passed, no case is open, and the newest batch (whose header the caller gives; any
    /// if it never settled) is older than EVIDENCE_AGE.
    function finishUnbond(BatchHeader calldata newest) external;

    /// @notice The court opens (+) or closes (-) a case against a provider.
    function holdStake(address provider, bool open) external;
    /// @notice The court takes min(amount, stake), unbonding included, and jails the provider.
    function slash(address provider, uint96 amount) external returns (uint96 taken);

    function MIN_STAKE() external view returns (uint96);
    function UNBOND_DELAY() external view returns (uint256);
    function EVIDENCE_AGE() external view returns (uint256);
    function currency() external view returns (Currency);
    function ledger() external view returns (address);
    function court() external view returns (address);
    /// @notice Registered, not jailed, and at least MIN_STAKE that is not on its way out.
    function isActive(address provider) external view returns (bool);
    /// @notice Where earnings go: the provider itself until it says otherwise.
    function payoutOf(address provider) external view returns (address);
    /// @notice The provider a key ever signed for, revoked or not.
    function keyOwner(address key) external view returns (address);
    /// @notice Whether a key may sign for a provider now. The account itself always may.
    function isKey(address provider, address key) external view returns (bool);
    function providerOf(address provider) external view returns (ProviderView memory);
}
