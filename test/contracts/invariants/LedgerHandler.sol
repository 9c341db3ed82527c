// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Ledger} from "../../../contracts/Ledger.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {Currency} from "../../../contracts/libraries/Currency.sol";
import {Market} from "../support/Market.sol";
import {vm} from "../support/Vm.sol";

/// @notice Acts on a ledger as honest and hostile people do: wrong keys, expired keys, replays, deposits into an exit, strangers at
/// every door. Beside it runs a model of what should happen, written from docs/spec/money.md and not from the contract: before each
/// call it says what must change and whether the call must fail, after it compares. The first difference is kept in `violation`.
contract LedgerHandler is Market {
    uint256 internal constant CLIENTS = 3;
    uint256 internal constant PROVIDERS = 2;
    uint256 internal constant MODELS = 2;

    struct Client {
        address account;
        uint256 signer; // a secret key, 0 before the account exists
        uint256 oldSigner;
        uint256 oldValidUntil;
        uint256 balance;
        uint256 exit;
        uint256 exitReadyAt;
        uint256 deposited;
        uint256 withdrawn;
    }

    struct Line {
        uint256 settled;
        uint256 prefunded;
        uint256 units;
        uint256 releaseAt;
        uint256 signedMax; // the highest total that a valid key ever signed and someone landed
    }

    struct Payee {
        address account;
        uint256 earned;
        uint256 lifetime;
        uint256 claimed;
        uint256 batches;
    }

    Client[CLIENTS] internal clients;
    Payee[PROVIDERS] internal payees;
    mapping(uint256 => mapping(uint256 => mapping(uint256 => Line))) internal lines; // payee, model, client
    string public violation;
    uint256 public calls;
    bool internal immutable native;

    struct Sent {
        uint256 payee;
        ILedger.Group[] groups;
    }

    Sent[] private _accepted; // to be replayed
    mapping(uint256 => bytes32[]) internal commits; // by payee, as each batch left them

    constructor(bool native_) {
        native = native_;
        if (native_) _deploy(Currency.wrap(address(0)));
        else _deployToken();
        for (uint256 i = 0; i < CLIENTS; ++i) clients[i].account = vm.addr(_mainKey(i));
        for (uint256 i = 0; i < PROVIDERS; ++i) payees[i].account = vm.addr(_payeeKey(i));
        vm.deal(address(this), 1e30);
        if (!native_) token.approve(address(ledger), type(uint256).max);
    }

    // ---- what people do ----

    function deposit(uint256 who, uint96 amount) external {
        uint256 c = who % CLIENTS;
        amount = uint96(uint256(amount) % 20 ether);
        bool ok = _try(address(this), abi.encodeCall(ledger.deposit, (clients[c].account, amount)), native ? amount : 0);
        _expect(ok, amount != 0, "deposit");
        if (!ok) return;
        clients[c].deposited += amount;
        _credit(c, amount);
    }

    function setSigner(uint256 who, uint256 choice) external {
        uint256 c = who % CLIENTS;
        Client storage client = clients[c];
        uint256 key = _keyOf(c, choice);
        bool ok = _try(client.account, abi.encodeCall(ledger.setSigner, (vm.addr(key))), 0);
        _expect(ok, key != client.signer && _now() >= client.oldValidUntil, "setSigner");
        if (!ok) return;
        if (client.signer != 0) (client.oldSigner, client.oldValidUntil) = (client.signer, _now() + DAY);
        client.signer = key;
    }

    function startExit(uint256 who, uint96 amount) external {
        Client storage client = clients[who % CLIENTS];
        amount = uint96(uint256(amount) % 30 ether);
        uint256 exit = amount < client.balance ? amount : client.balance;
        bool ok = _try(client.account, abi.encodeCall(ledger.startExit, (amount)), 0);
        _expect(ok, client.exitReadyAt == 0 && exit != 0, "startExit");
        if (ok) (client.exit, client.exitReadyAt) = (exit, _now() + DAY);
    }

    function cancelExit(uint256 who) external {
        Client storage client = clients[who % CLIENTS];
        bool ok = _try(client.account, abi.encodeCall(ledger.cancelExit, ()), 0);
        _expect(ok, client.exitReadyAt != 0, "cancelExit");
        if (ok) (client.exit, client.exitReadyAt) = (0, 0);
    }

    function finishExit(uint256 who, uint256 when) external {
        Client storage client = clients[who % CLIENTS];
        _jump(client.exitReadyAt, when);
        uint256 before = _held(client.account);
        bool ok = _try(client.account, abi.encodeCall(ledger.finishExit, ()), 0);
        _expect(ok, client.exitReadyAt != 0 && _now() >= client.exitReadyAt, "finishExit");
        if (!ok) return;
        uint256 paid = client.exit < client.balance ? client.exit : client.balance;
        _check(_held(client.account) - before == paid, "finishExit pays min(exit, balance)");
        (client.exit, client.exitReadyAt) = (0, 0);
        client.balance -= paid;
        client.withdrawn += paid;
    }

    function prefund(uint256 who, uint256 whom, uint256 model, uint96 upTo, uint256 choice, uint256 deadlineShift) external {
        (uint256 c, uint256 p, uint256 m) = (who % CLIENTS, whom % PROVIDERS, model % MODELS);
        _prefund(c, p, m, uint96(lines[p][m][c].settled + uint256(upTo) % 10 ether), _keyOf(c, choice), deadlineShift);
    }

    /// @dev With a deadline from a second ago on.
    function _prefund(uint256 c, uint256 p, uint256 m, uint96 upTo, uint256 key, uint256 shift) private {
        Line storage line = lines[p][m][c];
        uint40 deadline = uint40(_now() + shift % 8 - 1);
        bool ok = _try(stranger, _prefundCall(key, clients[c].account, payees[p].account, _modelOf(m), upTo, deadline), 0);
        uint256 base = line.prefunded > line.settled ? line.prefunded : line.settled;
        uint256 need = upTo > base ? upTo - base : 0;
        _expect(ok, deadline >= _now() && _mayiSign(c, key) && need <= clients[c].balance, "prefund");
        if (!ok || need == 0) return;
        clients[c].balance -= need;
        line.prefunded = upTo;
        line.releaseAt = 0;
    }

    function startRelease(uint256 who, uint256 whom, uint256 model) external {
        (uint256 c, uint256 p, uint256 m) = (who % CLIENTS, whom % PROVIDERS, model % MODELS);
        Line storage line = lines[p][m][c];
        bytes memory data = abi.encodeCall(ledger.startRelease, (payees[p].account, _modelOf(m)));
        bool ok = _try(clients[c].account, data, 0);
        _expect(ok, line.prefunded > line.settled && line.releaseAt == 0, "startRelease");
        if (ok) line.releaseAt = _now() + DAY;
    }

    function finishRelease(uint256 who, uint256 whom, uint256 model, uint256 when) external {
        (uint256 c, uint256 p, uint256 m) = (who % CLIENTS, whom % PROVIDERS, model % MODELS);
        Line storage line = lines[p][m][c];
        _jump(line.releaseAt, when);
        bytes memory data = abi.encodeCall(ledger.finishRelease, (payees[p].account, _modelOf(m)));
        bool ok = _try(clients[c].account, data, 0);
        _expect(ok, line.releaseAt != 0 && _now() >= line.releaseAt, "finishRelease");
        if (!ok) return;
        line.releaseAt = 0;
        _lower(p, m, c, 0);
    }

    function release(uint256 who, uint256 whom, uint256 model, uint96 downTo, uint256 signer) external {
        (uint256 c, uint256 p, uint256 m) = (who % CLIENTS, whom % PROVIDERS, model % MODELS);
        downTo = uint96(uint256(downTo) % 20 ether);
        uint256 key = signer % 3 == 0 ? STRANGER_KEY : signer % 3 == 1 ? _mainKey(c) : _payeeKey(p);
        bool ok = _try(stranger, _releaseCall(key, clients[c].account, payees[p].account, _modelOf(m), downTo), 0);
        _expect(ok, key == _payeeKey(p), "release");
        if (ok) _lower(p, m, c, downTo);
    }

    /// @dev One voucher for each client, in turn honest, stale, beyond the client's means, or signed by some other key.
    function settle(uint256 whom, uint256 model, uint256 seed, bool relayed) external {
        (uint256 p, uint256 m) = (whom % PROVIDERS, model % MODELS);
        ILedger.Group[] memory groups = new ILedger.Group[](1);
        groups[0].modelId = _modelOf(m);
        groups[0].items = new ILedger.Item[](CLIENTS);
        bool valid = true;
        for (uint256 c = 0; c < CLIENTS; ++c) {
            uint256 roll = uint256(keccak256(abi.encode(seed, c)));
            Line storage line = lines[p][m][c];
            uint96 cumulative = uint96(line.settled + (roll >> 8) % 6 ether);
            if (roll % 5 == 0) cumulative = uint96(line.settled - line.settled / 3); // stale
            if (roll % 5 == 1) cumulative = uint96(line.settled + 100 ether); // beyond means
            // Mostly the right key, so that batches get through; else any, the old one and strangers included.
            uint256 key = (roll >> 4) % 8 == 0 || clients[c].signer == 0 ? _keyOf(c, roll >> 128) : clients[c].signer;
            if ((roll >> 4) % 8 == 1 && clients[c].oldSigner != 0) key = clients[c].oldSigner;
            groups[0].items[c] = _item(key, clients[c].account, payees[p].account, groups[0].modelId, cumulative);
            if (cumulative > line.settled) {
                if (!_mayiSign(c, key)) valid = false;
                else if (cumulative > line.signedMax) line.signedMax = cumulative;
            }
        }
        _land(p, m, groups, valid, relayed);
    }

    /// @dev Lands a batch again that was accepted before: it may pay what was short then, never more.
    function replay(uint256 which) external {
        if (_accepted.length == 0) return;
        Sent storage sent = _accepted[which % _accepted.length];
        uint256 m = sent.groups[0].modelId == _modelOf(0) ? 0 : 1;
        bool valid = true;
        for (uint256 c = 0; c < CLIENTS; ++c) {
            ILedger.Item memory item = sent.groups[0].items[c];
            if (item.cumulative <= lines[sent.payee][m][c].settled) continue;
            if (!_stillValid(c, sent.payee, sent.groups[0].modelId, item)) valid = false;
        }
        ILedger.Group[] memory groups = sent.groups;
        _land(sent.payee, m, groups, valid, false);
    }

    /// @dev A voucher made out to one provider, or for one model, settled by or for another: never pays.
    function misuse(uint256 who, uint256 whom, uint256 model, uint96 more) external {
        (uint256 c, uint256 p, uint256 m) = (who % CLIENTS, whom % PROVIDERS, model % MODELS);
        if (clients[c].signer == 0) return;
        uint256 thief = (p + 1) % PROVIDERS;
        uint96 cumulative = uint96(lines[thief][m][c].settled + 1 + uint256(more) % 1 ether);
        ILedger.Item memory item =
            _item(clients[c].signer, clients[c].account, payees[p].account, _modelOf(m), cumulative);
        bytes memory data = abi.encodeCall(ledger.settle, (_groups(_modelOf(m), item)));
        _expect(_try(payees[thief].account, data, 0), false, "another provider's voucher");
        cumulative = uint96(lines[p][1 - m][c].settled + 1 + uint256(more) % 1 ether);
        item = _item(clients[c].signer, clients[c].account, payees[p].account, _modelOf(m), cumulative);
        data = abi.encodeCall(ledger.settle, (_groups(_modelOf(1 - m), item)));
        _expect(_try(payees[p].account, data, 0), false, "another model's voucher");
    }

    function claim(uint256 whom) external {
        Payee storage payee = payees[whom % PROVIDERS];
        uint256 before = _held(payee.account);
        bool ok = _try(stranger, abi.encodeCall(ledger.claim, (payee.account)), 0);
        _expect(ok, payee.earned != 0, "claim");
        if (!ok) return;
        _check(_held(payee.account) - before == payee.earned, "claim pays what was earned");
        payee.claimed += payee.earned;
        payee.earned = 0;
    }

    /// @dev Some hours, or to the last second of an old key, or to the first without it.
    function pass(uint256 time, uint256 who, uint256 when) external {
        ++calls;
        if (when % 3 == 0) vm.warp(_now() + time % (DAY / 2));
        else _jump(clients[who % CLIENTS].oldValidUntil, when);
    }

    /// @dev A stranger at every door: their own account has nothing to give, and nobody else's may move.
    function intrude(uint256 door, uint256 who) external {
        address victim = clients[who % CLIENTS].account;
        bytes[6] memory doors = [
            abi.encodeCall(ledger.cancelExit, ()),
            abi.encodeCall(ledger.finishExit, ()),
            abi.encodeCall(ledger.startExit, (1)),
            abi.encodeCall(ledger.startRelease, (victim, MODEL)),
            abi.encodeCall(ledger.finishRelease, (victim, MODEL)),
            abi.encodeCall(ledger.settleFor, (payees[who % PROVIDERS].account, new ILedger.Group[](0), NEVER, ""))
        ];
        _expect(_try(stranger, doors[door % 6], 0), false, "a stranger came in");
    }

    // ---- the model ----

    function _land(uint256 p, uint256 m, ILedger.Group[] memory groups, bool valid, bool relayed) private {
        Payee storage payee = payees[p];
        bytes memory data = abi.encodeCall(ledger.settle, (groups));
        address sender = payee.account;
        if (relayed) {
            bytes memory signature = _settleSignature(_payeeKey(p), payee.account, groups, NEVER);
            (data, sender) = (abi.encodeCall(ledger.settleFor, (payee.account, groups, NEVER, signature)), stranger);
        }
        bool ok = _try(sender, data, 0);
        _expect(ok, valid, "settle");
        if (!ok) return;
        uint256 total;
        for (uint256 c = 0; c < CLIENTS; ++c) total += _pay(p, m, c, groups[0].items[c]);
        payee.earned += total;
        payee.lifetime += total;
        if (total != 0) {
            commits[p].push(ledger.batchCommit(payee.account, payee.batches));
            ++payee.batches;
            if (_accepted.length < 16) {
                Sent storage sent = _accepted.push();
                sent.payee = p;
                sent.groups.push();
                sent.groups[0].modelId = groups[0].modelId;
                for (uint256 i = 0; i < CLIENTS; ++i) sent.groups[0].items.push(groups[0].items[i]);
            }
        }
    }

    function _pay(uint256 p, uint256 m, uint256 c, ILedger.Item memory item) private returns (uint256 paid) {
        Line storage line = lines[p][m][c];
        if (item.cumulative <= line.settled) return 0;
        uint256 left = line.prefunded > line.settled ? line.prefunded - line.settled : 0;
        paid = item.cumulative - line.settled;
        if (paid > left + clients[c].balance) paid = left + clients[c].balance;
        if (paid == 0) return 0;
        _check(item.cumulative > line.prefunded || paid == item.cumulative - line.settled, "a guarantee pays in full");
        if (paid > left) clients[c].balance -= paid - left;
        line.settled += paid;
        if (item.units > line.units) line.units = item.units;
    }

    function _credit(uint256 c, uint256 amount) private {
        Client storage client = clients[c];
        if (client.exit > client.balance) client.exit = client.balance;
        client.balance += amount;
        if (client.signer == 0) client.signer = _mainKey(c);
    }

    function _lower(uint256 p, uint256 m, uint256 c, uint256 downTo) private {
        Line storage line = lines[p][m][c];
        uint256 floor = line.settled > downTo ? line.settled : downTo;
        if (line.prefunded <= floor) return;
        uint256 amount = line.prefunded - floor;
        line.prefunded = floor;
        _credit(c, amount);
    }

    function _prefundCall(uint256 key, address payer, address payee, bytes32 modelId, uint96 upTo, uint40 deadline)
        private
        view
        returns (bytes memory)
    {
        (bytes32 r, bytes32 vs) = _prefundSignature(key, payer, payee, modelId, upTo, deadline);
        return abi.encodeCall(ledger.prefund, (payer, payee, modelId, upTo, deadline, r, vs));
    }

    function _releaseCall(uint256 key, address payer, address payee, bytes32 modelId, uint96 downTo)
        private
        view
        returns (bytes memory)
    {
        bytes memory signature = _releaseSignature(key, payer, payee, modelId, downTo, NEVER);
        return abi.encodeCall(ledger.release, (payer, payee, modelId, downTo, NEVER, signature));
    }

    // ---- keys ----

    function _mainKey(uint256 c) internal pure returns (uint256) {
        return 0xc100 + c;
    }

    function _payeeKey(uint256 p) internal pure returns (uint256) {
        return 0xa100 + p;
    }

    /// @dev The main key, one of two session keys, a stranger's, or another client's.
    function _keyOf(uint256 c, uint256 choice) private pure returns (uint256) {
        uint256 pick = choice % 5;
        if (pick == 0) return _mainKey(c);
        if (pick <= 2) return 0x5e00 + 2 * c + pick;
        return pick == 3 ? STRANGER_KEY : _mainKey((c + 1) % CLIENTS);
    }

    function _mayiSign(uint256 c, uint256 key) private view returns (bool) {
        Client storage client = clients[c];
        if (key == client.signer) return true;
        return client.oldSigner == key && client.oldSigner != 0 && _now() < client.oldValidUntil;
    }

    function _stillValid(uint256 c, uint256 p, bytes32 modelId, ILedger.Item memory item) private view returns (bool) {
        uint256[5] memory keys = [_keyOf(c, 0), _keyOf(c, 1), _keyOf(c, 2), _keyOf(c, 3), _keyOf(c, 4)];
        address payer = clients[c].account;
        address payee = payees[p].account;
        bytes32 digest = _voucherDigest(payer, payee, modelId, item.cumulative, item.units, item.workRoot);
        for (uint256 i = 0; i < 5; ++i) {
            if (!_mayiSign(c, keys[i])) continue;
            (bytes32 r, bytes32 vs) = _compact(keys[i], digest);
            if (r == item.r && vs == item.vs) return true;
        }
        return false;
    }

    // ---- tools ----

    /// @dev Read afresh: the optimiser takes block.timestamp for a constant within a call, and `vm.warp` changes it.
    function _now() private view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    /// @dev To a second before `time`, to the second, or not at all; never back.
    function _jump(uint256 time, uint256 when) private {
        uint256 target = when % 3 == 1 ? time : when % 3 == 2 ? time - (time == 0 ? 0 : 1) : 0;
        if (target > _now()) vm.warp(target);
    }

    function _modelOf(uint256 m) internal pure returns (bytes32) {
        return m == 0 ? MODEL : OTHER_MODEL;
    }

    function _held(address account) internal view returns (uint256) {
        return native ? account.balance : token.balanceOf(account);
    }

    function _try(address sender, bytes memory data, uint256 value) private returns (bool ok) {
        ++calls;
        if (sender != address(this)) vm.prank(sender);
        (ok,) = address(ledger).call{value: value}(data);
    }

    function _expect(bool ok, bool expected, string memory what) private {
        _check(ok == expected, string.concat(what, expected ? " was refused" : " was accepted"));
    }

    function _check(bool condition, string memory what) private {
        if (!condition && bytes(violation).length == 0) violation = what;
    }

    receive() external payable {}
}
