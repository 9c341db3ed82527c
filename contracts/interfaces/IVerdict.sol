// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

enum Verdict {
    None,
    Upheld,
    Rejected
}

/// @title Whoever judges the court's cases
/// @notice Asked, never told: an adapter reads the case from the court, and the court reads the verdict from the adapter.
interface IVerdict {
    /// @notice The verdict once it stands; it never changes then. `agreed` are the judges who voted with it, at most `seats`.
    function verdictOf(bytes32 id) external view returns (Verdict verdict, uint256 seats, address[] memory agreed);
    /// @notice The court it judges for.
    function court() external view returns (address);
}
