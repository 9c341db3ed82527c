// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {vm} from "../support/Vm.sol";
import {LedgerHostility} from "./LedgerHostility.sol";
import {Money} from "./LedgerModel.sol";

/// @notice Compares the ledger with the model after every step. The numbers are those of docs/spec/money.md, "Invariants".
contract LedgerObserver is LedgerHostility {
    constructor(Money money_) LedgerHostility(money_) {}

    /// @dev 1 to 3: the money that is held is the money that is owed, client by client, provider by provider, payee by payee.
    function conservation() external view {
        uint256 owed;
        uint256[CLIENTS] memory spent;
        uint256 settledForRoyalties;
        for (uint256 p = 0; p < PROVIDERS; ++p) {
            uint256 settledTotal;
            for (uint256 m = 0; m < MODELS; ++m) {
                for (uint256 c = 0; c < CLIENTS; ++c) {
                    (uint96 settled, uint96 prefunded,) = _channel(providers[p].account, _modelOf(m), clients[c].account);
                    uint256 left = prefunded > settled ? prefunded - settled : 0;
                    owed += left;
                    settledTotal += settled;
                    spent[c] += left + settled;
                    if (m == 1) settledForRoyalties += settled;
                }
            }
            (uint96 amount,, uint128 lifetime) = ledger.earned(providers[p].account);
            owed += amount;
            vm.assertEq(settledTotal, lifetime + providers[p].royalties, "3: settled is lifetime and royalties");
            vm.assertEq(lifetime, amount + providers[p].claimed, "3: lifetime is earned and claimed");
        }
        for (uint256 c = 0; c < CLIENTS; ++c) {
            uint256 balance = _balance(clients[c].account);
            owed += balance;
            vm.assertEq(clients[c].deposited, balance + spent[c] + clients[c].withdrawn, "2: a client's money");
        }
        owed += _royalties(settledForRoyalties);
        vm.assertEq(_held(address(ledger)), owed, "1: held is owed");
    }

    /// @dev What payees have not fetched yet. All their parts together are what providers went without.
    function _royalties(uint256 settledInAll) private view returns (uint256 owed) {
        (, uint256 grown) = ledger.royalties(royalModel);
        vm.assertEq(grown, gross, "3: gross");
        vm.assertTrue(grown <= settledInAll, "3: no more than clients paid");
        uint256 parts;
        for (uint256 i = 0; i < PAYEES; ++i) {
            uint256 lifetime = ledger.royaltyOf(royalModel, i);
            uint256 claimed = ledger.royaltyClaimed(royalModel, i);
            vm.assertEq(lifetime, _part(i, gross), "3: a payee's part");
            vm.assertEq(claimed, payees[i].claimed, "3: what a payee fetched");
            parts += lifetime;
            owed += lifetime - claimed;
        }
        uint256 without;
        for (uint256 p = 0; p < PROVIDERS; ++p) without += providers[p].royalties;
        vm.assertEq(parts, without, "3: royalties come from providers, to the wei");
    }

    /// @dev 4, 6 to 11, 14 to 18: every call did what the model says, no less and no more, to everyone.
    function agreement() external view {
        vm.assertEq(bytes(violation).length, 0, violation);
        vm.assertTrue(unentered(), "1: money moved inside a call that moves money");
        for (uint256 c = 0; c < CLIENTS; ++c) {
            Client storage entry = clients[c];
            (address signer, uint96 balance) = ledger.accounts(entry.account);
            vm.assertEq(signer, entry.signer == 0 ? address(0) : vm.addr(entry.signer), "9: signer");
            vm.assertEq(balance, entry.balance, "7: balance");
            (uint96 exit, uint40 readyAt) = ledger.exits(entry.account);
            vm.assertEq(exit, entry.exit, "9, 17: exit");
            vm.assertEq(readyAt, entry.exitReadyAt, "9, 17: exit time");
            (address old, uint40 validUntil) = ledger.oldKeys(entry.account);
            vm.assertEq(old, entry.oldSigner == 0 ? address(0) : vm.addr(entry.oldSigner), "16: old key");
            vm.assertEq(validUntil, entry.oldValidUntil, "16: old key's time");
        }
        for (uint256 p = 0; p < PROVIDERS; ++p) {
            for (uint256 m = 0; m < MODELS; ++m) for (uint256 c = 0; c < CLIENTS; ++c) _agree(p, m, c);
            _agreeOnProvider(providers[p]);
        }
    }

    function _agreeOnProvider(Provider storage entry) private view {
        (uint96 amount, uint32 batches, uint128 lifetime) = ledger.earned(entry.account);
        vm.assertEq(amount, entry.earned, "4: earned");
        vm.assertEq(lifetime, entry.lifetime, "4: lifetime");
        vm.assertEq(batches, entry.batches, "13: batches");
        address operator = entry.operator == 0 ? address(0) : vm.addr(entry.operator);
        vm.assertEq(ledger.operators(entry.account), operator, "9: operator");
    }

    function _agree(uint256 p, uint256 m, uint256 c) private view {
        Line storage line = lines[p][m][c];
        address payee = providers[p].account;
        address payer = clients[c].account;
        (uint96 settled, uint96 prefunded, uint64 units) = _channel(payee, _modelOf(m), payer);
        vm.assertEq(settled, line.settled, "11, 14, 15, 18: settled"); // the model's settled only rises
        vm.assertEq(prefunded, line.prefunded, "8: prefunded");
        vm.assertEq(units, line.units, "11: units"); // likewise
        vm.assertEq(ledger.releaseAt(payee, _modelOf(m), payer), line.releaseAt, "9: releaseAt");
        vm.assertTrue(settled <= line.signedMax, "6: never more than was signed");
    }

    /// @dev 12, 13: commitments are dense from zero, and none ever changes.
    function history() external view {
        for (uint256 p = 0; p < PROVIDERS; ++p) {
            address payee = providers[p].account;
            for (uint256 b = 0; b < commits[p].length; ++b) {
                bytes32 commit = ledger.batchCommit(payee, b);
                vm.assertTrue(commit != 0, "13: dense");
                vm.assertEq(commit, commits[p][b], "12: written once");
            }
            vm.assertEq(ledger.batchCommit(payee, commits[p].length), bytes32(0), "13: none ahead");
        }
    }
}

struct FuzzSelector {
    address addr;
    bytes4[] selectors;
}

abstract contract LedgerInvariants {
    LedgerObserver internal observer;

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(observer);
    }

    /// @dev Settling and depositing oftener than the rest: everything else needs money and debts to bite on.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[28] memory actions = [
            observer.deposit.selector,
            observer.deposit.selector,
            observer.dust.selector,
            observer.settle.selector,
            observer.settle.selector,
            observer.settle.selector,
            observer.settle.selector,
            observer.replay.selector,
            observer.makeUp.selector,
            observer.misuse.selector,
            observer.claim.selector,
            observer.claimRoyalty.selector,
            observer.register.selector,
            observer.prefund.selector,
            observer.prefund.selector,
            observer.startRelease.selector,
            observer.finishRelease.selector,
            observer.release.selector,
            observer.setSigner.selector,
            observer.setOperator.selector,
            observer.startExit.selector,
            observer.cancelExit.selector,
            observer.finishExit.selector,
            observer.pass.selector,
            observer.intrude.selector,
            observer.setMood.selector,
            observer.arm.selector,
            observer.depositInside.selector
        ];
        bytes4[] memory selectors = new bytes4[](actions.length + 1);
        for (uint256 i = 0; i < actions.length; ++i) selectors[i] = actions[i];
        selectors[actions.length] = observer.setFee.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(observer), selectors);
    }

    function invariant_theBooksAreExact() external view {
        observer.conservation();
        observer.agreement();
        observer.history();
    }
}

contract TokenLedgerInvariants is LedgerInvariants {
    function setUp() external {
        observer = new LedgerObserver(Money.open);
    }
}

contract NativeLedgerInvariants is LedgerInvariants {
    function setUp() external {
        observer = new LedgerObserver(Money.native);
    }
}

contract HostileTokenLedgerInvariants is LedgerInvariants {
    function setUp() external {
        observer = new LedgerObserver(Money.hostile);
    }
}
