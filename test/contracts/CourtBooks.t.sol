// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {OpenToken} from "../../contracts/OpenToken.sol";
import {ICourt} from "../../contracts/interfaces/ICourt.sol";
import {Verdict} from "../../contracts/interfaces/IVerdict.sol";
import {Currency} from "../../contracts/libraries/Currency.sol";
import {WorkReceipt} from "../../contracts/libraries/Receipts.sol";
import {Disputes} from "./support/Disputes.sol";
import {HostileToken} from "./support/Tokens.sol";
import {vm} from "./support/Vm.sol";

/// @notice Where slashed stake and lost bonds go, to the wei, in coins and in tokens of every kind.
contract CourtBooksTest is Disputes {
    address private constant DEAD = 0x000000000000000000000000000000000000dEaD;

    /// @dev Half of the provider's stake.
    function _slash() private {
        WorkReceipt memory a = _receipt(provider, 0, 0);
        WorkReceipt memory b = _receipt(provider, 0, 1);
        bytes memory signatureA = _signature(PROVIDER_KEY, _receiptHash(a));
        bytes memory signatureB = _signature(PROVIDER_KEY, _receiptHash(b));
        vm.prank(stranger);
        disputes.slashEquivocation(a, signatureA, b, signatureB);
    }

    function _isSplit() private view {
        vm.assertEq(disputes.owed(stranger), 75 ether, "15 % of 500 for the reporter");
        vm.assertEq(disputes.owed(client), 20 ether, "ten times 2 for the client, which is less than 20 %");
        vm.assertEq(disputes.doomed(), 405 ether, "the rest is burned");
    }

    function test_names_itsOwnAndTheLedgersNeighbours() public {
        _deployDisputes(address(0));
        vm.assertEq(disputes.registry(), address(registry), "registry");
        vm.assertEq(disputes.ledger(), address(ledger), "ledger");
        vm.assertEq(ledger.registry(), address(registry), "the ledger's registry");
        vm.assertEq(ledger.models(), address(models), "the ledger's models");
    }

    function test_coins_arriveFromTheRegistryAndLeaveToTheWei() public {
        _deployDisputes(Currency.wrap(address(0)), address(0));
        vm.deal(provider, STAKE);
        vm.prank(provider);
        registry.register{value: STAKE}(provider, STAKE);
        _slash();
        _isSplit();
        vm.assertEq(address(disputes).balance, 500 ether, "held");
        vm.prank(rival);
        disputes.withdraw(stranger);
        vm.assertEq(stranger.balance, 75 ether, "fetched");
        disputes.withdraw(client);
        uint256 before = DEAD.balance;
        disputes.burn();
        vm.assertEq(DEAD.balance - before, 405 ether, "out of reach");
        vm.assertEq(address(disputes).balance, 0, "nothing stays");
    }

    function test_coins_areTakenFromNobodyElse() public {
        _deployDisputes(Currency.wrap(address(0)), address(0));
        vm.deal(stranger, 1);
        vm.prank(stranger);
        (bool ok, bytes memory why) = address(disputes).call{value: 1}("");
        vm.assertTrue(!ok, "refused");
        vm.assertEq(keccak256(why), keccak256(abi.encodeWithSelector(ICourt.UnexpectedMoney.selector, stranger)), "why");
    }

    function test_burn_aTokenThatCannotBurnGoesWhereNobodyHasAKey() public {
        HostileToken odd = new HostileToken(address(this));
        token = OpenToken(address(odd));
        _deployDisputes(Currency.wrap(address(odd)), address(0));
        _register(PROVIDER_KEY);
        _slash();
        _isSplit();
        disputes.burn();
        vm.assertEq(odd.balanceOf(DEAD), 405 ether, "out of reach");
        vm.expectRevert(abi.encodeWithSelector(ICourt.NothingOwed.selector, DEAD));
        disputes.burn();
    }

    function test_verdict_moreJudgesThanSeatsShareTheSame() public {
        _deployDisputes(address(0));
        _register(PROVIDER_KEY);
        ICourt.Challenge memory challenge = _settleOne(provider, 0);
        vm.prank(client);
        bytes32 id = disputes.open(challenge);
        vm.prank(provider);
        disputes.respond(id, keccak256("answer"));
        address[] memory crowd = new address[](5);
        for (uint256 i = 0; i < 5; ++i) crowd[i] = address(uint160(0x7000 + i));
        judge.say(Verdict.Upheld, crowd);
        disputes.resolve(id);
        uint256 sum = disputes.doomed() + disputes.owed(client);
        for (uint256 i = 0; i < 5; ++i) {
            vm.assertEq(disputes.owed(crowd[i]), 7.5 ether, "a fifth of 15 % of 250, though there are three seats");
            sum += disputes.owed(crowd[i]);
        }
        vm.assertEq(token.balanceOf(address(disputes)), sum, "held is owed");
    }
}
