// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ICourt} from "../interfaces/ICourt.sol";
import {IVerdict} from "../interfaces/IVerdict.sol";

/// @notice How the judge of later cases changes: announced by a fixed account, adopted by anyone, and only after everyone, stake
/// included, could have left.
abstract contract CourtStewardship is ICourt {
    /// @dev A proposal that nobody adopts in time cannot be sprung on people later.
    uint256 public constant ADOPT_WINDOW = 14 days;

    /// @notice May propose and nothing else; address(0): the first adapter is the last.
    address public immutable steward;
    uint256 public immutable VERDICT_DELAY;

    address public verdict;
    Proposal public proposal;

    constructor(address steward_, address verdict_, uint256 verdictDelay) {
        steward = steward_;
        VERDICT_DELAY = verdictDelay;
        _requireOurs(verdict_);
        verdict = verdict_;
        emit VerdictChanged(verdict_);
    }

    /// @inheritdoc ICourt
    function proposeVerdict(address verdict_) external {
        require(msg.sender == steward, NotSteward(msg.sender));
        uint40 readyAt;
        if (verdict_ != address(0)) {
            _requireOurs(verdict_);
            readyAt = uint40(block.timestamp + VERDICT_DELAY);
        }
        proposal = Proposal(verdict_, readyAt);
        emit VerdictProposed(verdict_, readyAt);
    }

    /// @inheritdoc ICourt
    function adoptVerdict() external {
        Proposal memory waiting = proposal;
        require(
            waiting.readyAt != 0 && block.timestamp >= waiting.readyAt, ProposalNotReady(waiting.readyAt, block.timestamp)
        );
        uint256 lapsesAt = waiting.readyAt + ADOPT_WINDOW;
        require(block.timestamp < lapsesAt, ProposalLapsed(lapsesAt, block.timestamp));
        delete proposal;
        verdict = waiting.verdict;
        emit VerdictChanged(waiting.verdict);
    }

    function _requireOurs(address verdict_) private view {
        require(verdict_.code.length != 0 && IVerdict(verdict_).court() == address(this), WrongVerdict(verdict_));
    }
}
