// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {IRegistry} from "../../../contracts/interfaces/IRegistry.sol";
import {vm} from "../support/Vm.sol";
import {CourtHandler} from "./CourtHandler.sol";

/// @notice Compares stake and the court's books with what the handler expects. Numbers as in docs/spec/money.md, "Invariants".
contract CourtObserver is CourtHandler {
    function check() external view {
        vm.assertEq(bytes(violation).length, 0, violation);
        uint256 staked;
        for (uint256 i = 0; i < COUNT; ++i) {
            IRegistry.ProviderView memory found = registry.providerOf(suspects[i].account);
            vm.assertEq(found.stake, suspects[i].stake, "5, 19: stake");
            vm.assertEq(found.standing.openCases, suspects[i].openCases, "20: open cases");
            vm.assertEq(found.standing.slashes, suspects[i].slashes, "19: punished once a fault");
            staked += found.stake;
        }
        vm.assertEq(token.balanceOf(address(registry)), staked, "1: held is stake");

        address[5] memory people = _people();
        uint256 owed = disputes.doomed() + openBonds;
        for (uint256 i = 0; i < people.length; ++i) owed += disputes.owed(people[i]);
        uint256 held = token.balanceOf(address(disputes));
        vm.assertEq(held, owed, "1: held is owed, doomed or bonds of open cases");
        vm.assertEq(held + paidOut, slashed + bonds, "5: all that was slashed went to someone or is burned");
    }
}

contract CourtInvariants {
    CourtObserver private observer;

    function setUp() external {
        observer = new CourtObserver();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(observer);
    }

    function invariant_stakeAndBondsAreExact() external view {
        observer.check();
    }
}
