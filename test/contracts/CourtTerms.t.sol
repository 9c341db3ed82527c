// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Court} from "../../contracts/Court.sol";
import {Ledger} from "../../contracts/Ledger.sol";
import {Models} from "../../contracts/Models.sol";
import {Registry} from "../../contracts/Registry.sol";
import {ICourt} from "../../contracts/interfaces/ICourt.sol";
import {Currency} from "../../contracts/libraries/Currency.sol";
import {AnyVerdict, Disputes} from "./support/Disputes.sol";
import {vm} from "./support/Vm.sol";

/// @notice What a court is built with, and the one thing about it that can change: the judge of later cases.
contract CourtTermsTest is Disputes {
    uint256 private constant DELAY = 21 days;
    address private constant STEWARD = address(0x57e4);

    function setUp() public {
        _deployDisputes(STEWARD);
    }

    // ---- windows ----

    /// @dev A market with stakes that stay `unbond`, and a court with these windows.
    function _build(uint256 unbond, uint256 respond, uint256 verdict, uint256 delay, bytes memory reason) private {
        uint256 nonce = vm.getNonce(address(this));
        address ledger_ = vm.computeCreateAddress(address(this), nonce + 2);
        address court_ = vm.computeCreateAddress(address(this), nonce + 4);
        Currency currency = Currency.wrap(address(token));
        registry = new Registry(currency, ledger_, court_, STAKE, unbond, EVIDENCE);
        models = new Models(ledger_);
        ledger = new Ledger(currency, registry, models, DAY);
        AnyVerdict made = new AnyVerdict(court_);
        if (reason.length != 0) vm.expectRevert(reason);
        new Court(registry, address(made), STEWARD, BOND, respond, verdict, delay);
    }

    function _outOfBounds(uint256 window, uint256 min, uint256 max) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ICourt.WindowOutOfBounds.selector, window, min, max);
    }

    function test_windows_outliveCensorship() public {
        uint256 longest = 14 days;
        _build(UNBOND, DAY - 1, 3 days, DELAY, _outOfBounds(DAY - 1, DAY, longest));
        _build(UNBOND, longest + 1, 3 days, DELAY, _outOfBounds(longest + 1, DAY, longest));
        _build(UNBOND, DAY, 2 * DAY - 1, DELAY, _outOfBounds(2 * DAY - 1, 2 * DAY, longest));
        _build(UNBOND, DAY, longest + 1, DELAY, _outOfBounds(longest + 1, 2 * DAY, longest));
    }

    /// @dev Seven days for evidence, two to answer, three to judge, one to resolve and one to spare.
    function test_windows_endBeforeTheStakeCanLeave() public {
        _build(14 days - 1, 2 days, 3 days, DELAY, _outOfBounds(14 days - 1, 14 days, type(uint256).max));
        _build(14 days, 2 days, 3 days, DELAY, "");
    }

    function test_windows_letEveryoneLeaveBeforeAnotherJudge() public {
        uint256 least = UNBOND + DAY;
        _build(UNBOND, 1 days, 3 days, least - 1, _outOfBounds(least - 1, least, 365 days));
        _build(UNBOND, 1 days, 3 days, least, "");
        _build(UNBOND, 1 days, 3 days, 365 days + 1, _outOfBounds(365 days + 1, least, 365 days));
    }

    function test_constructor_wantsTheCourtOfItsRegistry() public {
        AnyVerdict made = new AnyVerdict(court);
        vm.expectRevert(abi.encodeWithSelector(ICourt.WrongVerdict.selector, address(made)));
        new Court(registry, address(made), STEWARD, BOND, 1 days, 3 days, DELAY);
        // The judge is right, the registry names another court.
        made = new AnyVerdict(vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1));
        vm.expectRevert(abi.encodeWithSelector(ICourt.WrongRegistry.selector, address(registry)));
        new Court(registry, address(made), STEWARD, BOND, 1 days, 3 days, DELAY);
    }

    // ---- the judge's office ----

    function _propose(address next) private {
        vm.prank(STEWARD);
        disputes.proposeVerdict(next);
    }

    function _refusedAdoption(bytes memory reason) private {
        vm.expectRevert(reason);
        disputes.adoptVerdict();
    }

    function _notReady(uint256 readyAt) private view returns (bytes memory) {
        return abi.encodeWithSelector(ICourt.ProposalNotReady.selector, readyAt, _now());
    }

    function test_steward_proposesAndAnyoneAdoptsWhenItIsTime() public {
        AnyVerdict next = new AnyVerdict(court);
        _refusedAdoption(_notReady(0));
        uint40 readyAt = uint40(_now() + DELAY);
        vm.expectEmit();
        emit ICourt.VerdictProposed(address(next), readyAt);
        _propose(address(next));
        vm.warp(readyAt - 1);
        _refusedAdoption(_notReady(readyAt));
        vm.assertEq(disputes.verdict(), address(judge), "still in office");
        vm.warp(readyAt);
        vm.prank(stranger);
        disputes.adoptVerdict();
        vm.assertEq(disputes.verdict(), address(next), "in office");
        _refusedAdoption(_notReady(0));
    }

    function test_steward_aProposalLapses() public {
        _propose(address(new AnyVerdict(court)));
        uint256 lapsesAt = _now() + DELAY + 14 days;
        vm.warp(lapsesAt);
        _refusedAdoption(abi.encodeWithSelector(ICourt.ProposalLapsed.selector, lapsesAt, lapsesAt));
        vm.warp(lapsesAt - 1);
        disputes.adoptVerdict();
    }

    function test_steward_takesAProposalBack() public {
        _propose(address(new AnyVerdict(court)));
        _propose(address(0));
        vm.warp(_now() + DELAY);
        _refusedAdoption(_notReady(0));
    }

    function test_steward_aSecondProposalWaitsAnew() public {
        _propose(address(new AnyVerdict(court)));
        uint256 first = _now() + DELAY;
        vm.warp(first - 1);
        _propose(address(new AnyVerdict(court)));
        vm.warp(first);
        _refusedAdoption(_notReady(first - 1 + DELAY));
    }

    function test_steward_isOneAndNamesOnlyJudgesOfThisCourt() public {
        AnyVerdict next = new AnyVerdict(court);
        vm.expectRevert(abi.encodeWithSelector(ICourt.NotSteward.selector, stranger));
        vm.prank(stranger);
        disputes.proposeVerdict(address(next));
        AnyVerdict foreign = new AnyVerdict(address(this));
        vm.expectRevert(abi.encodeWithSelector(ICourt.WrongVerdict.selector, address(foreign)));
        _propose(address(foreign));
        vm.expectRevert(abi.encodeWithSelector(ICourt.WrongVerdict.selector, stranger));
        _propose(stranger);
    }
}
