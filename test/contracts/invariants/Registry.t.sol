// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IRegistry} from "../../../contracts/interfaces/IRegistry.sol";
import {BatchHeader} from "../../../contracts/libraries/BatchHeader.sol";
import {Market} from "../support/Market.sol";
import {vm} from "../support/Vm.sol";

/// @notice Providers that come, go, settle and are slashed, beside a model of what their stake must be.
contract RegistryHandler is Market {
    uint256 internal constant COUNT = 2;

    struct Entry {
        bool registered;
        uint256 stake;
        uint256 unbonding;
        uint256 readyAt;
        uint256 openCases;
        uint256 slashes;
        uint96 settled;
        uint256 batches;
        BatchHeader newest;
    }

    /// @dev As the page says: an owner is written once, and only the owner ends a key's use.
    struct Use {
        address owner;
        bool revoked;
    }

    Entry[COUNT] internal entries;
    address[COUNT] internal payouts;
    mapping(address key => Use) internal uses;
    uint256 internal slashed;
    string internal violation;

    constructor() {
        _deployToken();
        _deposit(client, 1_000_000 ether);
        for (uint256 i = 0; i < COUNT; ++i) _fund(_account(i), 1_000_000 ether);
    }

    function _account(uint256 i) internal pure returns (address) {
        return vm.addr(0xa100 + i);
    }

    function register(uint256 who, uint96 stake) external {
        Entry storage entry = entries[who % COUNT];
        stake = uint96(uint256(stake) % (2 * uint256(STAKE)));
        bool ok = _try(_account(who % COUNT), abi.encodeCall(registry.register, (client, stake)));
        bool free = uses[_account(who % COUNT)].owner == address(0); // else it signs for the other provider
        _expect(ok, !entry.registered && free && stake >= STAKE, "register");
        if (!ok) return;
        (entry.registered, entry.stake) = (true, stake);
        payouts[who % COUNT] = client;
        uses[_account(who % COUNT)].owner = _account(who % COUNT);
    }

    function setPayout(uint256 who, uint256 choice) external {
        address payout = choice % 4 == 0 ? address(0) : address(uint160(choice % 4));
        bool ok = _try(_account(who % COUNT), abi.encodeCall(registry.setPayout, (payout)));
        _expect(ok, entries[who % COUNT].registered && payout != address(0), "setPayout");
        if (ok) payouts[who % COUNT] = payout;
    }

    /// @dev With the key's consent to this provider, to the other one, or with none.
    function addKey(uint256 who, uint256 which, uint256 lie) external {
        uint256 key = _keyAt(which);
        address consentTo = lie % 4 == 0 ? _account((who + 1) % COUNT) : _account(who % COUNT);
        bytes memory consent = lie % 4 == 1 ? bytes("") : _keySignature(key, consentTo);
        bool ok = _try(_account(who % COUNT), abi.encodeCall(registry.addKey, (vm.addr(key), consent)));
        bool free = uses[vm.addr(key)].owner == address(0);
        _expect(ok, entries[who % COUNT].registered && free && lie % 4 > 1, "12: addKey");
        if (ok) uses[vm.addr(key)].owner = _account(who % COUNT);
    }

    function revokeKey(uint256 who, uint256 which) external {
        address key = vm.addr(_keyAt(which));
        Use storage use = uses[key];
        address account = _account(who % COUNT);
        bool ok = _try(account, abi.encodeCall(registry.revokeKey, (key)));
        _expect(ok, use.owner == account && !use.revoked && key != account, "9: revokeKey");
        if (ok) use.revoked = true;
    }

    /// @dev Two keys that either may add, and the accounts' own.
    function _keyAt(uint256 which) private pure returns (uint256) {
        return which % 4 < 2 ? 0xeee0 + which % 4 : 0xa100 + which % 2;
    }

    function addStake(uint256 who, uint96 amount) external {
        Entry storage entry = entries[who % COUNT];
        amount = uint96(uint256(amount) % STAKE);
        bool ok = _try(_account(who % COUNT), abi.encodeCall(registry.addStake, (amount)));
        _expect(ok, entry.registered && amount != 0, "addStake");
        if (!ok) return;
        if (entry.unbonding > entry.stake) entry.unbonding = entry.stake;
        entry.stake += amount;
    }

    function startUnbond(uint256 who, uint96 amount) external {
        Entry storage entry = entries[who % COUNT];
        amount = uint96(uint256(amount) % (2 * uint256(STAKE)));
        bool ok = _try(_account(who % COUNT), abi.encodeCall(registry.startUnbond, (amount)));
        _expect(ok, amount != 0 && amount <= entry.stake && entry.readyAt == 0, "startUnbond");
        if (ok) (entry.unbonding, entry.readyAt) = (amount, vm.getBlockTimestamp() + UNBOND);
    }

    function cancelUnbond(uint256 who) external {
        Entry storage entry = entries[who % COUNT];
        bool ok = _try(_account(who % COUNT), abi.encodeCall(registry.cancelUnbond, ()));
        _expect(ok, entry.readyAt != 0, "cancelUnbond");
        if (ok) (entry.unbonding, entry.readyAt) = (0, 0);
    }

    /// @dev With the right header, an older one, or one that was never.
    function finishUnbond(uint256 who, uint256 lie, uint256 when) external {
        Entry storage entry = entries[who % COUNT];
        _approach(entry, when);
        BatchHeader memory header = entry.newest;
        if (lie % 4 == 0) header.postedAt -= header.postedAt / 2;
        bool honest = lie % 4 != 0 || entry.batches == 0;
        uint256 before = token.balanceOf(_account(who % COUNT));
        bool ok = _try(_account(who % COUNT), abi.encodeCall(registry.finishUnbond, (header)));
        _expect(ok, honest && _mayLeave(entry), "20: finishUnbond");
        if (ok) _leave(entry, token.balanceOf(_account(who % COUNT)) - before);
    }

    /// @dev To the moment that decides, or to a second before it.
    function _approach(Entry storage entry, uint256 when) private {
        uint256 target = when % 2 == 0 ? entry.readyAt : entry.newest.postedAt + EVIDENCE;
        if ((when >> 1) % 3 == 0 && target != 0) target -= 1;
        if (target > vm.getBlockTimestamp() && when % 5 != 0) vm.warp(target);
    }

    function _mayLeave(Entry storage entry) private view returns (bool) {
        uint256 time = vm.getBlockTimestamp();
        bool aged = entry.batches == 0 || time >= entry.newest.postedAt + EVIDENCE;
        return aged && entry.openCases == 0 && entry.readyAt != 0 && time >= entry.readyAt;
    }

    function _leave(Entry storage entry, uint256 received) private {
        uint256 due = entry.unbonding < entry.stake ? entry.unbonding : entry.stake;
        _check(received == due, "finishUnbond pays");
        entry.stake -= due;
        (entry.unbonding, entry.readyAt) = (0, 0);
    }

    function settle(uint256 who, uint96 more) external {
        Entry storage entry = entries[who % COUNT];
        address payee = _account(who % COUNT);
        uint96 from = entry.settled;
        entry.settled += 1 + uint96(uint256(more) % 1 ether);
        vm.prank(payee);
        uint256 paid = ledger.settle(_groups(MODEL, _item(CLIENT_KEY, client, payee, MODEL, entry.settled)));
        uint64 units = uint64(entry.settled / 1e9);
        bytes32 inner = keccak256(abi.encode(client, payee, MODEL, from, entry.settled, units, WORK));
        entry.newest = BatchHeader(keccak256(abi.encode(inner)), paid, 1, vm.getBlockTimestamp());
        ++entry.batches;
    }

    function slash(uint256 who, uint96 amount, bool byCourt) external {
        Entry storage entry = entries[who % COUNT];
        amount = uint96(uint256(amount) % (2 * uint256(STAKE)));
        bool ok = _try(byCourt ? court : stranger, abi.encodeCall(registry.slash, (_account(who % COUNT), amount)));
        _expect(ok, byCourt, "slash");
        if (!ok) return;
        uint256 taken = amount < entry.stake ? amount : entry.stake;
        entry.stake -= taken;
        slashed += taken;
        ++entry.slashes;
    }

    function hold(uint256 who, bool open, bool byCourt) external {
        Entry storage entry = entries[who % COUNT];
        bool ok = _try(byCourt ? court : stranger, abi.encodeCall(registry.holdStake, (_account(who % COUNT), open)));
        _expect(ok, byCourt && (open || entry.openCases != 0), "holdStake");
        if (ok) entry.openCases = open ? entry.openCases + 1 : entry.openCases - 1;
    }

    function pass(uint256 time) external {
        vm.warp(vm.getBlockTimestamp() + time % (UNBOND / 2));
    }

    /// @dev 1, 5, 9, 12, 20, and that being active means what the page says.
    function check() external view {
        vm.assertEq(bytes(violation).length, 0, violation);
        uint256 owed;
        for (uint256 i = 0; i < COUNT; ++i) {
            Entry storage entry = entries[i];
            IRegistry.ProviderView memory found = registry.providerOf(_account(i));
            vm.assertEq(found.payout, payouts[i], "9: payout");
            vm.assertEq(found.stake, entry.stake, "stake");
            vm.assertEq(found.standing.unbonding, entry.unbonding, "unbonding");
            vm.assertEq(found.standing.readyAt, entry.readyAt, "readyAt");
            vm.assertEq(found.standing.openCases, entry.openCases, "openCases");
            vm.assertEq(found.standing.slashes, entry.slashes, "slashes");
            bool active = entry.registered && entry.slashes == 0 && entry.stake >= STAKE + entry.unbonding;
            vm.assertTrue(found.active == active, "active");
            owed += entry.stake;
        }
        vm.assertEq(token.balanceOf(address(registry)), owed, "1: held is stake");
        vm.assertEq(token.balanceOf(court), slashed, "5: what was slashed");
        for (uint256 i = 0; i < 4; ++i) {
            address key = vm.addr(_keyAt(i));
            (address owner, uint40 revokedAt) = registry.keys(key);
            vm.assertEq(owner, uses[key].owner, "12: a key's owner");
            vm.assertTrue((revokedAt != 0) == uses[key].revoked, "12: a key's end");
        }
    }

    function _try(address sender, bytes memory data) private returns (bool ok) {
        vm.prank(sender);
        (ok,) = address(registry).call(data);
    }

    function _expect(bool ok, bool expected, string memory what) private {
        _check(ok == expected, string.concat(what, expected ? " was refused" : " was accepted"));
    }

    function _check(bool condition, string memory what) private {
        if (!condition && bytes(violation).length == 0) violation = what;
    }
}

contract RegistryInvariants {
    RegistryHandler private handler;

    function setUp() external {
        handler = new RegistryHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_stakeIsExact() external view {
        handler.check();
    }
}
