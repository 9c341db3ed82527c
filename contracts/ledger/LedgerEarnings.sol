// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ILedger} from "../interfaces/ILedger.sol";
import {IModels} from "../interfaces/IModels.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {Currency} from "../libraries/Currency.sol";
import {Shares} from "../libraries/Shares.sol";
import {LedgerAccounts} from "./LedgerAccounts.sol";
import {LedgerChannels} from "./LedgerChannels.sol";

/// @notice What was earned and how it leaves: to the provider's payout address, and to the payees of registered models. Nobody is
/// sent money by a settlement; each fetches their own, so that one who cannot be paid stops nobody.
abstract contract LedgerEarnings is LedgerChannels {
    IRegistry private immutable _registry;
    IModels private immutable _models;

    mapping(address provider => Earned) public earned;
    mapping(address provider => mapping(uint256 batch => bytes32)) public batchCommit;
    mapping(bytes32 modelId => Royalty) public royalties;
    mapping(bytes32 modelId => mapping(uint256 payee => uint256)) public royaltyClaimed;

    constructor(Currency currency_, IRegistry registry_, IModels models_, uint256 exitDelay)
        LedgerAccounts(currency_, exitDelay)
    {
        // Each names the other, one of them by a predicted address: a wrong prediction ends here.
        require(
            registry_.ledger() == address(this) && Currency.unwrap(registry_.currency()) == Currency.unwrap(currency_),
            WrongRegistry(address(registry_))
        );
        require(models_.ledger() == address(this), WrongModels(address(models_)));
        _registry = registry_;
        _models = models_;
    }

    /// @inheritdoc ILedger
    function claim(address provider) external nonReentrant {
        uint96 amount = earned[provider].amount;
        require(amount != 0, NothingEarned(provider));
        earned[provider].amount = 0;
        address to = _registry.payoutOf(provider);
        emit Claimed(provider, to, amount);
        currency.push(to, amount);
    }

    /// @inheritdoc ILedger
    function claimRoyalty(bytes32 modelId, uint256 payee) external nonReentrant {
        address to = _models.payeeOf(modelId, payee);
        uint256 lifetime = royaltyOf(modelId, payee);
        uint256 amount = lifetime - royaltyClaimed[modelId][payee];
        require(amount != 0, NoRoyalty(modelId, payee));
        royaltyClaimed[modelId][payee] = lifetime;
        emit RoyaltyClaimed(modelId, payee, to, amount);
        currency.push(to, amount);
    }

    /// @inheritdoc ILedger
    function setShares(bytes32 modelId, uint256 shares) external {
        require(msg.sender == address(_models), NotModels(msg.sender));
        royalties[modelId].shares = shares;
    }

    /// @inheritdoc ILedger
    function royaltyOf(bytes32 modelId, uint256 payee) public view returns (uint256) {
        Royalty memory royalty = royalties[modelId];
        return payee < Shares.PAYEES_MAX ? Shares.earned(royalty.shares, payee, royalty.gross) : 0;
    }

    /// @inheritdoc ILedger
    function registry() external view returns (address) {
        return address(_registry);
    }

    /// @inheritdoc ILedger
    function models() external view returns (address) {
        return address(_models);
    }

    /// @dev Books `paid` for a model and returns the payees' part of it. The parts are floors of the model's total and not of each
    /// batch, so cutting batches small saves no royalty, and one write serves 16 payees. All floors may rise by a wei at once: a payment of
    /// fewer wei than that counts for nobody, or it could not be settled.
    function _creditRoyalty(bytes32 modelId, uint256 paid) internal returns (uint256 royalty) {
        uint256 shares = royalties[modelId].shares;
        if (shares == 0) return 0;
        uint256 gross = royalties[modelId].gross;
        royalty = Shares.growth(shares, gross, gross + paid);
        if (royalty > paid) return 0;
        royalties[modelId].gross = gross + paid;
    }
}
