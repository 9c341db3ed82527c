// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {BatchHeader} from "../../contracts/libraries/BatchHeader.sol";
import {Currency, CurrencyLibrary} from "../../contracts/libraries/Currency.sol";
import {OpenToken} from "../../contracts/OpenToken.sol";
import {Market} from "./support/Market.sol";
import {FeeToken, HostileToken, Receiver, ReentrantToken} from "./support/Tokens.sol";
import {vm} from "./support/Vm.sol";

contract HugeToken is ERC20("Huge", "HUGE") {
    constructor() {
        _mint(msg.sender, type(uint256).max);
    }
}

contract CurrencyTest is Market {
    function _native() private {
        _deploy(Currency.wrap(address(0)));
        vm.deal(address(this), 1_000_000 ether);
        ledger.deposit{value: 10 ether}(client, 10 ether);
    }

    function test_native_depositSettleClaimExit() public {
        _native();
        vm.assertEq(_settle(CLIENT_KEY, 4 ether), 4 ether, "paid");
        ledger.claim(provider);
        vm.assertEq(provider.balance, 4 ether, "claimed");
        uint256 start = block.timestamp;
        vm.prank(client);
        ledger.startExit(6 ether);
        vm.warp(start + DAY);
        vm.prank(client);
        ledger.finishExit();
        vm.assertEq(client.balance, 6 ether, "withdrawn");
        vm.assertEq(address(ledger).balance, 0, "held");
    }

    function test_native_stakeInAndOut() public {
        _native();
        uint256 start = block.timestamp;
        vm.deal(provider, STAKE);
        vm.prank(provider);
        registry.register{value: STAKE}(provider, STAKE);
        vm.prank(provider);
        registry.startUnbond(STAKE);
        vm.warp(start + UNBOND);
        vm.prank(provider);
        registry.finishUnbond(registryHeader());
        vm.assertEq(provider.balance, STAKE, "back");
    }

    function test_native_revertsIfTheCoinIsNotTheAmount() public {
        _native();
        vm.expectRevert(abi.encodeWithSelector(CurrencyLibrary.InexactTransfer.selector, 1, 2));
        ledger.deposit{value: 1}(client, 2);
        vm.expectRevert(abi.encodeWithSelector(CurrencyLibrary.InexactTransfer.selector, 2, 1));
        ledger.deposit{value: 2}(client, 1);
    }

    function test_native_refusesPlainTransfers() public {
        _native();
        (bool sent,) = address(ledger).call{value: 1}("");
        vm.assertFalse(sent, "money without an owner");
    }

    function test_native_aReceiverThatRefusesLosesNothing() public {
        _native();
        _settle(CLIENT_KEY, 4 ether);
        Receiver receiver = _payoutTo();
        receiver.set(Receiver.Mood.refuses, ledger, provider);
        vm.expectRevert(abi.encodeWithSelector(CurrencyLibrary.PaymentRefused.selector, address(receiver), 4 ether));
        ledger.claim(provider);
        vm.assertEq(_earned(provider), 4 ether, "still earned");
        receiver.set(Receiver.Mood.floods, ledger, provider);
        ledger.claim{gas: 3_000_000}(provider); // the receiver's own megabyte takes two thirds of it
        vm.assertEq(address(receiver).balance, 4 ether, "a flood of return data is not copied");
    }

    function test_native_aReceiverCannotReenter() public {
        _native();
        _settle(CLIENT_KEY, 4 ether);
        Receiver receiver = _payoutTo();
        receiver.set(Receiver.Mood.reenters, ledger, provider);
        ledger.claim(provider);
        vm.assertFalse(receiver.reentered(), "reentered");
        vm.assertEq(address(receiver).balance, 4 ether, "paid once");
    }

    function test_erc20_refusesFeeOnTransfer() public {
        FeeToken fee = new FeeToken();
        _deploy(Currency.wrap(address(fee)));
        fee.approve(address(ledger), 100 ether);
        vm.expectRevert(abi.encodeWithSelector(CurrencyLibrary.InexactTransfer.selector, 99 ether, 100 ether));
        ledger.deposit(client, 100 ether);
    }

    function test_erc20_aTokenCannotReenter() public {
        ReentrantToken re = new ReentrantToken();
        _deploy(Currency.wrap(address(re)));
        re.approve(address(ledger), 100 ether);
        re.arm(address(ledger), abi.encodeCall(ledger.deposit, (client, 1)));
        ledger.deposit(client, 5 ether);
        vm.assertFalse(re.succeeded(), "deposit in a deposit");
        _settle(CLIENT_KEY, 2 ether);
        re.arm(address(ledger), abi.encodeCall(ledger.claim, (provider)));
        ledger.claim(provider);
        vm.assertFalse(re.succeeded(), "claim in a claim");
        vm.assertEq(re.balanceOf(provider), 2 ether, "paid once");
    }

    /// @dev Each call that moves money, tried from inside each: refused there, and taken right after from outside.
    function test_erc20_noDoorOpensInsideAnother() public {
        for (uint256 door = 0; door < 4; ++door) {
            for (uint256 inner = 0; inner < 4; ++inner) _inside(door, inner);
        }
    }

    function _inside(uint256 door, uint256 inner) private {
        HostileToken odd = new HostileToken(address(this));
        token = OpenToken(address(odd));
        _deploy(Currency.wrap(address(odd)));
        bytes32 id = _owing(address(odd));
        bytes[4] memory calls = [
            abi.encodeCall(ledger.deposit, (client, 1)),
            abi.encodeCall(ledger.claim, (door == 1 ? rival : provider)),
            abi.encodeCall(ledger.finishExit, ()),
            abi.encodeCall(ledger.claimRoyalty, (id, door == 3 ? 1 : 0))
        ];
        odd.arm(address(ledger), calls[inner], false);
        if (door == 0) ledger.deposit(client, 1);
        if (door == 1) ledger.claim(provider);
        if (door == 2) {
            vm.prank(client);
            ledger.finishExit();
        }
        if (door == 3) ledger.claimRoyalty(id, 0);
        vm.assertFalse(odd.armed(), "the token called");
        vm.assertFalse(odd.reentered(), "reentered");
        vm.prank(address(odd));
        (bool ok,) = address(ledger).call(calls[inner]);
        vm.assertTrue(ok, "refused for no other reason");
    }

    /// @dev Two providers and two payees with money to fetch, the client's exit and one of the token's own account ready to leave.
    function _owing(address account) private returns (bytes32 id) {
        token.approve(address(ledger), type(uint256).max);
        token.transfer(account, 1 ether);
        vm.prank(account);
        token.approve(address(ledger), type(uint256).max);
        ledger.deposit(client, 100 ether);
        ledger.deposit(account, 1 ether);
        address[] memory payees = new address[](2);
        uint16[] memory bps = new uint16[](2);
        (payees[0], payees[1], bps[0], bps[1]) = (stranger, other, 1_000, 500);
        id = models.register(keccak256("manifest"), payees, bps);
        vm.prank(provider);
        ledger.settle(_groups(id, _item(CLIENT_KEY, client, provider, id, 2 ether)));
        vm.prank(rival);
        ledger.settle(_groups(id, _item(CLIENT_KEY, client, rival, id, 2 ether)));
        vm.prank(client);
        ledger.startExit(1 ether);
        vm.prank(account);
        ledger.startExit(1 ether);
        vm.warp(vm.getBlockTimestamp() + DAY);
    }

    function test_erc20_revertsWithoutAllowance() public {
        _deployToken();
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(ledger), 0, 1 ether)
        );
        ledger.deposit(client, 1 ether);
    }

    function test_erc20_neverHoldsMoreThanUint96() public {
        HugeToken huge = new HugeToken();
        _deploy(Currency.wrap(address(huge)));
        huge.approve(address(ledger), type(uint256).max);
        ledger.deposit(client, type(uint96).max);
        vm.expectRevert(abi.encodeWithSelector(CurrencyLibrary.CurrencyOverflow.selector, uint256(type(uint96).max) + 1));
        ledger.deposit(other, 1);
    }

    function test_openToken_isFixedAndBurnable() public {
        OpenToken open = new OpenToken(address(this));
        vm.assertEq(open.totalSupply(), 1_000_000_000 ether, "supply");
        vm.assertEq(open.decimals(), 18, "decimals");
        open.burn(1 ether);
        vm.assertEq(open.totalSupply(), 999_999_999 ether, "burned");
    }

    function registryHeader() private pure returns (BatchHeader memory header) {}

    function _payoutTo() private returns (Receiver receiver) {
        receiver = new Receiver();
        vm.deal(provider, STAKE);
        vm.prank(provider);
        registry.register{value: STAKE}(address(receiver), STAKE);
    }

    receive() external payable {}
}
