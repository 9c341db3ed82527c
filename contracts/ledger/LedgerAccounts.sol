// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {Currency} from "../libraries/Currency.sol";

/// @notice A client's side of the escrow: deposits, the signing key and its rotation, the delayed exit.
abstract contract LedgerAccounts is ILedger, EIP712, ReentrancyGuardTransient {
    uint256 public constant EXIT_DELAY_MIN = 1 hours;
    uint256 public constant EXIT_DELAY_MAX = 30 days;

    /// @dev Longer than the chain's censorship window: 24 h on an OP-Stack chain, 48 h where force-inclusion takes a day.
    uint256 public immutable EXIT_DELAY;
    Currency public immutable currency;

    mapping(address client => Account) public accounts;
    mapping(address client => Exit) public exits;
    mapping(address client => OldKey) public oldKeys;

    constructor(Currency currency_, uint256 exitDelay) EIP712("openseam", "1") {
        require(
            exitDelay >= EXIT_DELAY_MIN && exitDelay <= EXIT_DELAY_MAX,
            DelayOutOfBounds(exitDelay, EXIT_DELAY_MIN, EXIT_DELAY_MAX)
        );
        currency = currency_;
        EXIT_DELAY = exitDelay;
    }

    /// @inheritdoc ILedger
    function deposit(address client, uint96 amount) external payable nonReentrant {
        require(client != address(0), ZeroAddress());
        require(amount != 0, ZeroAmount());
        currency.pull(amount);
        _credit(client, amount);
        emit Deposited(client, msg.sender, amount);
    }

    /// @inheritdoc ILedger
    function setSigner(address key) external {
        require(key != address(0), ZeroAddress());
        address current = accounts[msg.sender].signer;
        require(key != current, SignerUnchanged(key));
        // A second rotation would drop the first old key early, and with it vouchers that providers hold in good faith.
        uint40 pending = oldKeys[msg.sender].validUntil;
        require(block.timestamp >= pending, RotationPending(pending));
        uint40 validUntil;
        if (current != address(0)) {
            validUntil = uint40(block.timestamp + EXIT_DELAY);
            oldKeys[msg.sender] = OldKey(current, validUntil);
        }
        accounts[msg.sender].signer = key;
        emit SignerSet(msg.sender, key, current, validUntil);
    }

    /// @inheritdoc ILedger
    function startExit(uint96 amount) external {
        uint40 pending = exits[msg.sender].readyAt;
        require(pending == 0, ExitPending(pending));
        // Trimmed rather than refused: a batch that lands just before must not make the exit fail.
        uint96 balance = accounts[msg.sender].balance;
        if (amount > balance) amount = balance;
        require(amount != 0, NothingToExit());
        uint40 readyAt = uint40(block.timestamp + EXIT_DELAY);
        exits[msg.sender] = Exit(amount, readyAt);
        emit ExitChanged(msg.sender, amount, readyAt);
    }

    /// @inheritdoc ILedger
    function cancelExit() external {
        require(exits[msg.sender].readyAt != 0, NoExit());
        delete exits[msg.sender];
        emit ExitChanged(msg.sender, 0, 0);
    }

    /// @inheritdoc ILedger
    function finishExit() external nonReentrant {
        Exit memory exit = exits[msg.sender];
        require(
            exit.readyAt != 0 && block.timestamp >= exit.readyAt, ExitNotReady(exit.readyAt, block.timestamp)
        );
        uint96 balance = accounts[msg.sender].balance;
        uint96 amount = exit.amount < balance ? exit.amount : balance;
        delete exits[msg.sender];
        accounts[msg.sender].balance = balance - amount;
        emit ExitChanged(msg.sender, 0, 0);
        emit Withdrawn(msg.sender, amount);
        if (amount != 0) currency.push(msg.sender, amount);
    }

    /// @dev Every rise of a balance passes here. An exit that waits was promised only the money of its day: without the trim, new
    /// money could leave on an old timer.
    function _credit(address client, uint96 amount) internal {
        Account memory account = accounts[client];
        Exit memory exit = exits[client];
        if (exit.amount > account.balance) {
            exits[client].amount = account.balance;
            emit ExitChanged(client, account.balance, exit.readyAt);
        }
        address signer = account.signer == address(0) ? client : account.signer;
        accounts[client] = Account(signer, account.balance + amount);
    }

    /// @dev Plain ECDSA against a key in storage, never the account's own code: a wallet that changes cannot void what it signed.
    function _isClientKey(address client, address signer, bytes32 digest, bytes32 r, bytes32 vs) internal view returns (bool) {
        (address recovered,,) = ECDSA.tryRecover(digest, r, vs);
        if (recovered == address(0)) return false;
        if (recovered == signer) return true;
        OldKey memory old = oldKeys[client];
        return recovered == old.signer && block.timestamp < old.validUntil;
    }
}
