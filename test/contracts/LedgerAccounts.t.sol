// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Ledger} from "../../contracts/Ledger.sol";
import {Registry} from "../../contracts/Registry.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {IRegistry} from "../../contracts/interfaces/IRegistry.sol";
import {Currency, CurrencyLibrary} from "../../contracts/libraries/Currency.sol";
import {Market} from "./support/Market.sol";
import {vm} from "./support/Vm.sol";

contract LedgerAccountsTest is Market {
    function setUp() public {
        _deployToken();
        _fund(client, 1_000 ether);
    }

    function test_constructor_revertsIfDelayOutOfBounds() public {
        vm.expectRevert(abi.encodeWithSelector(ILedger.DelayOutOfBounds.selector, 1 hours - 1, 1 hours, 30 days));
        new Ledger(Currency.wrap(address(token)), registry, models, 1 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(ILedger.DelayOutOfBounds.selector, 30 days + 1, 1 hours, 30 days));
        new Ledger(Currency.wrap(address(token)), registry, models, 30 days + 1);
    }

    function test_constructor_revertsIfRegistryIsAnothers() public {
        vm.expectRevert(abi.encodeWithSelector(ILedger.WrongRegistry.selector, address(registry)));
        new Ledger(Currency.wrap(address(token)), registry, models, DAY);
    }

    function test_constructor_revertsIfRegistryHasAnotherCurrency() public {
        address predicted = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        Registry own = new Registry(Currency.wrap(address(0)), predicted, court, STAKE, UNBOND, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(ILedger.WrongRegistry.selector, address(own)));
        new Ledger(Currency.wrap(address(token)), own, models, DAY);
    }

    function test_constructor_revertsIfModelsAreAnothers() public {
        address predicted = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        Registry own = new Registry(Currency.wrap(address(token)), predicted, court, STAKE, UNBOND, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(ILedger.WrongModels.selector, address(models)));
        new Ledger(Currency.wrap(address(token)), own, models, DAY);
    }

    function test_deposit_creditsAndPinsTheClientAsSigner() public {
        vm.expectEmit();
        emit ILedger.Deposited(client, client, 5 ether);
        vm.prank(client);
        ledger.deposit(client, 5 ether);
        (address signer, uint96 balance) = ledger.accounts(client);
        vm.assertEq(signer, client, "signer");
        vm.assertEq(balance, 5 ether, "balance");
        vm.assertEq(token.balanceOf(address(ledger)), 5 ether, "held");
    }

    function test_deposit_forAnotherKeepsTheirSigner() public {
        vm.prank(client);
        ledger.setSigner(vm.addr(SESSION_KEY));
        _deposit(client, 1 ether);
        (address signer,) = ledger.accounts(client);
        vm.assertEq(signer, vm.addr(SESSION_KEY), "signer");
    }

    function test_deposit_revertsIfZero() public {
        vm.expectRevert(abi.encodeWithSelector(ILedger.ZeroAmount.selector));
        ledger.deposit(client, 0);
        vm.expectRevert(abi.encodeWithSelector(ILedger.ZeroAddress.selector));
        ledger.deposit(address(0), 1);
    }

    function test_deposit_revertsIfCoinIsSentToATokenLedger() public {
        vm.deal(address(this), 1 ether);
        vm.expectRevert(abi.encodeWithSelector(CurrencyLibrary.InexactTransfer.selector, 1 ether, 0));
        ledger.deposit{value: 1 ether}(client, 1 ether);
    }

    function test_setSigner_beforeAnyDepositHasNoOldKey() public {
        vm.expectEmit();
        emit ILedger.SignerSet(client, vm.addr(SESSION_KEY), address(0), 0);
        vm.prank(client);
        ledger.setSigner(vm.addr(SESSION_KEY));
        (address old, uint40 validUntil) = ledger.oldKeys(client);
        vm.assertEq(old, address(0), "old");
        vm.assertEq(validUntil, 0, "validUntil");
    }

    function test_setSigner_keepsTheOldKeyForTheDelay() public {
        _deposit(client, 5 ether);
        vm.expectEmit();
        emit ILedger.SignerSet(client, vm.addr(SESSION_KEY), client, uint40(block.timestamp + DAY));
        vm.prank(client);
        ledger.setSigner(vm.addr(SESSION_KEY));
        vm.assertEq(_settle(SESSION_KEY, 1 ether), 1 ether, "new key");
        vm.warp(block.timestamp + DAY - 1);
        vm.assertEq(_settle(CLIENT_KEY, 2 ether), 1 ether, "old key");
        vm.warp(block.timestamp + 1);
        ILedger.Group[] memory groups = _groups(MODEL, _item(CLIENT_KEY, client, provider, MODEL, 3 ether));
        vm.expectRevert(abi.encodeWithSelector(ILedger.BadVoucher.selector, 0, 0));
        vm.prank(provider);
        ledger.settle(groups);
    }

    function test_setSigner_revertsIfZeroOrUnchanged() public {
        _deposit(client, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(ILedger.ZeroAddress.selector));
        vm.prank(client);
        ledger.setSigner(address(0));
        vm.expectRevert(abi.encodeWithSelector(ILedger.SignerUnchanged.selector, client));
        vm.prank(client);
        ledger.setSigner(client);
    }

    function test_setSigner_revertsWhileTheOldKeyIsValid() public {
        _deposit(client, 1 ether);
        vm.prank(client);
        ledger.setSigner(vm.addr(SESSION_KEY));
        uint256 validUntil = block.timestamp + DAY;
        vm.warp(validUntil - 1);
        vm.expectRevert(abi.encodeWithSelector(ILedger.RotationPending.selector, validUntil));
        vm.prank(client);
        ledger.setSigner(stranger);
        vm.warp(validUntil);
        vm.prank(client);
        ledger.setSigner(stranger);
        (address old,) = ledger.oldKeys(client);
        vm.assertEq(old, vm.addr(SESSION_KEY), "old key");
    }

    function test_exit_paysAfterTheDelay() public {
        _deposit(client, 5 ether);
        uint40 readyAt = uint40(block.timestamp + DAY);
        vm.expectEmit();
        emit ILedger.ExitChanged(client, 3 ether, readyAt);
        vm.prank(client);
        ledger.startExit(3 ether);

        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(ILedger.ExitNotReady.selector, readyAt, readyAt - 1));
        vm.prank(client);
        ledger.finishExit();

        vm.warp(readyAt);
        uint256 before = token.balanceOf(client);
        vm.expectEmit();
        emit ILedger.ExitChanged(client, 0, 0);
        vm.expectEmit();
        emit ILedger.Withdrawn(client, 3 ether);
        vm.prank(client);
        ledger.finishExit();
        vm.assertEq(token.balanceOf(client) - before, 3 ether, "paid");
        vm.assertEq(_balance(client), 2 ether, "balance");
        (uint96 amount, uint40 ready) = ledger.exits(client);
        vm.assertEq(uint256(amount) + ready, 0, "exit cleared");
    }

    function test_exit_paysWhatIsLeft() public {
        _deposit(client, 5 ether);
        vm.prank(client);
        ledger.startExit(5 ether);
        _settle(CLIENT_KEY, 4 ether);
        vm.warp(block.timestamp + DAY);
        uint256 before = token.balanceOf(client);
        vm.prank(client);
        ledger.finishExit();
        vm.assertEq(token.balanceOf(client) - before, 1 ether, "paid");
    }

    function test_exit_ofNothingLeftClosesQuietly() public {
        _deposit(client, 1 ether);
        vm.prank(client);
        ledger.startExit(1 ether);
        _settle(CLIENT_KEY, 1 ether);
        vm.warp(block.timestamp + DAY);
        vm.prank(client);
        ledger.finishExit();
        (, uint40 readyAt) = ledger.exits(client);
        vm.assertEq(readyAt, 0, "closed");
    }

    function test_startExit_trimsToTheBalance() public {
        _deposit(client, 5 ether);
        vm.prank(client);
        ledger.startExit(type(uint96).max);
        (uint96 amount,) = ledger.exits(client);
        vm.assertEq(amount, 5 ether, "amount");
    }

    function test_startExit_revertsIfPendingOrEmpty() public {
        vm.expectRevert(abi.encodeWithSelector(ILedger.NothingToExit.selector));
        vm.prank(client);
        ledger.startExit(1 ether);
        _deposit(client, 5 ether);
        vm.expectRevert(abi.encodeWithSelector(ILedger.NothingToExit.selector));
        vm.prank(client);
        ledger.startExit(0);
        vm.prank(client);
        ledger.startExit(1 ether);
        vm.expectRevert(abi.encodeWithSelector(ILedger.ExitPending.selector, block.timestamp + DAY));
        vm.prank(client);
        ledger.startExit(1 ether);
    }

    function test_cancelExit_forgetsIt() public {
        _deposit(client, 5 ether);
        vm.prank(client);
        ledger.startExit(1 ether);
        vm.expectEmit();
        emit ILedger.ExitChanged(client, 0, 0);
        vm.prank(client);
        ledger.cancelExit();
        vm.warp(block.timestamp + 2 * DAY);
        vm.expectRevert(abi.encodeWithSelector(ILedger.ExitNotReady.selector, 0, block.timestamp));
        vm.prank(client);
        ledger.finishExit();
    }

    function test_cancelExit_revertsIfNone() public {
        vm.expectRevert(abi.encodeWithSelector(ILedger.NoExit.selector));
        vm.prank(client);
        ledger.cancelExit();
    }
}
