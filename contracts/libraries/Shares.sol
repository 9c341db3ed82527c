// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

/// @notice The parts of up to 16 payees in one word, so that a settlement reads them all at the price of one: payee i has the 16 bits
/// from 16 * i, in hundredths of a percent, never zero before the last.
library Shares {
    uint256 internal constant BITS = 16;
    uint256 internal constant PAYEES_MAX = 256 / BITS;
    uint256 internal constant WHOLE = 10_000;

    /// @notice What payee `payee` has earned, ever, when clients have paid `gross`, ever. Only rises, and all that rounding leaves is
    /// the provider's.
    function earned(uint256 shares, uint256 payee, uint256 gross) internal pure returns (uint256) {
        return gross * ((shares >> (BITS * payee)) & type(uint16).max) / WHOLE;
    }

    /// @notice What all payees earn together when `gross` grows to `grown`.
    function growth(uint256 shares, uint256 gross, uint256 grown) internal pure returns (uint256 sum) {
        unchecked {
            // Both totals are sums of uint96 amounts (Ledger), far below 2^240, and the parts together are below WHOLE.
            for (; shares != 0; shares >>= BITS) {
                uint256 bps = shares & type(uint16).max;
                sum += grown * bps / WHOLE - gross * bps / WHOLE;
            }
        }
    }
}
