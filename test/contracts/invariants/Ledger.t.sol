// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {LedgerHandler} from "./LedgerHandler.sol";
import {vm} from "../support/Vm.sol";

/// @notice Compares the ledger with the model after every step. The numbers are those of docs/spec/money.md, "Invariants".
contract LedgerObserver is LedgerHandler {
    constructor(bool native_) LedgerHandler(native_) {}

    /// @dev 1 to 4: the money that is held is the money that is owed, client by client and provider by provider.
    function conservation() external view {
        uint256 owed;
        uint256[CLIENTS] memory spent;
        for (uint256 p = 0; p < PROVIDERS; ++p) {
            uint256 settledTotal;
            for (uint256 m = 0; m < MODELS; ++m) {
                for (uint256 c = 0; c < CLIENTS; ++c) {
                    (uint96 settled, uint96 prefunded,) = _channel(payees[p].account, _modelOf(m), clients[c].account);
                    uint256 left = prefunded > settled ? prefunded - settled : 0;
                    owed += left;
                    settledTotal += settled;
                    spent[c] += left + settled;
                }
            }
            (uint96 amount,, uint128 lifetime) = ledger.earned(payees[p].account);
            owed += amount;
            vm.assertEq(settledTotal, lifetime, "3: settled is lifetime");
            vm.assertEq(lifetime, amount + payees[p].claimed, "3: lifetime is earned and claimed");
        }
        for (uint256 c = 0; c < CLIENTS; ++c) {
            uint256 balance = _balance(clients[c].account);
            owed += balance;
            vm.assertEq(clients[c].deposited, balance + spent[c] + clients[c].withdrawn, "2: a client's money");
        }
        vm.assertEq(_held(address(ledger)), owed, "1: held is owed");
    }

    /// @dev 4, 6 to 9, 14 to 18: every call did what the model says, no less and no more, to everyone.
    function agreement() external view {
        vm.assertEq(bytes(violation).length, 0, violation);
        for (uint256 c = 0; c < CLIENTS; ++c) {
            Client storage client = clients[c];
            (address signer, uint96 balance) = ledger.accounts(client.account);
            vm.assertEq(signer, client.signer == 0 ? address(0) : vm.addr(client.signer), "9: signer");
            vm.assertEq(balance, client.balance, "7: balance");
            (uint96 exit, uint40 readyAt) = ledger.exits(client.account);
            vm.assertEq(exit, client.exit, "9, 17: exit");
            vm.assertEq(readyAt, client.exitReadyAt, "9, 17: exit time");
            (address old, uint40 validUntil) = ledger.oldKeys(client.account);
            vm.assertEq(old, client.oldSigner == 0 ? address(0) : vm.addr(client.oldSigner), "16: old key");
            vm.assertEq(validUntil, client.oldValidUntil, "16: old key's time");
        }
        for (uint256 p = 0; p < PROVIDERS; ++p) {
            for (uint256 m = 0; m < MODELS; ++m) for (uint256 c = 0; c < CLIENTS; ++c) _agree(p, m, c);
            (uint96 amount, uint32 batches, uint128 lifetime) = ledger.earned(payees[p].account);
            vm.assertEq(amount, payees[p].earned, "4: earned");
            vm.assertEq(lifetime, payees[p].lifetime, "4: lifetime");
            vm.assertEq(batches, payees[p].batches, "13: batches");
        }
    }

    function _agree(uint256 p, uint256 m, uint256 c) private view {
        Line storage line = lines[p][m][c];
        address payee = payees[p].account;
        address payer = clients[c].account;
        (uint96 settled, uint96 prefunded, uint64 units) = _channel(payee, _modelOf(m), payer);
        vm.assertEq(settled, line.settled, "11, 14, 15, 18: settled"); // the model's settled only rises
        vm.assertEq(prefunded, line.prefunded, "8: prefunded");
        vm.assertEq(units, line.units, "11: units");
        vm.assertEq(ledger.releaseAt(payee, _modelOf(m), payer), line.releaseAt, "9: releaseAt");
        vm.assertTrue(settled <= line.signedMax, "6: never more than was signed");
    }

    /// @dev 12, 13: commitments are dense from zero, and none ever changes.
    function history() external view {
        for (uint256 p = 0; p < PROVIDERS; ++p) {
            address payee = payees[p].account;
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

    /// @dev Settling and depositing twice as often as the rest: everything else needs money and debts to bite on.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](19);
        selectors[0] = observer.deposit.selector;
        selectors[1] = observer.deposit.selector;
        selectors[2] = observer.settle.selector;
        selectors[3] = observer.settle.selector;
        selectors[4] = observer.settle.selector;
        selectors[5] = observer.replay.selector;
        selectors[6] = observer.misuse.selector;
        selectors[7] = observer.claim.selector;
        selectors[8] = observer.prefund.selector;
        selectors[9] = observer.prefund.selector;
        selectors[10] = observer.startRelease.selector;
        selectors[11] = observer.finishRelease.selector;
        selectors[12] = observer.release.selector;
        selectors[13] = observer.setSigner.selector;
        selectors[14] = observer.startExit.selector;
        selectors[15] = observer.cancelExit.selector;
        selectors[16] = observer.finishExit.selector;
        selectors[17] = observer.pass.selector;
        selectors[18] = observer.intrude.selector;
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
        observer = new LedgerObserver(false);
    }
}

contract NativeLedgerInvariants is LedgerInvariants {
    function setUp() external {
        observer = new LedgerObserver(true);
    }
}
