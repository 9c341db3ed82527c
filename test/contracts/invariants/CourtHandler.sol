// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ICourt} from "../../../contracts/interfaces/ICourt.sol";
import {Verdict} from "../../../contracts/interfaces/IVerdict.sol";
import {BatchHeader} from "../../../contracts/libraries/BatchHeader.sol";
import {HandOff, WorkReceipt} from "../../../contracts/libraries/Receipts.sol";
import {Disputes} from "../support/Disputes.sol";
import {vm} from "../support/Vm.sol";

/// @notice Two providers before the court. The first signs one receipt a place and keeps to its hand-offs; the second signs whatever
/// it is asked to. Strangers bring evidence against both, true and made up; the client challenges what it paid both for.
contract CourtHandler is Disputes {
    uint256 internal constant COUNT = 2;
    uint256 internal constant HONEST = 0;
    address internal constant VOTER = address(0x701);

    struct Suspect {
        address account;
        uint256 stake;
        uint256 openCases;
        uint256 slashes;
        uint256 readyAt; // of its unbonding
        uint256 unbonding;
    }

    Suspect[COUNT] internal suspects;
    mapping(bytes32 => bool) internal punished;
    bytes32[] internal cases;
    uint64 internal nextSeq; // of challenged receipts: a place of their own each
    uint256 internal slashed;
    uint256 internal bonds; // ever brought
    uint256 internal openBonds;
    uint256 internal paidOut; // withdrawn and burned
    string internal violation;

    constructor() {
        _deployDisputes(address(0));
        for (uint256 i = 0; i < COUNT; ++i) {
            _register(_keyOf(i));
            (suspects[i].account, suspects[i].stake) = (vm.addr(_keyOf(i)), STAKE);
        }
    }

    function _keyOf(uint256 i) internal pure returns (uint256) {
        return i == HONEST ? PROVIDER_KEY : RIVAL_KEY;
    }

    // ---- evidence ----

    /// @dev The second provider's two receipts for one place, alike or not.
    function equivocate(uint256 place, uint256 first, uint256 second) external {
        WorkReceipt memory a = _receipt(suspects[1].account, uint64(place % 5), first % 3);
        WorkReceipt memory b = _receipt(suspects[1].account, uint64(place % 5), second % 3);
        bytes32 id = keccak256(abi.encode("equivocation", a.seq));
        bool ok = _accuse(RIVAL_KEY, a, RIVAL_KEY, b);
        _expect(ok, first % 3 != second % 3 && !punished[id], "19: equivocation");
        if (!ok) return;
        punished[id] = true;
        _punished(1, suspects[1].stake / 2);
    }

    /// @dev 19: against one who signs once there is nothing to bring: its own receipt twice, another place, another's signature.
    function frame(uint256 place, uint256 how) external {
        WorkReceipt memory a = _receipt(suspects[0].account, uint64(place % 5), 0);
        WorkReceipt memory b = _receipt(suspects[0].account, uint64(how % 4 == 0 ? place % 5 : (place + 1) % 5), 0);
        uint256 key = PROVIDER_KEY;
        if (how % 4 == 1) (b, key) = (_receipt(suspects[0].account, a.seq, 1), STRANGER_KEY);
        if (how % 4 == 2) b = _receipt(suspects[1].account, a.seq, 1); // the other provider's, same session and place
        if (how % 4 == 2) key = RIVAL_KEY;
        _expect(_accuse(PROVIDER_KEY, a, key, b), false, "19: an honest provider was slashed");
    }

    function _accuse(uint256 keyA, WorkReceipt memory a, uint256 keyB, WorkReceipt memory b) private returns (bool) {
        bytes memory signatureA = _signature(keyA, _receiptHash(a));
        bytes memory signatureB = _signature(keyB, _receiptHash(b));
        return _try(stranger, abi.encodeCall(disputes.slashEquivocation, (a, signatureA, b, signatureB)));
    }

    /// @dev Work past a hand-off. The honest provider's hand-offs lie behind all that it signed in the leg.
    function breach(uint256 who, uint256 place, uint256 stop) external {
        uint256 i = who % COUNT;
        WorkReceipt memory receipt = _receipt(suspects[i].account, uint64(place % 5), 0);
        HandOff memory handOff =
            HandOff(receipt.sessionId, receipt.leg, receipt.provider, uint64(i == HONEST ? 6 * 32 : 32 * (stop % 6)), 9);
        bytes32 id = keccak256(abi.encode("breach", receipt.seq));
        bool ok = _try(stranger, _breachCall(_keyOf(i), handOff, receipt));
        _expect(ok, i != HONEST && receipt.to > handOff.to && !punished[id], "19: a breached hand-off");
        if (!ok) return;
        punished[id] = true;
        _punished(i, suspects[i].stake / 10 + 10 * uint256(receipt.amount));
    }

    function _breachCall(uint256 key, HandOff memory handOff, WorkReceipt memory receipt) private view returns (bytes memory) {
        bytes32 typeHash = keccak256("HandOff(bytes32 sessionId,uint32 leg,address provider,uint64 to,uint64 seq)");
        bytes32 hash = _digest(address(ledger), keccak256(bytes.concat(typeHash, abi.encode(handOff))));
        bytes memory signed = _signature(key, _receiptHash(receipt));
        return abi.encodeCall(disputes.slashHandOffBreach, (handOff, _signature(key, hash), receipt, signed));
    }

    // ---- cases ----

    /// @dev Settles one receipt alone in its batch and its tree, and challenges it: in time, a second too late, or as a stranger.
    function open(uint256 who, uint256 when) external {
        uint256 i = who % COUNT;
        ICourt.Challenge memory challenge = _settleOne(suspects[i].account, 100 + nextSeq++);
        if (when % 4 == 0) vm.warp(_now() + EVIDENCE);
        if (when % 4 == 1) vm.warp(_now() + EVIDENCE - 1);
        bool ok = _try(when % 5 == 0 ? stranger : client, abi.encodeCall(disputes.open, (challenge)));
        _expect(ok, when % 4 != 0 && when % 5 != 0, "open");
        if (!ok) return;
        cases.push(keccak256(abi.encode(suspects[i].account, challenge.receipt.sessionId, uint32(2), challenge.receipt.seq)));
        ++suspects[i].openCases;
        bonds += BOND;
        openBonds += BOND;
    }

    function respond(uint256 which, bool byProvider) external {
        if (cases.length == 0) return;
        bytes32 id = cases[which % cases.length];
        ICourt.Case memory entry = disputes.caseOf(id);
        bool ok = _try(byProvider ? entry.provider : stranger, abi.encodeCall(disputes.respond, (id, keccak256("answer"))));
        bool may = entry.state == ICourt.State.Open && _now() <= entry.respondBy;
        _expect(ok, byProvider && may, "respond");
    }

    function resolve(uint256 which, uint256 verdict, bool voted) external {
        if (cases.length == 0) return;
        bytes32 id = cases[which % cases.length];
        ICourt.Case memory entry = disputes.caseOf(id);
        address[] memory agreed = new address[](voted ? 1 : 0);
        if (voted) agreed[0] = VOTER;
        judge.say(Verdict(verdict % 3), agreed);
        bool ok = _try(stranger, abi.encodeCall(disputes.resolve, (id)));
        bool may = entry.state == ICourt.State.Answered && (verdict % 3 != 0 || _now() > entry.verdictBy);
        _expect(ok, may, "resolve");
        if (!ok) return;
        uint256 i = _closed(entry.provider);
        if (Verdict(verdict % 3) == Verdict.Upheld) _punished(i, suspects[i].stake / 4);
    }

    function timeOut(uint256 which, uint256 when) external {
        if (cases.length == 0) return;
        bytes32 id = cases[which % cases.length];
        ICourt.Case memory entry = disputes.caseOf(id);
        bool silent = entry.state == ICourt.State.Open;
        uint256 until = silent ? entry.respondBy : entry.verdictBy + 1 days;
        if (when % 3 != 0 && until + when % 3 - 1 > _now()) vm.warp(until + when % 3 - 1); // the last second of it, or the first after
        bool ok = _try(stranger, abi.encodeCall(disputes.timeOut, (id)));
        _expect(ok, (silent || entry.state == ICourt.State.Answered) && _now() > until, "timeOut");
        if (!ok) return;
        uint256 i = _closed(entry.provider);
        if (silent) _punished(i, suspects[i].stake / 20 + 10 * uint256(entry.amount));
    }

    function _closed(address account) private returns (uint256 i) {
        i = account == suspects[0].account ? 0 : 1;
        --suspects[i].openCases;
        openBonds -= BOND;
    }

    // ---- money out ----

    function withdraw(uint256 whose) external {
        address account = _people()[whose % 5];
        uint256 due = disputes.owed(account);
        uint256 before = token.balanceOf(account);
        bool ok = _try(stranger, abi.encodeCall(disputes.withdraw, (account)));
        _expect(ok, due != 0, "withdraw");
        if (!ok) return;
        _check(token.balanceOf(account) - before == due, "withdraw pays what is owed");
        paidOut += due;
    }

    function burn() external {
        uint256 due = disputes.doomed();
        uint256 supply = token.totalSupply();
        bool ok = _try(stranger, abi.encodeCall(disputes.burn, ()));
        _expect(ok, due != 0, "burn");
        if (!ok) return;
        _check(supply - token.totalSupply() == due, "burn destroys what is doomed");
        paidOut += due;
    }

    /// @dev 20: not under an open case. No batch is young here: time passes first.
    function unbond(uint256 who, uint96 amount, bool finish) external {
        Suspect storage suspect = suspects[who % COUNT];
        if (!finish) {
            amount = uint96(1 + uint256(amount) % STAKE);
            vm.prank(suspect.account);
            (bool started,) = address(registry).call(abi.encodeCall(registry.startUnbond, (amount)));
            _expect(started, amount <= suspect.stake && suspect.readyAt == 0, "startUnbond");
            if (started) (suspect.unbonding, suspect.readyAt) = (amount, _now() + UNBOND);
            return;
        }
        (, uint32 batches,) = ledger.earned(suspect.account);
        if (batches != 0) return; // RegistryInvariants has those
        if (suspect.readyAt > _now()) vm.warp(suspect.readyAt);
        vm.prank(suspect.account);
        (bool ok,) = address(registry).call(abi.encodeCall(registry.finishUnbond, (BatchHeader(0, 0, 0, 0))));
        _expect(ok, suspect.readyAt != 0 && suspect.openCases == 0, "20: finishUnbond");
        if (!ok) return;
        suspect.stake -= suspect.unbonding < suspect.stake ? suspect.unbonding : suspect.stake;
        (suspect.unbonding, suspect.readyAt) = (0, 0);
    }

    function pass(uint256 time) external {
        vm.warp(_now() + time % 1 days);
    }

    // ---- tools ----

    /// @dev 5: what a slash takes is min(penalty, stake).
    function _punished(uint256 i, uint256 penalty) private {
        uint256 taken = penalty < suspects[i].stake ? penalty : suspects[i].stake;
        suspects[i].stake -= taken;
        ++suspects[i].slashes;
        slashed += taken;
    }

    function _people() internal view returns (address[5] memory) {
        return [client, stranger, VOTER, suspects[0].account, suspects[1].account];
    }

    function _try(address sender, bytes memory data) private returns (bool ok) {
        vm.prank(sender);
        (ok,) = address(disputes).call(data);
    }

    function _expect(bool ok, bool expected, string memory what) private {
        _check(ok == expected, string.concat(what, expected ? " was refused" : " was accepted"));
    }

    function _check(bool condition, string memory what) private {
        if (!condition && bytes(violation).length == 0) violation = what;
    }
}
