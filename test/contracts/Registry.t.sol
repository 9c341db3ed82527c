// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Registry} from "../../contracts/Registry.sol";
import {IRegistry} from "../../contracts/interfaces/IRegistry.sol";
import {BatchHeader} from "../../contracts/libraries/BatchHeader.sol";
import {Currency} from "../../contracts/libraries/Currency.sol";
import {Market} from "./support/Market.sol";
import {vm} from "./support/Vm.sol";

contract RegistryTest is Market {
    BatchHeader private none;
    uint256 private start;

    function setUp() public {
        _deployToken();
        _register(PROVIDER_KEY);
        start = block.timestamp;
    }

    function _stake(address account) private view returns (uint96) {
        return registry.providerOf(account).stake;
    }

    function test_constructor_revertsIfDelaysDoNotFit() public {
        Currency currency = Currency.wrap(address(token));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.ZeroAddress.selector));
        new Registry(currency, address(0), court, STAKE, UNBOND, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.DelayOutOfBounds.selector, 31 days, 0, 30 days));
        new Registry(currency, address(ledger), court, STAKE, UNBOND, 31 days);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.DelayOutOfBounds.selector, 13 days - 1, 13 days, 60 days));
        new Registry(currency, address(ledger), court, STAKE, 13 days - 1, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.DelayOutOfBounds.selector, 60 days + 1, 13 days, 60 days));
        new Registry(currency, address(ledger), court, STAKE, 60 days + 1, EVIDENCE);
    }

    function test_register_takesTheStakeAndTheAccountsOwnKey() public {
        _fund(rival, 2 * uint256(STAKE));
        vm.expectEmit();
        emit IRegistry.Registered(rival, stranger);
        vm.expectEmit();
        emit IRegistry.KeyAdded(rival, rival);
        vm.expectEmit();
        emit IRegistry.StakeChanged(rival, STAKE + 1);
        vm.prank(rival);
        registry.register(stranger, STAKE + 1);
        IRegistry.ProviderView memory entry = registry.providerOf(rival);
        vm.assertTrue(entry.registered && entry.active, "active");
        vm.assertEq(entry.payout, stranger, "payout");
        vm.assertEq(entry.stake, STAKE + 1, "stake");
        vm.assertEq(registry.keyOwner(rival), rival, "own key");
        vm.assertEq(token.balanceOf(address(registry)), 2 * uint256(STAKE) + 1, "held");
    }

    function test_register_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRegistry.AlreadyRegistered.selector, provider));
        vm.prank(provider);
        registry.register(provider, STAKE);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.ZeroAddress.selector));
        vm.prank(rival);
        registry.register(address(0), STAKE);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.StakeTooLow.selector, STAKE - 1, STAKE));
        vm.prank(rival);
        registry.register(rival, STAKE - 1);
    }

    function test_register_revertsForAKeyThatSignsForAnother() public {
        vm.prank(provider);
        registry.addKey(rival, _keySignature(RIVAL_KEY, provider));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.KeyTaken.selector, rival, provider));
        vm.prank(rival);
        registry.register(rival, STAKE);
    }

    function test_setPayout() public {
        vm.expectEmit();
        emit IRegistry.PayoutSet(provider, rival);
        vm.prank(provider);
        registry.setPayout(rival);
        vm.assertEq(registry.payoutOf(provider), rival, "payout");
        vm.assertEq(registry.payoutOf(stranger), stranger, "unregistered: itself");
        vm.expectRevert(abi.encodeWithSelector(IRegistry.ZeroAddress.selector));
        vm.prank(provider);
        registry.setPayout(address(0));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NotRegistered.selector, stranger));
        vm.prank(stranger);
        registry.setPayout(stranger);
    }

    function test_addStake() public {
        vm.expectEmit();
        emit IRegistry.StakeChanged(provider, STAKE + 5);
        vm.prank(provider);
        registry.addStake(5);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.ZeroAmount.selector));
        vm.prank(provider);
        registry.addStake(0);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NotRegistered.selector, stranger));
        vm.prank(stranger);
        registry.addStake(5);
    }

    function test_addKey_needsTheKeysConsent() public {
        address key = vm.addr(SESSION_KEY);
        vm.expectEmit();
        emit IRegistry.KeyAdded(provider, key);
        vm.prank(provider);
        registry.addKey(key, _keySignature(SESSION_KEY, provider));
        vm.assertEq(registry.keyOwner(key), provider, "owner");
        vm.assertTrue(registry.isKey(provider, key), "may sign");
        vm.assertFalse(registry.isKey(rival, key), "not for others");

        bytes memory signature = _keySignature(SESSION_KEY, provider);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.KeyTaken.selector, key, provider));
        vm.prank(provider);
        registry.addKey(key, signature);
    }

    function test_addKey_reverts() public {
        bytes memory signature = _keySignature(STRANGER_KEY, rival);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.BadKeySignature.selector, stranger));
        vm.prank(provider);
        registry.addKey(stranger, signature); // consent to another provider
        vm.expectRevert(abi.encodeWithSelector(IRegistry.BadKeySignature.selector, address(0)));
        vm.prank(provider);
        registry.addKey(address(0), new bytes(65));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NotRegistered.selector, stranger));
        vm.prank(stranger);
        registry.addKey(stranger, signature);
    }

    function test_revokeKey_keepsTheOwner() public {
        address key = vm.addr(SESSION_KEY);
        vm.prank(provider);
        registry.addKey(key, _keySignature(SESSION_KEY, provider));
        vm.expectEmit();
        emit IRegistry.KeyRevoked(provider, key);
        vm.prank(provider);
        registry.revokeKey(key);
        vm.assertFalse(registry.isKey(provider, key), "signs no more");
        vm.assertEq(registry.keyOwner(key), provider, "still attributable");
        bytes memory signature = _keySignature(SESSION_KEY, provider);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.KeyTaken.selector, key, provider));
        vm.prank(provider);
        registry.addKey(key, signature);
    }

    function test_revokeKey_reverts() public {
        address key = vm.addr(SESSION_KEY);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.KeyNotOwned.selector, key, provider));
        vm.prank(provider);
        registry.revokeKey(key);
        vm.prank(provider);
        registry.addKey(key, _keySignature(SESSION_KEY, provider));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.KeyNotOwned.selector, key, rival));
        vm.prank(rival);
        registry.revokeKey(key);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.KeyNotOwned.selector, provider, provider));
        vm.prank(provider);
        registry.revokeKey(provider);
        vm.prank(provider);
        registry.revokeKey(key);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.KeyNotOwned.selector, key, provider));
        vm.prank(provider);
        registry.revokeKey(key);
    }

    function test_unbond_afterTheDelay() public {
        uint40 readyAt = uint40(start + UNBOND);
        vm.expectEmit();
        emit IRegistry.UnbondChanged(provider, STAKE, readyAt);
        vm.prank(provider);
        registry.startUnbond(STAKE);
        vm.assertFalse(registry.isActive(provider), "stake on its way out does not count");
        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.UnbondNotReady.selector, readyAt, readyAt - 1));
        vm.prank(provider);
        registry.finishUnbond(none);
        vm.warp(readyAt);
        uint256 before = token.balanceOf(provider);
        vm.prank(provider);
        registry.finishUnbond(none);
        vm.assertEq(token.balanceOf(provider) - before, STAKE, "paid");
        vm.assertEq(_stake(provider), 0, "stake");
        vm.expectRevert(abi.encodeWithSelector(IRegistry.UnbondNotReady.selector, 0, readyAt));
        vm.prank(provider);
        registry.finishUnbond(none);
    }

    function test_unbond_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRegistry.ZeroAmount.selector));
        vm.prank(provider);
        registry.startUnbond(0);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.StakeTooLow.selector, STAKE, STAKE + 1));
        vm.prank(provider);
        registry.startUnbond(STAKE + 1);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NoUnbond.selector));
        vm.prank(provider);
        registry.cancelUnbond();
        vm.prank(provider);
        registry.startUnbond(1);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.UnbondPending.selector, start + UNBOND));
        vm.prank(provider);
        registry.startUnbond(1);
    }

    function test_cancelUnbond_bringsItBack() public {
        vm.prank(provider);
        registry.startUnbond(STAKE);
        vm.prank(provider);
        registry.cancelUnbond();
        vm.assertTrue(registry.isActive(provider), "active");
    }

    function test_finishUnbond_waitsForTheNewestBatch() public {
        _deposit(client, 1 ether);
        vm.prank(provider);
        registry.startUnbond(STAKE);
        uint256 postedAt = start + UNBOND - 1;
        vm.warp(postedAt);
        _settle(CLIENT_KEY, 1 ether);
        bytes32 root = keccak256(
            abi.encode(keccak256(abi.encode(client, provider, MODEL, uint96(0), uint96(1 ether), uint64(1e9), WORK)))
        );
        BatchHeader memory header = BatchHeader(root, 1 ether, 1, postedAt);
        vm.warp(postedAt + EVIDENCE - 1);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.WrongBatchHeader.selector, 0));
        vm.prank(provider);
        registry.finishUnbond(BatchHeader(root, 1 ether, 1, start));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.BatchTooYoung.selector, postedAt, EVIDENCE));
        vm.prank(provider);
        registry.finishUnbond(header);
        vm.warp(postedAt + EVIDENCE);
        vm.prank(provider);
        registry.finishUnbond(header);
        vm.assertEq(_stake(provider), 0, "stake");
    }

    function test_holdStake_keepsItWhileACaseIsOpen() public {
        vm.prank(provider);
        registry.startUnbond(STAKE);
        vm.expectEmit();
        emit IRegistry.CasesChanged(provider, 1);
        vm.prank(court);
        registry.holdStake(provider, true);
        vm.warp(start + 10 * UNBOND);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.CasesOpen.selector, 1));
        vm.prank(provider);
        registry.finishUnbond(none);
        vm.prank(court);
        registry.holdStake(provider, false);
        vm.prank(provider);
        registry.finishUnbond(none);
        vm.expectRevert(); // a case that was never opened
        vm.prank(court);
        registry.holdStake(provider, false);
    }

    function test_slash_takesWhatThereIsAndJails() public {
        vm.prank(provider);
        registry.startUnbond(STAKE);
        vm.expectEmit();
        emit IRegistry.Slashed(provider, STAKE / 4);
        vm.prank(court);
        registry.slash(provider, STAKE / 4);
        vm.assertEq(token.balanceOf(court), STAKE / 4, "the unbonding part is at risk too");
        vm.assertFalse(registry.isActive(provider), "jailed");
        vm.prank(court);
        vm.assertEq(registry.slash(provider, type(uint96).max), STAKE - STAKE / 4, "never more than there is");
        vm.prank(court);
        vm.assertEq(registry.slash(provider, 1), 0, "nothing left");
        IRegistry.Standing memory standing = registry.providerOf(provider).standing;
        vm.assertEq(standing.slashes, 3, "slashes");
        vm.assertTrue(standing.jailed, "jailed");
        vm.warp(start + UNBOND);
        vm.prank(provider);
        registry.finishUnbond(none);
        vm.assertEq(token.balanceOf(address(registry)), 0, "held");
    }

    function test_addStake_afterASlashStaysOnItsOwnTimer() public {
        vm.prank(provider);
        registry.startUnbond(STAKE);
        vm.prank(court);
        registry.slash(provider, STAKE);
        vm.prank(provider);
        registry.addStake(STAKE);
        vm.warp(start + UNBOND);
        vm.prank(provider);
        registry.finishUnbond(none);
        vm.assertEq(_stake(provider), STAKE, "new stake stays");
    }

    function test_courtFunctions_revertForOthers() public {
        address[3] memory callers = [provider, stranger, address(ledger)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IRegistry.NotCourt.selector, callers[i]));
            vm.prank(callers[i]);
            registry.slash(provider, 1);
            vm.expectRevert(abi.encodeWithSelector(IRegistry.NotCourt.selector, callers[i]));
            vm.prank(callers[i]);
            registry.holdStake(provider, true);
        }
    }

    function test_isKey_theAccountItselfAlways() public view {
        vm.assertTrue(registry.isKey(provider, provider), "itself");
        vm.assertFalse(registry.isKey(provider, stranger), "a stranger");
        vm.assertFalse(registry.isActive(stranger), "unregistered");
    }
}
