// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {OpenToken} from "../../../contracts/OpenToken.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {Currency} from "../../../contracts/libraries/Currency.sol";
import {Market} from "../support/Market.sol";
import {HostileToken, Receiver} from "../support/Tokens.sol";
import {vm} from "../support/Vm.sol";

/// @notice What the deployment pays with: the real token, the chain's own coin, or a token that takes fees and calls back.
enum Money {
    open,
    native,
    hostile
}

/// @notice What should happen, written from docs/spec/money.md and not from the contract. A handler says before each call what must
/// change and whether the call must fail; the first difference is kept in `violation`.
contract LedgerModel is Market {
    uint256 internal constant CLIENTS = 3;
    uint256 internal constant PROVIDERS = 2;
    uint256 internal constant MODELS = 2; // the first never registered, the second by someone, some day
    uint256 internal constant PAYEES = 3;

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

    struct Provider {
        address account;
        uint256 operator; // a secret key, 0 for none
        uint256 earned;
        uint256 lifetime;
        uint256 royalties; // what of its clients' payments went to payees
        uint256 claimed;
        uint256 batches;
    }

    struct Payee {
        address account;
        uint16 bps;
        uint256 claimed;
    }

    Client[CLIENTS] internal clients;
    Provider[PROVIDERS] internal providers;
    Payee[PAYEES] internal payees;
    mapping(uint256 => mapping(uint256 => mapping(uint256 => Line))) internal lines; // provider, model, client
    mapping(uint256 => bytes32[]) internal commits; // by provider, as each batch left them
    bool internal registered;
    uint256 internal gross;

    string public violation;
    uint256 public calls;
    Money internal immutable money;
    HostileToken internal hostile;
    bytes32 internal immutable royalModel;

    constructor(Money money_) {
        money = money_;
        vm.deal(address(this), 1e30);
        if (money_ == Money.open) {
            _deployToken();
        } else if (money_ == Money.native) {
            _deploy(Currency.wrap(address(0)));
        } else {
            hostile = new HostileToken(address(this));
            token = OpenToken(address(hostile)); // for what both have
            _deploy(Currency.wrap(address(hostile)));
        }
        if (money_ != Money.native) token.approve(address(ledger), type(uint256).max);
        for (uint256 i = 0; i < CLIENTS; ++i) clients[i].account = vm.addr(_mainKey(i));
        for (uint256 i = 0; i < PROVIDERS; ++i) providers[i].account = vm.addr(_providerKey(i));
        for (uint256 i = 0; i < PAYEES; ++i) payees[i].account = vm.addr(0xd100 + i);
        (payees[0].bps, payees[1].bps, payees[2].bps) = (1_000, 333, 1);
        (address[] memory accounts, uint16[] memory bps) = _terms();
        royalModel = keccak256(abi.encode(keccak256("manifest"), accounts, bps));
        if (money_ != Money.native) return;
        // One of each kind is a contract with moods, behind an account that signs: EIP-7702 makes both possible at once.
        _possess(clients[2].account);
        _possess(providers[1].account);
        _possess(payees[0].account);
    }

    function _possess(address account) private {
        vm.etch(account, type(Receiver).runtimeCode);
        Receiver(payable(account)).set(Receiver.Mood.glad, ledger, providers[1].account);
    }

    function _terms() internal view returns (address[] memory accounts, uint16[] memory bps) {
        accounts = new address[](PAYEES);
        bps = new uint16[](PAYEES);
        for (uint256 i = 0; i < PAYEES; ++i) (accounts[i], bps[i]) = (payees[i].account, payees[i].bps);
    }

    function _modelOf(uint256 m) internal view returns (bytes32) {
        return m == 0 ? MODEL : royalModel;
    }

    // ---- what changes when a call is taken ----

    function _credit(uint256 c, uint256 amount) internal {
        Client storage entry = clients[c];
        if (entry.exit > entry.balance) entry.exit = entry.balance;
        entry.balance += amount;
        if (entry.signer == 0) entry.signer = _mainKey(c);
    }

    function _lower(uint256 p, uint256 m, uint256 c, uint256 downTo) internal {
        Line storage line = lines[p][m][c];
        uint256 floor = line.settled > downTo ? line.settled : downTo;
        if (line.prefunded <= floor) return;
        uint256 amount = line.prefunded - floor;
        line.prefunded = floor;
        _credit(c, amount);
    }

    /// @dev What `upTo` would take from the client's balance.
    function _need(Line storage line, uint256 upTo) internal view returns (uint256) {
        uint256 base = line.prefunded > line.settled ? line.prefunded : line.settled;
        return upTo > base ? upTo - base : 0;
    }

    function _secure(uint256 p, uint256 m, uint256 c, uint256 upTo) internal {
        Line storage line = lines[p][m][c];
        uint256 need = _need(line, upTo);
        if (need == 0) return;
        clients[c].balance -= need;
        line.prefunded = upTo;
        line.releaseAt = 0;
    }

    function _pay(uint256 p, uint256 m, uint256 c, ILedger.Item memory item) internal returns (uint256 paid) {
        Line storage line = lines[p][m][c];
        if (item.cumulative <= line.settled) return 0;
        uint256 left = line.prefunded > line.settled ? line.prefunded - line.settled : 0;
        paid = item.cumulative - line.settled;
        if (paid > left + clients[c].balance) paid = left + clients[c].balance;
        if (paid == 0) return 0;
        _check(item.cumulative > line.prefunded || paid == item.cumulative - line.settled, "14: a guarantee pays in full");
        if (paid > left) clients[c].balance -= paid - left;
        line.settled += paid;
        if (item.units > line.units) line.units = item.units;
    }

    /// @dev All that payees have earned when clients have paid `total`: each part rounded down by itself.
    function _parts(uint256 total) internal view returns (uint256 sum) {
        for (uint256 i = 0; i < PAYEES; ++i) sum += _part(i, total);
    }

    function _part(uint256 payee, uint256 total) internal view returns (uint256) {
        return registered ? total * payees[payee].bps / 10_000 : 0;
    }

    /// @dev A group earned `total`; returns the payees' part.
    function _earn(uint256 p, uint256 m, uint256 total) internal returns (uint256 royalty) {
        if (m == 1 && registered) {
            royalty = _parts(gross + total) - _parts(gross);
            if (royalty > total) royalty = 0; // floors that rise together by more than was paid: it counts for nobody
            else gross += total;
        }
        providers[p].earned += total - royalty;
        providers[p].lifetime += total - royalty;
        providers[p].royalties += royalty;
    }

    // ---- keys ----

    function _mainKey(uint256 c) internal pure returns (uint256) {
        return 0xc100 + c;
    }

    function _providerKey(uint256 p) internal pure returns (uint256) {
        return 0xa100 + p;
    }

    /// @dev The main key, one of two session keys, a stranger's, or another client's.
    function _keyOf(uint256 c, uint256 choice) internal pure returns (uint256) {
        uint256 pick = choice % 5;
        if (pick == 0) return _mainKey(c);
        if (pick <= 2) return 0x5e00 + 2 * c + pick;
        return pick == 3 ? STRANGER_KEY : _mainKey((c + 1) % CLIENTS);
    }

    function _maySign(uint256 c, uint256 key) internal view returns (bool) {
        Client storage entry = clients[c];
        if (key == entry.signer) return true;
        return entry.oldSigner == key && entry.oldSigner != 0 && _now() < entry.oldValidUntil;
    }

    // ---- tools ----

    /// @dev Read afresh: the optimiser takes block.timestamp for a constant within a call, and `vm.warp` changes it.
    function _now() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    /// @dev To a second before `time`, to the second, or not at all; never back.
    function _jump(uint256 time, uint256 when) internal {
        uint256 target = when % 3 == 1 ? time : when % 3 == 2 ? time - (time == 0 ? 0 : 1) : 0;
        if (target > _now()) vm.warp(target);
    }

    function _held(address account) internal view returns (uint256) {
        return money == Money.native ? account.balance : token.balanceOf(account);
    }

    /// @dev A contract that refuses coins is paid none; nothing else about a receiver matters.
    function _takes(address account) internal view returns (bool) {
        if (money != Money.native || account.code.length == 0) return true;
        return Receiver(payable(account)).mood() != Receiver.Mood.refuses;
    }

    /// @dev What arrives of `amount`.
    function _net(uint256 amount) internal view returns (uint256) {
        return money == Money.hostile ? amount - hostile.feeOf(amount) : amount;
    }

    function _try(address sender, bytes memory data, uint256 value) internal returns (bool ok) {
        ++calls;
        if (sender != address(this)) vm.prank(sender);
        (ok,) = address(ledger).call{value: value}(data);
    }

    function _expect(bool ok, bool expected, string memory what) internal {
        _check(ok == expected, string.concat(what, expected ? " was refused" : " was accepted"));
    }

    function _check(bool condition, string memory what) internal {
        if (!condition && bytes(violation).length == 0) violation = what;
    }

    receive() external payable {}
}
