// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {Market} from "./support/Market.sol";
import {vm} from "./support/Vm.sol";

contract LedgerChannelsTest is Market {
    uint256 private start;

    function setUp() public {
        _deployToken();
        _deposit(client, 10 ether);
        start = block.timestamp;
    }

    function test_prefund_movesFreeMoneyToTheChannel() public {
        vm.expectEmit();
        emit ILedger.Prefunded(client, provider, MODEL, 4 ether);
        _prefund(4 ether);
        (uint96 settled, uint96 prefunded,) = _channel(provider, MODEL, client);
        vm.assertEq(settled, 0, "settled");
        vm.assertEq(prefunded, 4 ether, "prefunded");
        vm.assertEq(_balance(client), 6 ether, "balance");
    }

    function test_prefund_takesOnlyTheDifference() public {
        _prefund(4 ether);
        _prefund(5 ether);
        vm.assertEq(_balance(client), 5 ether, "balance");
        _settle(CLIENT_KEY, 7 ether); // 5 of the guarantee, 2 of the free balance
        vm.assertEq(_balance(client), 3 ether, "after settling");
        _prefund(8 ether); // counted from what is settled, which has passed the guarantee
        vm.assertEq(_balance(client), 2 ether, "after prefunding above the settled total");
    }

    function test_prefund_againIsNoNews() public {
        _prefund(4 ether);
        _prefund(4 ether);
        _prefund(3 ether);
        (, uint96 prefunded,) = _channel(provider, MODEL, client);
        vm.assertEq(prefunded, 4 ether, "prefunded");
        vm.assertEq(_balance(client), 6 ether, "balance");
    }

    function test_prefund_bySessionKeyAndByAValidOldKey() public {
        vm.prank(client);
        ledger.setSigner(vm.addr(SESSION_KEY));
        _prefund(1 ether); // the old key
        (bytes32 r, bytes32 vs) = _prefundSignature(SESSION_KEY, client, provider, MODEL, 2 ether, NEVER);
        ledger.prefund(client, provider, MODEL, 2 ether, NEVER, r, vs);
        vm.warp(start + DAY);
        (r, vs) = _prefundSignature(CLIENT_KEY, client, provider, MODEL, 3 ether, NEVER);
        vm.expectRevert(abi.encodeWithSelector(ILedger.BadClientSignature.selector, client));
        ledger.prefund(client, provider, MODEL, 3 ether, NEVER, r, vs);
    }

    function test_prefund_revertsIfExpired() public {
        uint40 deadline = uint40(start - 1);
        (bytes32 r, bytes32 vs) = _prefundSignature(CLIENT_KEY, client, provider, MODEL, 1 ether, deadline);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Expired.selector, deadline, start));
        ledger.prefund(client, provider, MODEL, 1 ether, deadline, r, vs);
    }

    function test_prefund_revertsIfTheBalanceIsShort() public {
        (bytes32 r, bytes32 vs) = _prefundSignature(CLIENT_KEY, client, provider, MODEL, 11 ether, NEVER);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Insufficient.selector, 10 ether, 11 ether));
        ledger.prefund(client, provider, MODEL, 11 ether, NEVER, r, vs);
    }

    function test_prefund_revertsIfSignedByAnother() public {
        (bytes32 r, bytes32 vs) = _prefundSignature(STRANGER_KEY, client, provider, MODEL, 1 ether, NEVER);
        vm.expectRevert(abi.encodeWithSelector(ILedger.BadClientSignature.selector, client));
        ledger.prefund(client, provider, MODEL, 1 ether, NEVER, r, vs);
    }

    function test_prefund_revertsForAnAccountThatNeverWas() public {
        // Recovery of garbage gives address(0), which is also the signer of an empty account: they must not match.
        vm.expectRevert(abi.encodeWithSelector(ILedger.BadClientSignature.selector, stranger));
        ledger.prefund(stranger, provider, MODEL, 1 ether, NEVER, bytes32(0), bytes32(0));
    }

    function test_release_afterTheDelay() public {
        _prefund(4 ether);
        uint40 readyAt = uint40(start + DAY);
        vm.expectEmit();
        emit ILedger.ReleaseStarted(client, provider, MODEL, readyAt);
        vm.prank(client);
        ledger.startRelease(provider, MODEL);
        vm.assertEq(_settle(CLIENT_KEY, 1 ether), 1 ether, "still pays");

        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(ILedger.ReleaseNotReady.selector, readyAt, readyAt - 1));
        vm.prank(client);
        ledger.finishRelease(provider, MODEL);

        vm.warp(readyAt);
        vm.expectEmit();
        emit ILedger.Released(client, provider, MODEL, 1 ether, 3 ether);
        vm.prank(client);
        ledger.finishRelease(provider, MODEL);
        vm.assertEq(_balance(client), 9 ether, "balance");
        (uint96 settled, uint96 prefunded,) = _channel(provider, MODEL, client);
        vm.assertEq(settled, prefunded, "nothing left");
        vm.assertEq(ledger.releaseAt(provider, MODEL, client), 0, "cleared");
    }

    function test_release_ofASpentGuaranteeClosesQuietly() public {
        _prefund(4 ether);
        vm.prank(client);
        ledger.startRelease(provider, MODEL);
        _settle(CLIENT_KEY, 4 ether);
        vm.warp(start + DAY);
        vm.prank(client);
        ledger.finishRelease(provider, MODEL);
        vm.assertEq(_balance(client), 6 ether, "balance");
        vm.assertEq(ledger.releaseAt(provider, MODEL, client), 0, "cleared");
    }

    function test_release_revertsIfNothingOrPendingOrNone() public {
        vm.expectRevert(abi.encodeWithSelector(ILedger.NothingToRelease.selector));
        vm.prank(client);
        ledger.startRelease(provider, MODEL);
        vm.warp(start + 10 * DAY);
        vm.expectRevert(abi.encodeWithSelector(ILedger.ReleaseNotReady.selector, 0, start + 10 * DAY));
        vm.prank(client);
        ledger.finishRelease(provider, MODEL);
        _prefund(1 ether);
        vm.prank(client);
        ledger.startRelease(provider, MODEL);
        vm.expectRevert(abi.encodeWithSelector(ILedger.ReleasePending.selector, start + 11 * DAY));
        vm.prank(client);
        ledger.startRelease(provider, MODEL);
    }

    function test_release_isCalledOffByANewPrefund() public {
        _prefund(1 ether);
        vm.prank(client);
        ledger.startRelease(provider, MODEL);
        _prefund(5 ether);
        vm.warp(start + DAY);
        vm.expectRevert(abi.encodeWithSelector(ILedger.ReleaseNotReady.selector, 0, start + DAY));
        vm.prank(client);
        ledger.finishRelease(provider, MODEL);
    }

    function test_release_byTheProviderAtOnce() public {
        _prefund(4 ether);
        _settle(CLIENT_KEY, 1 ether);
        bytes memory signature = _releaseSignature(PROVIDER_KEY, client, provider, MODEL, 2 ether, NEVER);
        ledger.release(client, provider, MODEL, 2 ether, NEVER, signature);
        vm.assertEq(_balance(client), 8 ether, "balance");
        ledger.release(client, provider, MODEL, 2 ether, NEVER, signature);
        vm.assertEq(_balance(client), 8 ether, "again is no news");
        signature = _releaseSignature(PROVIDER_KEY, client, provider, MODEL, 0, NEVER);
        ledger.release(client, provider, MODEL, 0, NEVER, signature);
        vm.assertEq(_balance(client), 9 ether, "never below what is settled");
    }

    function test_release_byTheOperator() public {
        _prefund(4 ether);
        vm.expectEmit();
        emit ILedger.OperatorSet(provider, vm.addr(SESSION_KEY));
        vm.prank(provider);
        ledger.setOperator(vm.addr(SESSION_KEY));
        ledger.release(
            client, provider, MODEL, 0, NEVER, _releaseSignature(SESSION_KEY, client, provider, MODEL, 0, NEVER)
        );
        vm.assertEq(_balance(client), 10 ether, "balance");
    }

    function test_release_revertsIfExpiredOrSignedByAnother() public {
        _prefund(4 ether);
        uint40 deadline = uint40(start - 1);
        bytes memory signature = _releaseSignature(PROVIDER_KEY, client, provider, MODEL, 0, deadline);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Expired.selector, deadline, start));
        ledger.release(client, provider, MODEL, 0, deadline, signature);
        bytes memory expected = abi.encodeWithSelector(ILedger.BadProviderSignature.selector, provider);
        uint256[2] memory keys = [CLIENT_KEY, STRANGER_KEY];
        for (uint256 i = 0; i < 2; ++i) {
            signature = _releaseSignature(keys[i], client, provider, MODEL, 0, NEVER);
            vm.expectRevert(expected);
            ledger.release(client, provider, MODEL, 0, NEVER, signature);
        }
        vm.expectRevert(expected);
        ledger.release(client, provider, MODEL, 0, NEVER, "");
        vm.expectRevert(expected);
        ledger.release(client, provider, MODEL, 0, NEVER, new bytes(65));
    }

    function test_setOperator_canBeWithdrawn() public {
        vm.prank(provider);
        ledger.setOperator(stranger);
        vm.prank(provider);
        ledger.setOperator(address(0));
        vm.assertEq(ledger.operators(provider), address(0), "operator");
    }

    function test_position_showsAllThatAProviderWeighs() public {
        _prefund(4 ether);
        _settle(CLIENT_KEY, 1 ether);
        vm.prank(client);
        ledger.startRelease(provider, MODEL);
        vm.prank(client);
        ledger.startExit(2 ether);
        vm.prank(client);
        ledger.setSigner(vm.addr(SESSION_KEY));
        ILedger.Position memory position = ledger.position(client, provider, MODEL);
        vm.assertEq(position.account.signer, vm.addr(SESSION_KEY), "signer");
        vm.assertEq(position.account.balance, 6 ether, "balance");
        vm.assertEq(position.exit.amount, 2 ether, "exit");
        vm.assertEq(position.exit.readyAt, start + DAY, "exit ready");
        vm.assertEq(position.oldKey.signer, client, "old key");
        vm.assertEq(position.oldKey.validUntil, start + DAY, "old key until");
        vm.assertEq(position.channel.settled, 1 ether, "settled");
        vm.assertEq(position.channel.prefunded, 4 ether, "prefunded");
        vm.assertEq(position.channel.units, 1e9, "units");
        vm.assertEq(position.releaseAt, start + DAY, "release");
    }
}
