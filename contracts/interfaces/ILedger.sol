// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Currency} from "../libraries/Currency.sol";

/// @title Escrow and settlement of per-token payments
/// @notice A client keeps one escrow account and signs, for each (provider, model), a total that only rises. A provider lands the
/// newest totals of many clients in one batch. Nobody owns, upgrades or pauses this contract. See docs/spec/money.md.
interface ILedger {
    /// @notice Free money of a client and the one key that signs for it. The first deposit makes the client its own signer.
    struct Account {
        address signer;
        uint96 balance;
    }

    /// @notice A withdrawal that waits. `amount` never exceeds the balance that stood when it was asked for.
    struct Exit {
        uint96 amount;
        uint40 readyAt;
    }

    /// @notice The key before the last rotation; it still counts before `validUntil`.
    struct OldKey {
        address signer;
        uint40 validUntil;
    }

    /// @notice What a client paid a provider for a model, ever. Never deleted, so that an old voucher can never pay again.
    /// `left` = prefunded - settled, when positive, is money that only this provider can reach.
    struct Channel {
        uint96 settled;
        uint96 prefunded;
        uint64 units;
    }

    /// @notice A provider's part. `amount` waits to be claimed, `lifetime` is all that was ever earned, `batches` is the number of the
    /// next batch.
    struct Earned {
        uint96 amount;
        uint32 batches;
        uint128 lifetime;
    }

    /// @notice `shares` are the payees' parts of a registered model (libraries/Shares.sol), 0 where nobody has any; `gross` is all that
    /// clients ever paid for it since it was registered.
    struct Royalty {
        uint256 shares;
        uint256 gross;
    }

    /// @notice A client's voucher without what the call already knows: provider and model. The signature is compact (EIP-2098).
    struct Item {
        address client;
        uint96 cumulative;
        uint64 units;
        bytes32 workRoot;
        bytes32 r;
        bytes32 vs;
    }

    struct Group {
        bytes32 modelId;
        Item[] items;
    }

    /// @notice Everything a provider weighs before it lends work to a client, in one read.
    struct Position {
        Account account;
        Exit exit;
        OldKey oldKey;
        Channel channel;
        uint40 releaseAt;
    }

    error ZeroAddress();
    error ZeroAmount();
    /// @notice A delay outside what the contract allows anyone to choose.
    error DelayOutOfBounds(uint256 delay, uint256 min, uint256 max);
    /// @notice The registry was built for another ledger or another currency.
    error WrongRegistry(address registry);
    /// @notice The models contract was built for another ledger.
    error WrongModels(address models);
    error NotModels(address caller);
    error Expired(uint256 deadline, uint256 timestamp);
    error Insufficient(uint256 have, uint256 need);
    /// @notice A voucher of a batch does not bear its client's signature. Nothing else a client does can stop a batch.
    error BadVoucher(uint256 group, uint256 item);
    error BadClientSignature(address client);
    error BadProviderSignature(address provider);
    error BatchSize(uint256 items, uint256 max);
    error NothingEarned(address provider);
    error NoRoyalty(bytes32 modelId, uint256 payee);
    error ExitPending(uint256 readyAt);
    /// @notice There is no exit, or its time has not come (`readyAt` 0: none).
    error ExitNotReady(uint256 readyAt, uint256 timestamp);
    error NoExit();
    error NothingToExit();
    error SignerUnchanged(address signer);
    error RotationPending(uint256 validUntil);
    error NothingToRelease();
    error ReleasePending(uint256 readyAt);
    error ReleaseNotReady(uint256 readyAt, uint256 timestamp);

    event Deposited(address indexed client, address indexed from, uint96 amount);
    /// @notice The exit that now stands; (0, 0) is none. Also emitted when a deposit trims an exit to what it found.
    event ExitChanged(address indexed client, uint96 amount, uint40 readyAt);
    event Withdrawn(address indexed client, uint96 amount);
    event SignerSet(address indexed client, address signer, address oldSigner, uint40 oldValidUntil);
    /// @notice The channel is guaranteed up to the total `upTo`. A release that was under way is called off.
    event Prefunded(address indexed client, address indexed provider, bytes32 indexed modelId, uint96 upTo);
    event ReleaseStarted(address indexed client, address indexed provider, bytes32 indexed modelId, uint40 readyAt);
    event Released(address indexed client, address indexed provider, bytes32 indexed modelId, uint96 downTo, uint96 amount);
    event OperatorSet(address indexed provider, address operator);
    /// @notice The vouchers of one model in a batch, in order, those that paid nothing left out. Each word is client << 96 | paid.
    /// `royalty` of their sum went to the model's payees, the rest to the provider.
    event GroupSettled(
        address indexed provider, bytes32 indexed modelId, uint256 indexed batch, uint256 royalty, uint256[] clientPaid
    );
    /// @notice A batch is closed; its commitment is keccak256(abi.encode(root, total, count, the block's timestamp)).
    event BatchSettled(address indexed provider, uint256 indexed batch, bytes32 root, uint256 total, uint256 count);
    event Claimed(address indexed provider, address indexed to, uint96 amount);
    event RoyaltyClaimed(bytes32 indexed modelId, uint256 indexed payee, address indexed to, uint256 amount);

    /// @notice Puts money into a client's escrow. Anyone may; it touches neither signer nor exit of an account that exists, except
    /// that a waiting exit is trimmed to the money it was asked for.
    function deposit(address client, uint96 amount) external payable;

    /// @notice Makes `key` sign for the caller. The key before it stays valid for EXIT_DELAY, and until then no other change is taken.
    function setSigner(address key) external;

    /// @notice Asks for up to `amount` of the free balance; it can be taken after EXIT_DELAY. One at a time.
    function startExit(uint96 amount) external;
    function cancelExit() external;
    /// @notice Pays the caller min(exit, balance).
    function finishExit() external;

    /// @notice Guarantees a channel up to the total `upTo` with money of the free balance. Bears the client's signature; anyone may
    /// land it, again without effect. Only rises.
    function prefund(address client, address provider, bytes32 modelId, uint96 upTo, uint40 deadline, bytes32 r, bytes32 vs) external;

    /// @notice Asks for what is left in a channel of the caller; vouchers are paid from it until `finishRelease`.
    function startRelease(address provider, bytes32 modelId) external;
    function finishRelease(address provider, bytes32 modelId) external;

    /// @notice Gives a client's guarantee back at once, with the provider's (or its operator's) signature. Only falls.
    function release(address client, address provider, bytes32 modelId, uint96 downTo, uint40 deadline, bytes calldata signature) external;

    /// @notice Names a key that may settle and sign releases for the caller; address(0) for none.
    function setOperator(address operator) external;

    /// @notice Lands 1 to 256 vouchers made out to the caller. Pays each client's min(owed, left + balance); what is not paid stays
    /// owed. A voucher that is not news is passed over. Of what a registered model earned, its payees have their parts, the caller
    /// the rest. Returns what clients paid.
    function settle(Group[] calldata groups) external returns (uint256 paid);

    /// @notice The same for another provider: by its operator, or by anyone with its (or its operator's) signature over
    /// keccak256(abi.encode(groups)).
    function settleFor(address provider, Group[] calldata groups, uint40 deadline, bytes calldata signature)
        external
        returns (uint256 paid);

    /// @notice Sends a provider's earnings to its payout address. Anyone may call.
    function claim(address provider) external;

    /// @notice Sends one payee of a model what it earned since the last time. Anyone may call.
    function claimRoyalty(bytes32 modelId, uint256 payee) external;

    /// @notice The models contract, and nobody else, says once what a model's payees get of every settlement after it.
    function setShares(bytes32 modelId, uint256 shares) external;

    /// @notice What a payee ever earned, claimed or not: floor(gross * bps / 10 000).
    function royaltyOf(bytes32 modelId, uint256 payee) external view returns (uint256);

    function EXIT_DELAY() external view returns (uint256);
    function currency() external view returns (Currency);
    function registry() external view returns (address);
    function models() external view returns (address);
    function accounts(address client) external view returns (address signer, uint96 balance);
    function exits(address client) external view returns (uint96 amount, uint40 readyAt);
    function oldKeys(address client) external view returns (address signer, uint40 validUntil);
    function channels(address provider, bytes32 modelId, address client)
        external
        view
        returns (uint96 settled, uint96 prefunded, uint64 units);
    function releaseAt(address provider, bytes32 modelId, address client) external view returns (uint40);
    function earned(address provider) external view returns (uint96 amount, uint32 batches, uint128 lifetime);
    function operators(address provider) external view returns (address);
    function batchCommit(address provider, uint256 batch) external view returns (bytes32);
    function royalties(bytes32 modelId) external view returns (uint256 shares, uint256 gross);
    function royaltyClaimed(bytes32 modelId, uint256 payee) external view returns (uint256);
    function position(address client, address provider, bytes32 modelId) external view returns (Position memory);
}
