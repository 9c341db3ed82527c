// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

/// @title Models and who is paid when they serve
/// @notice A model's id commits to its files and to its payees (owner, adapters, data, stakers), so neither ever changes: other terms
/// are another id. Registering reveals what an id commits to; from then on every settlement under that id pays its payees. Names
/// resolve off chain.
interface IModels {
    /// @notice `bps` are hundredths of a percent of what clients pay, one for each payee, in the order that the id commits to.
    struct Model {
        bytes32 manifestHash;
        address[] payees;
        uint16[] bps;
    }

    error ZeroManifest();
    error LengthsDiffer(uint256 payees, uint256 bps);
    error TooManyPayees(uint256 payees, uint256 max);
    /// @notice A payee without an address or without a part: what is accrued for it could never leave.
    error BadPayee(uint256 payee);
    error RoyaltyTooHigh(uint256 bps, uint256 max);
    error NoSuchPayee(bytes32 modelId, uint256 payee);

    event ModelRegistered(bytes32 indexed modelId, bytes32 indexed manifestHash, address[] payees, uint16[] bps);

    /// @notice Reveals a model. Anyone may, again without effect, and nobody can undo it. At most 16 payees and 3 000 bps in all.
    /// @return modelId keccak256(abi.encode(manifestHash, payees, bps))
    function register(bytes32 manifestHash, address[] calldata payees, uint16[] calldata bps) external returns (bytes32 modelId);

    function PAYEES_MAX() external view returns (uint256);
    function BPS_MAX() external view returns (uint256);
    function ledger() external view returns (address);
    /// @notice All zero and empty for an id that was never revealed.
    function modelOf(bytes32 modelId) external view returns (Model memory);
    function payeeOf(bytes32 modelId, uint256 payee) external view returns (address);
}
