// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {IRegistry} from "../../contracts/interfaces/IRegistry.sol";
import {BatchHeader} from "../../contracts/libraries/BatchHeader.sol";
import {CurrencyLibrary, Currency} from "../../contracts/libraries/Currency.sol";
import {Market} from "./support/Market.sol";
import {FeeToken, Receiver} from "./support/Tokens.sol";
import {vm} from "./support/Vm.sol";

/// @notice Says yes to every signature it is asked about, or no to every one.
contract FickleWallet {
    bytes4 public answer;

    constructor(bytes4 answer_) {
        answer = answer_;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        return answer;
    }
}

/// @notice One test for each way that others lost money; docs/spec/money.md, "Lessons", has the letters.
contract LessonsTest is Market {
    uint256 private start;

    function setUp() public {
        _deployToken();
        _deposit(client, 10 ether);
        _deposit(other, 10 ether);
        start = block.timestamp;
    }

    function _refused(uint256 key, address payer, address payee, bytes32 modelId, uint96 cumulative) private {
        ILedger.Item memory item = _item(key, client, provider, MODEL, 2 ether);
        item.client = payer;
        item.cumulative = cumulative;
        vm.expectRevert(abi.encodeWithSelector(ILedger.BadVoucher.selector, 0, 0));
        vm.prank(payee);
        ledger.settle(_groups(modelId, item));
    }

    function test_A1_aVoucherCountsForNobodyElse() public {
        _refused(CLIENT_KEY, other, provider, MODEL, 2 ether); // another client
        _refused(CLIENT_KEY, client, rival, MODEL, 2 ether); // another provider
        _refused(CLIENT_KEY, client, provider, OTHER_MODEL, 2 ether); // another model
        _refused(CLIENT_KEY, client, provider, MODEL, 3 ether); // another total
        ILedger.Item memory item = _item(CLIENT_KEY, client, provider, MODEL, 2 ether);
        item.units += 1;
        vm.expectRevert(abi.encodeWithSelector(ILedger.BadVoucher.selector, 0, 0));
        vm.prank(provider);
        ledger.settle(_groups(MODEL, item));
        item.units -= 1;
        item.workRoot = keccak256("other work");
        vm.expectRevert(abi.encodeWithSelector(ILedger.BadVoucher.selector, 0, 0));
        vm.prank(provider);
        ledger.settle(_groups(MODEL, item));
    }

    function test_A1_onlyAHigherTotalIsNews() public {
        _settle(CLIENT_KEY, 2 ether);
        vm.assertEq(_settle(CLIENT_KEY, 2 ether), 0, "equal");
        vm.assertEq(_settle(CLIENT_KEY, 1 ether), 0, "lower");
    }

    function test_A2_anEmptiedAccountDoesNotForgetItsChannels() public {
        _settle(CLIENT_KEY, 10 ether);
        vm.prank(client);
        ledger.setSigner(vm.addr(SESSION_KEY));
        _deposit(client, 10 ether);
        vm.assertEq(_settle(CLIENT_KEY, 10 ether), 0, "the old voucher pays nothing on the refilled account");
    }

    function test_A3_aPrefundIsNoRelease() public {
        _prefund(4 ether);
        (bytes32 r, bytes32 vs) = _prefundSignature(PROVIDER_KEY, client, provider, MODEL, 1 ether, NEVER);
        bytes32 s = bytes32(uint256(vs) & (type(uint256).max >> 1));
        bytes memory signature = abi.encodePacked(r, s, uint8(uint256(vs) >> 255) + 27);
        vm.expectRevert(abi.encodeWithSelector(ILedger.BadProviderSignature.selector, provider));
        ledger.release(client, provider, MODEL, 1 ether, NEVER, signature); // the same fields under another name
    }

    function test_A5_aForkWithAnotherChainIdIsAnotherDomain() public {
        ILedger.Group[] memory groups = _groups(MODEL, _item(CLIENT_KEY, client, provider, MODEL, 1 ether));
        vm.chainId(161_201);
        vm.expectRevert(abi.encodeWithSelector(ILedger.BadVoucher.selector, 0, 0));
        vm.prank(provider);
        ledger.settle(groups);
        vm.assertEq(_settle(CLIENT_KEY, 1 ether), 1 ether, "signed for the fork");
    }

    function test_A6_theMirroredSignatureIsNone() public {
        ILedger.Item memory item = _item(CLIENT_KEY, client, provider, MODEL, 1 ether);
        uint256 n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        uint256 s = uint256(item.vs) & (type(uint256).max >> 1);
        item.vs = bytes32((n - s) | (~uint256(item.vs) & (1 << 255)));
        vm.expectRevert(abi.encodeWithSelector(ILedger.BadVoucher.selector, 0, 0));
        vm.prank(provider);
        ledger.settle(_groups(MODEL, item));
    }

    function test_B1_aSybilCannotDrainWhatIsPrefunded() public {
        _prefund(4 ether);
        // The client pays its own second account everything that is free, and takes it out at once.
        vm.prank(rival);
        ledger.settle(_groups(MODEL, _item(CLIENT_KEY, client, rival, MODEL, 100 ether)));
        ledger.claim(rival);
        vm.assertEq(_balance(client), 0, "drained");
        vm.assertEq(_settle(CLIENT_KEY, 4 ether), 4 ether, "the guarantee holds");
    }

    function test_B2_aKeyOfTwoClientsPaysEachVoucherOnce() public {
        vm.prank(client);
        ledger.setSigner(vm.addr(SESSION_KEY));
        vm.prank(other);
        ledger.setSigner(vm.addr(SESSION_KEY));
        vm.assertEq(_settle(SESSION_KEY, 1 ether), 1 ether, "for the client it names");
        _refused(SESSION_KEY, other, provider, MODEL, 2 ether);
    }

    function test_B3_onlyTheProvidersPayoutIsPaid() public {
        _settle(CLIENT_KEY, 1 ether);
        vm.prank(stranger);
        ledger.claim(provider);
        vm.assertEq(token.balanceOf(provider), 1 ether, "paid");
        vm.assertEq(token.balanceOf(stranger), 0, "the caller gets nothing");
    }

    function test_C1_aDepositDoesNotCancelAnExit() public {
        vm.prank(client);
        ledger.startExit(10 ether);
        _deposit(client, 1);
        (uint96 amount, uint40 readyAt) = ledger.exits(client);
        vm.assertEq(amount, 10 ether, "amount");
        vm.assertEq(readyAt, start + DAY, "time");
    }

    function test_C2_nobodyElseStartsOrMovesAnExit() public {
        vm.expectRevert(abi.encodeWithSelector(ILedger.NothingToExit.selector));
        vm.prank(stranger);
        ledger.startExit(1);
        vm.prank(client);
        ledger.startExit(1 ether);
        vm.expectRevert(abi.encodeWithSelector(ILedger.NoExit.selector));
        vm.prank(stranger);
        ledger.cancelExit();
        vm.warp(start + DAY);
        vm.expectRevert(abi.encodeWithSelector(ILedger.ExitNotReady.selector, 0, start + DAY));
        vm.prank(stranger);
        ledger.finishExit();
    }

    function test_C3_newMoneyDoesNotLeaveOnAnOldTimer() public {
        vm.prank(client);
        ledger.startExit(10 ether);
        _settle(CLIENT_KEY, 9 ether);
        _deposit(client, 50 ether);
        vm.warp(start + DAY);
        vm.prank(client);
        ledger.finishExit();
        vm.assertEq(token.balanceOf(client), 1 ether, "what was left of the old money");
        vm.assertEq(_balance(client), 50 ether, "the new money stays");
    }

    function test_C3_releasedMoneyDoesNotLeaveOnAnOldTimer() public {
        vm.prank(client);
        ledger.startExit(10 ether);
        _prefund(8 ether);
        bytes memory signature = _releaseSignature(PROVIDER_KEY, client, provider, MODEL, 0, NEVER);
        ledger.release(client, provider, MODEL, 0, NEVER, signature);
        vm.warp(start + DAY);
        vm.prank(client);
        ledger.finishExit();
        vm.assertEq(token.balanceOf(client), 2 ether, "what had stayed free");
        vm.assertEq(_balance(client), 8 ether, "what came back waits for an exit of its own");
    }

    function test_C4_noWithdrawalWithoutARequest() public {
        vm.warp(start + 1_000 * DAY);
        vm.expectRevert(abi.encodeWithSelector(ILedger.ExitNotReady.selector, 0, start + 1_000 * DAY));
        vm.prank(client);
        ledger.finishExit();
    }

    function test_C5_settlingGoesOnThroughExitAndRotation() public {
        vm.prank(client);
        ledger.startExit(10 ether);
        vm.prank(client);
        ledger.setSigner(vm.addr(SESSION_KEY));
        vm.warp(start + DAY - 1);
        vm.assertEq(_settle(CLIENT_KEY, 3 ether), 3 ether, "paid as if neither had happened");
    }

    function test_C7_theExitDelayIsBounded() public view {
        vm.assertTrue(ledger.EXIT_DELAY() >= 1 hours && ledger.EXIT_DELAY() <= 30 days, "bounds");
    }

    function test_D1_dustDoesNotBurnADebt() public {
        _settle(CLIENT_KEY, 12 ether);
        _deposit(client, 1);
        vm.assertEq(_settle(CLIENT_KEY, 12 ether), 1, "a wei pays a wei");
        _deposit(client, 5 ether);
        vm.assertEq(_settle(CLIENT_KEY, 12 ether), 2 ether - 1, "and the rest is still owed");
    }

    function testFuzz_D2_paidIsWhatIsAvailable(uint96 deposited, uint96 prefunded, uint96 cumulative) public {
        deposited = uint96(uint256(deposited) % 1e24 + 1);
        prefunded = uint96(uint256(prefunded) % deposited);
        _deposit(stranger, deposited);
        (bytes32 r, bytes32 vs) = _prefundSignature(STRANGER_KEY, stranger, provider, MODEL, prefunded, NEVER);
        ledger.prefund(stranger, provider, MODEL, prefunded, NEVER, r, vs);
        uint256 expected = cumulative < deposited ? cumulative : deposited;
        vm.prank(provider);
        uint256 paid = ledger.settle(_groups(MODEL, _item(STRANGER_KEY, stranger, provider, MODEL, cumulative)));
        vm.assertEq(paid, expected, "paid");
        vm.assertEq(_earned(provider), expected, "earned");
    }

    function test_D3_theLastOneOutFindsAllOfIt() public {
        _register(PROVIDER_KEY);
        _register(RIVAL_KEY);
        vm.prank(court);
        registry.slash(provider, STAKE / 3); // leaves a third of a wei over, if anything were divided
        vm.prank(court);
        registry.slash(provider, 7);
        _leave(provider, STAKE - STAKE / 3 - 7);
        _leave(rival, STAKE);
        vm.assertEq(token.balanceOf(address(registry)), 0, "to the wei");
    }

    function _leave(address account, uint96 stake) private {
        uint256 before = token.balanceOf(account);
        vm.prank(account);
        registry.startUnbond(stake);
        vm.warp(vm.getBlockTimestamp() + UNBOND);
        vm.prank(account);
        registry.finishUnbond(BatchHeader(0, 0, 0, 0));
        vm.assertEq(token.balanceOf(account) - before, stake, "all that the slashes left");
    }

    function test_D4_delaysDoNotOverflow() public {
        vm.warp(type(uint40).max - DAY); // the year 36812
        vm.prank(client);
        ledger.startExit(1 ether);
        (, uint40 readyAt) = ledger.exits(client);
        vm.assertEq(readyAt, type(uint40).max, "readyAt");
    }

    function test_D5_aDepositIsExactlyWhatArrived() public {
        FeeToken fee = new FeeToken();
        _deploy(Currency.wrap(address(fee)));
        fee.approve(address(ledger), 1 ether);
        vm.expectRevert(abi.encodeWithSelector(CurrencyLibrary.InexactTransfer.selector, 0.99 ether, 1 ether));
        ledger.deposit(client, 1 ether);
    }

    function test_E1_codeAtTheClientsAddressChangesNothing() public {
        // EIP-7702: the account delegates to code that would deny its own signatures.
        FickleWallet denies = new FickleWallet(0xffffffff);
        vm.etch(client, abi.encodePacked(hex"ef0100", address(denies)));
        vm.assertEq(_settle(CLIENT_KEY, 1 ether), 1 ether, "delegated");
        vm.etch(client, address(denies).code);
        vm.assertEq(_settle(CLIENT_KEY, 2 ether), 1 ether, "a contract that denies");
    }

    function test_E1_codeAtTheClientsAddressSignsNothing() public {
        vm.etch(client, address(new FickleWallet(0x1626ba7e)).code);
        ILedger.Group[] memory groups = _groups(MODEL, _item(STRANGER_KEY, client, provider, MODEL, 1 ether));
        vm.expectRevert(abi.encodeWithSelector(ILedger.BadVoucher.selector, 0, 0));
        vm.prank(provider);
        ledger.settle(groups);
    }

    function test_E2_aWalletOfTheSameOwnerIsAnotherClient() public {
        FickleWallet first = new FickleWallet(0x1626ba7e);
        _deposit(address(first), 5 ether);
        vm.prank(address(first));
        ledger.setSigner(client); // the wallet's session key is the owner's own account
        _refused(CLIENT_KEY, address(first), provider, MODEL, 2 ether);
    }

    function test_E3_noClientCodeRunsWhenAVoucherSettles() public {
        Receiver loud = new Receiver();
        loud.set(Receiver.Mood.refuses, ledger, provider);
        vm.etch(client, address(loud).code);
        vm.assertEq(_settle(CLIENT_KEY, 1 ether), 1 ether, "paid");
    }

    function test_E4_anAllowanceIsNobodyElsesToSpend() public {
        // No permit is taken, so there is none to run ahead of; and an allowance that stands moves only by its owner's call.
        _fund(client, 5 ether);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(ledger), 0, 1 ether));
        vm.prank(stranger);
        ledger.deposit(client, 1 ether);
        vm.assertEq(token.balanceOf(client), 5 ether, "untouched");
        vm.prank(client);
        ledger.deposit(client, 5 ether);
        vm.assertEq(_balance(client), 15 ether, "the owner's own call");
    }

    function test_F1_aSlashTakesWhatThereIs() public {
        _register(PROVIDER_KEY);
        vm.prank(provider);
        registry.startUnbond(STAKE);
        vm.prank(court);
        vm.assertEq(registry.slash(provider, 2 * STAKE), STAKE, "never reverts, unbonding included");
    }

    function test_F2_unbondingOutlivesTheEvidence() public view {
        vm.assertTrue(registry.UNBOND_DELAY() >= registry.EVIDENCE_AGE() + 6 days, "margin");
    }

    function test_pitfall10_aSecondRotationDoesNotDropTheFirstKey() public {
        vm.prank(client);
        ledger.setSigner(vm.addr(SESSION_KEY));
        vm.expectRevert(abi.encodeWithSelector(ILedger.RotationPending.selector, start + DAY));
        vm.prank(client);
        ledger.setSigner(stranger);
        vm.assertEq(_settle(CLIENT_KEY, 1 ether), 1 ether, "the first key still pays");
    }

    function test_squatting_aKeyCannotBeTakenByAnother() public {
        _register(PROVIDER_KEY);
        _register(RIVAL_KEY);
        bytes memory consent = _keySignature(SESSION_KEY, provider);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.BadKeySignature.selector, vm.addr(SESSION_KEY)));
        vm.prank(rival);
        registry.addKey(vm.addr(SESSION_KEY), consent); // seen in the mempool
    }
}
