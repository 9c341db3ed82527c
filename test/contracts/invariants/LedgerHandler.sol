// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {vm} from "../support/Vm.sol";
import {LedgerSettler} from "./LedgerSettler.sol";
import {Money} from "./LedgerModel.sol";

/// @notice What clients, providers and payees do, each with the right key and with every wrong one, in time and too late.
contract LedgerHandler is LedgerSettler {
    constructor(Money money_) LedgerSettler(money_) {}

    function deposit(uint256 who, uint96 amount) external {
        _deposit(who % CLIENTS, uint96(uint256(amount) % 20 ether));
    }

    /// @dev Also into a waiting exit: a stranger's wei moves neither its amount nor its time.
    function dust(uint256 who) external {
        _deposit(who % CLIENTS, 1);
    }

    function _deposit(uint256 c, uint96 amount) internal {
        bytes memory data = abi.encodeCall(ledger.deposit, (clients[c].account, amount));
        bool ok = _try(address(this), data, money == Money.native ? amount : 0);
        _expect(ok, amount != 0 && _net(amount) == amount, "deposit");
        if (!ok) return;
        clients[c].deposited += amount;
        _credit(c, amount);
    }

    function setSigner(uint256 who, uint256 choice) external {
        uint256 c = who % CLIENTS;
        Client storage entry = clients[c];
        uint256 key = _keyOf(c, choice);
        bool ok = _try(entry.account, abi.encodeCall(ledger.setSigner, (vm.addr(key))), 0);
        _expect(ok, key != entry.signer && _now() >= entry.oldValidUntil, "setSigner");
        if (!ok) return;
        if (entry.signer != 0) (entry.oldSigner, entry.oldValidUntil) = (entry.signer, _now() + DAY);
        entry.signer = key;
    }

    function startExit(uint256 who, uint96 amount) external {
        Client storage entry = clients[who % CLIENTS];
        amount = uint96(uint256(amount) % 30 ether);
        uint256 exit = amount < entry.balance ? amount : entry.balance;
        bool ok = _try(entry.account, abi.encodeCall(ledger.startExit, (amount)), 0);
        _expect(ok, entry.exitReadyAt == 0 && exit != 0, "startExit");
        if (ok) (entry.exit, entry.exitReadyAt) = (exit, _now() + DAY);
    }

    function cancelExit(uint256 who) external {
        Client storage entry = clients[who % CLIENTS];
        bool ok = _try(entry.account, abi.encodeCall(ledger.cancelExit, ()), 0);
        _expect(ok, entry.exitReadyAt != 0, "cancelExit");
        if (ok) (entry.exit, entry.exitReadyAt) = (0, 0);
    }

    function finishExit(uint256 who, uint256 when) external {
        Client storage entry = clients[who % CLIENTS];
        _jump(entry.exitReadyAt, when);
        uint256 paid = entry.exit < entry.balance ? entry.exit : entry.balance;
        uint256 before = _held(entry.account);
        bool ok = _try(entry.account, abi.encodeCall(ledger.finishExit, ()), 0);
        bool ready = entry.exitReadyAt != 0 && _now() >= entry.exitReadyAt;
        _expect(ok, ready && (paid == 0 || _takes(entry.account)), "17: finishExit");
        if (!ok) return;
        _check(_held(entry.account) - before == _net(paid), "17: finishExit pays min(exit, balance)");
        (entry.exit, entry.exitReadyAt) = (0, 0);
        entry.balance -= paid;
        entry.withdrawn += paid;
    }

    function prefund(uint256 who, uint256 whom, uint256 model, uint96 upTo, uint256 choice, uint256 shift) external {
        (uint256 c, uint256 p, uint256 m) = (who % CLIENTS, whom % PROVIDERS, model % MODELS);
        uint256 key = choice % 2 == 0 && clients[c].signer != 0 ? clients[c].signer : _keyOf(c, choice >> 1);
        _prefundAs(key, c, p, m, uint96(lines[p][m][c].settled + uint256(upTo) % 10 ether), shift);
    }

    /// @dev With a deadline from a second ago on.
    function _prefundAs(uint256 key, uint256 c, uint256 p, uint256 m, uint96 upTo, uint256 shift) private {
        uint40 deadline = uint40(_now() + shift % 8 - 1);
        bool ok = _try(stranger, _prefundCall(key, c, p, m, upTo, deadline), 0);
        bool may = deadline >= _now() && _maySign(c, key);
        _expect(ok, may && _need(lines[p][m][c], upTo) <= clients[c].balance, "8: prefund");
        if (ok) _secure(p, m, c, upTo);
    }

    function startRelease(uint256 who, uint256 whom, uint256 model) external {
        (uint256 c, uint256 p, uint256 m) = (who % CLIENTS, whom % PROVIDERS, model % MODELS);
        Line storage line = lines[p][m][c];
        bytes memory data = abi.encodeCall(ledger.startRelease, (providers[p].account, _modelOf(m)));
        bool ok = _try(clients[c].account, data, 0);
        _expect(ok, line.prefunded > line.settled && line.releaseAt == 0, "startRelease");
        if (ok) line.releaseAt = _now() + DAY;
    }

    function finishRelease(uint256 who, uint256 whom, uint256 model, uint256 when) external {
        (uint256 c, uint256 p, uint256 m) = (who % CLIENTS, whom % PROVIDERS, model % MODELS);
        Line storage line = lines[p][m][c];
        _jump(line.releaseAt, when);
        bytes memory data = abi.encodeCall(ledger.finishRelease, (providers[p].account, _modelOf(m)));
        bool ok = _try(clients[c].account, data, 0);
        _expect(ok, line.releaseAt != 0 && _now() >= line.releaseAt, "8: finishRelease");
        if (!ok) return;
        line.releaseAt = 0;
        _lower(p, m, c, 0);
    }

    /// @dev Signed by a stranger, by the client itself, by the provider or by its operator of the day.
    function release(uint256 who, uint256 whom, uint256 model, uint96 downTo, uint256 signer) external {
        (uint256 c, uint256 p, uint256 m) = (who % CLIENTS, whom % PROVIDERS, model % MODELS);
        downTo = uint96(uint256(downTo) % 20 ether);
        uint256 key = signer % 4 == 0 ? STRANGER_KEY : signer % 4 == 1 ? _mainKey(c) : _officeKey(p, signer);
        bool ok = _try(stranger, _releaseCall(key, c, p, m, downTo), 0);
        _expect(ok, key == _providerKey(p) || key == providers[p].operator, "8: release");
        if (ok) _lower(p, m, c, downTo);
    }

    function setOperator(uint256 whom, uint256 choice) external {
        Provider storage entry = providers[whom % PROVIDERS];
        uint256 key = choice % 3 == 0 ? 0 : 0x0be0 + choice % 3;
        address operator = key == 0 ? address(0) : vm.addr(key);
        _expect(_try(entry.account, abi.encodeCall(ledger.setOperator, (operator)), 0), true, "setOperator");
        entry.operator = key;
    }

    function claim(uint256 whom) external {
        Provider storage entry = providers[whom % PROVIDERS];
        uint256 before = _held(entry.account);
        bool ok = _try(stranger, abi.encodeCall(ledger.claim, (entry.account)), 0);
        _expect(ok, entry.earned != 0 && _takes(entry.account), "claim");
        if (!ok) return;
        _check(_held(entry.account) - before == _net(entry.earned), "claim pays what was earned");
        entry.claimed += entry.earned;
        entry.earned = 0;
    }

    /// @dev Of a payee, of one who is none, and of a model that has none.
    function claimRoyalty(uint256 whom, bool ofNoModel) external {
        uint256 i = whom % (PAYEES + 1);
        bytes memory data = abi.encodeCall(ledger.claimRoyalty, (_modelOf(ofNoModel ? 0 : 1), i));
        if (ofNoModel || i == PAYEES) {
            _expect(_try(stranger, data, 0), false, "nobody's royalty");
            return;
        }
        Payee storage entry = payees[i];
        uint256 due = _part(i, gross) - entry.claimed;
        uint256 before = _held(entry.account);
        bool ok = _try(stranger, data, 0);
        _expect(ok, due != 0 && _takes(entry.account), "claimRoyalty");
        if (!ok) return;
        _check(_held(entry.account) - before == _net(due), "claimRoyalty pays what is due");
        entry.claimed += due;
    }

    /// @dev From then on the second model pays its payees; before, its provider had all.
    function register() external {
        (address[] memory accounts, uint16[] memory bps) = _terms();
        vm.prank(stranger);
        models.register(keccak256("manifest"), accounts, bps);
        registered = true;
    }

    /// @dev Some hours, or to the last second of an old key, or to the first without it.
    function pass(uint256 time, uint256 who, uint256 when) external {
        if (when % 3 == 0) vm.warp(_now() + time % (DAY / 2));
        else _jump(clients[who % CLIENTS].oldValidUntil, when);
    }

    function _prefundCall(uint256 key, uint256 c, uint256 p, uint256 m, uint96 upTo, uint40 deadline)
        internal
        view
        returns (bytes memory)
    {
        (address payer, address payee) = (clients[c].account, providers[p].account);
        (bytes32 r, bytes32 vs) = _prefundSignature(key, payer, payee, _modelOf(m), upTo, deadline);
        return abi.encodeCall(ledger.prefund, (payer, payee, _modelOf(m), upTo, deadline, r, vs));
    }

    function _releaseCall(uint256 key, uint256 c, uint256 p, uint256 m, uint96 downTo) internal view returns (bytes memory) {
        (address payer, address payee) = (clients[c].account, providers[p].account);
        bytes memory signature = _releaseSignature(key, payer, payee, _modelOf(m), downTo, NEVER);
        return abi.encodeCall(ledger.release, (payer, payee, _modelOf(m), downTo, NEVER, signature));
    }
}
