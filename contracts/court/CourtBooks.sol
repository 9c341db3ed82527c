// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ICourt} from "../interfaces/ICourt.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {Currency} from "../libraries/Currency.sol";

/// @notice Who gets what of a slash or a lost bond. Every part is pulled later, so no receiver can stop a punishment.
abstract contract CourtBooks is ICourt, ReentrancyGuardTransient {
    uint256 internal constant BPS = 10_000;
    uint256 internal constant REPORTER_BPS = 1_500;
    uint256 internal constant CLIENT_BPS = 2_000;
    uint256 internal constant COMMITTEE_BPS = 1_500;
    uint256 internal constant BOND_COMMITTEE_BPS = 4_000;
    uint256 internal constant BOND_PROVIDER_BPS = 3_000;
    /// @dev A harmed client gets at most this many times what it paid for the receipt: nobody buys trouble for the refund.
    uint256 internal constant HARM_FACTOR = 10;
    address internal constant NOBODY = 0x000000000000000000000000000000000000dEaD;

    Currency public immutable currency;
    IRegistry internal immutable _registry;

    mapping(address account => uint96) public owed;
    uint96 public doomed;

    constructor(IRegistry registry_) {
        _registry = registry_;
        currency = registry_.currency();
    }

    /// @dev In native mode the registry pays what it took; nobody else has business here.
    receive() external payable {
        require(msg.sender == address(_registry), UnexpectedMoney(msg.sender));
    }

    /// @inheritdoc ICourt
    function withdraw(address account) external nonReentrant {
        uint96 amount = owed[account];
        require(amount != 0, NothingOwed(account));
        owed[account] = 0;
        address to = _registry.payoutOf(account);
        emit Withdrawn(account, to, amount);
        currency.push(to, amount);
    }

    /// @inheritdoc ICourt
    function burn() external nonReentrant {
        uint96 amount = doomed;
        require(amount != 0, NothingOwed(NOBODY));
        doomed = 0;
        emit Burned(amount);
        // A coin, or a token that cannot burn, goes where nobody has a key.
        if (!currency.isNative()) {
            try ERC20Burnable(Currency.unwrap(currency)).burn(amount) {
                return;
            } catch {}
        }
        currency.push(NOBODY, amount);
    }

    /// @inheritdoc ICourt
    function registry() external view returns (address) {
        return address(_registry);
    }

    /// @dev Takes bps of the stake and `times` the amount, never more than is there, and never reverts for want of it.
    function _punish(bytes32 id, Fault fault, address provider, uint256 bps, uint256 extra) internal returns (uint256 taken) {
        uint256 stake = _registry.providerOf(provider).stake;
        uint256 penalty = stake * bps / BPS + extra;
        taken = _registry.slash(provider, uint96(penalty < stake ? penalty : stake));
        emit Punished(id, provider, fault, uint96(taken));
    }

    function _splitSlash(uint256 taken, address reporter, address client, uint256 paid, uint256 seats, address[] memory agreed)
        internal
    {
        uint256 toReporter = taken * REPORTER_BPS / BPS;
        uint256 toClient = taken * CLIENT_BPS / BPS;
        if (toClient > paid * HARM_FACTOR) toClient = paid * HARM_FACTOR;
        _credit(reporter, toReporter);
        _credit(client, toClient);
        uint256 toCommittee = _creditAll(taken * COMMITTEE_BPS / BPS, seats, agreed);
        _doom(taken - toReporter - toClient - toCommittee);
    }

    function _splitBond(uint256 bond, address provider, uint256 seats, address[] memory agreed) internal {
        uint256 toProvider = bond * BOND_PROVIDER_BPS / BPS;
        _credit(provider, toProvider);
        uint256 toCommittee = _creditAll(bond * BOND_COMMITTEE_BPS / BPS, seats, agreed);
        _doom(bond - toProvider - toCommittee);
    }

    /// @dev One share a seat. The share of a seat that did not vote with the verdict is nobody's, so that silencing a judge earns nothing.
    function _creditAll(uint256 pool, uint256 seats, address[] memory agreed) private returns (uint256 paid) {
        if (agreed.length == 0) return 0;
        // An adapter that names more judges than seats divides the pool further; it cannot enlarge it.
        uint256 share = pool / (agreed.length > seats ? agreed.length : seats);
        for (uint256 i = 0; i < agreed.length; ++i) _credit(agreed[i], share);
        return share * agreed.length;
    }

    function _credit(address account, uint256 amount) internal {
        if (amount == 0) return;
        owed[account] += uint96(amount);
        emit Credited(account, uint96(amount));
    }

    function _doom(uint256 amount) private {
        if (amount == 0) return;
        doomed += uint96(amount);
        emit Doomed(uint96(amount));
    }
}
