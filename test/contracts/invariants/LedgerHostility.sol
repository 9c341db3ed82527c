// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {Receiver} from "../support/Tokens.sol";
import {vm} from "../support/Vm.sol";
import {LedgerHandler} from "./LedgerHandler.sol";
import {Money} from "./LedgerModel.sol";

/// @notice What nobody should do: vouchers used for what they were not signed for, strangers at every door, receivers that refuse,
/// flood or call back, a token that takes fees and calls back in the middle of a transfer.
contract LedgerHostility is LedgerHandler {
    constructor(Money money_) LedgerHandler(money_) {}

    /// @dev 10: for another provider, model, client, chain or contract, or with a field flipped, a voucher pays nobody.
    function misuse(uint256 who, uint256 whom, uint256 model, uint256 how, uint96 more) external {
        (uint256 c, uint256 p, uint256 m) = (who % CLIENTS, whom % PROVIDERS, model % MODELS);
        if (clients[c].signer == 0) return;
        (uint256 thief, uint256 victim, uint256 under) = (p, c, m);
        if (how % 7 == 0) thief = (p + 1) % PROVIDERS;
        if (how % 7 == 1) under = 1 - m;
        if (how % 7 == 2) victim = (c + 1) % CLIENTS;
        if (_maySign(victim, clients[c].signer) && victim != c) return; // one key of two clients: test_B2
        ILedger.Item memory item = _misusable(c, p, m, lines[thief][under][victim].settled + 1 + uint256(more) % 1 ether, how);
        item.client = clients[victim].account;
        if (how % 7 == 5) item.units += 1;
        if (how % 7 == 6) item.workRoot ^= bytes32(uint256(1) << (more % 256));
        bytes memory data = abi.encodeCall(ledger.settle, (_groups(_modelOf(under), item)));
        _expect(_try(providers[thief].account, data, 0), false, "10: a voucher that was signed for something else");
    }

    /// @dev Signed for (client, provider, model), on another chain or for another contract when `how` says so.
    function _misusable(uint256 c, uint256 p, uint256 m, uint256 cumulative, uint256 how)
        private
        view
        returns (ILedger.Item memory item)
    {
        bytes32 domain = _domainOf(
            how % 7 == 3 ? block.chainid + 1 : block.chainid, how % 7 == 4 ? address(registry) : address(ledger)
        );
        item = ILedger.Item(clients[c].account, uint96(cumulative), 9, WORK, 0, 0);
        bytes32 hash = _voucherHash(item, providers[p].account, _modelOf(m));
        (item.r, item.vs) = _compact(clients[c].signer, keccak256(abi.encodePacked(hex"1901", domain, hash)));
    }

    function _voucherHash(ILedger.Item memory item, address payee, bytes32 modelId) private pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Voucher(address client,address provider,bytes32 modelId,uint96 cumulative,uint64 units,bytes32 workRoot)"
        );
        return keccak256(abi.encode(typeHash, item.client, payee, modelId, item.cumulative, item.units, item.workRoot));
    }

    function _domainOf(uint256 chain, address verifier) private pure returns (bytes32) {
        bytes32 typeHash = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        return keccak256(abi.encode(typeHash, keccak256("openseam"), keccak256("1"), chain, verifier));
    }

    /// @dev 9: a stranger's own account has nothing to give, and nobody else's may move.
    function intrude(uint256 door, uint256 who) external {
        address victim = clients[who % CLIENTS].account;
        ILedger.Group[] memory none = new ILedger.Group[](0);
        bytes[9] memory doors = [
            abi.encodeCall(ledger.cancelExit, ()),
            abi.encodeCall(ledger.finishExit, ()),
            abi.encodeCall(ledger.startExit, (1)),
            abi.encodeCall(ledger.startRelease, (victim, MODEL)),
            abi.encodeCall(ledger.finishRelease, (victim, MODEL)),
            abi.encodeCall(ledger.settleFor, (providers[who % PROVIDERS].account, none, NEVER, "")),
            abi.encodeCall(ledger.setShares, (royalModel, 10_000)),
            abi.encodeCall(ledger.setShares, (MODEL, 10_000)),
            abi.encodeCall(ledger.claim, (stranger))
        ];
        _expect(_try(stranger, doors[door % 9], 0), false, "9: a stranger came in");
    }

    /// @dev Contracts behind a client, a provider and a payee: glad, refusing coins, flooding the caller, calling back.
    function setMood(uint256 who, uint256 mood) external {
        if (money != Money.native) return;
        address account = who % 3 == 0 ? clients[2].account : who % 3 == 1 ? providers[1].account : payees[0].account;
        Receiver(payable(account)).set(Receiver.Mood(mood % 4), ledger, providers[who % PROVIDERS].account);
        if (mood % 4 == uint256(Receiver.Mood.reenters)) Receiver(payable(account)).watch(_callback(who));
    }

    /// @dev From none to one percent and back.
    function setFee(uint256 bps) external {
        if (money == Money.hostile) hostile.setFee(bps % 3 == 0 ? 100 : 0);
    }

    /// @dev The next transfer, whichever it is, calls back into a door that moves money.
    function arm(uint256 who) external {
        if (money == Money.hostile) hostile.arm(address(ledger), _callback(who), false);
    }

    /// @dev Everything that moves money, taken before the outer call is done, by an account that owns something or for one that does.
    function _callback(uint256 who) private view returns (bytes memory) {
        bytes[4] memory callbacks = [
            abi.encodeCall(ledger.claim, (providers[who % PROVIDERS].account)),
            abi.encodeCall(ledger.finishExit, ()),
            abi.encodeCall(ledger.claimRoyalty, (royalModel, who % PAYEES)),
            abi.encodeCall(ledger.deposit, (clients[who % CLIENTS].account, 0))
        ];
        return callbacks[(who >> 8) % 4];
    }

    /// @dev A prefund or a settlement from inside the transfer of a deposit: it sees the money of before, and both count.
    function depositInside(uint256 who, uint256 whom, uint256 model, uint96 amount, uint96 more, bool pays) external {
        (uint256 c, uint256 p, uint256 m) = (who % CLIENTS, whom % PROVIDERS, model % MODELS);
        if (money != Money.hostile || clients[c].signer == 0 || hostile.feeBps() != 0) return;
        amount = uint96(1 + uint256(amount) % 10 ether);
        uint96 upTo = uint96(lines[p][m][c].settled + 1 + uint256(more) % 10 ether);
        if (pays) _depositAndSettle(c, p, m, amount, upTo);
        else _depositAndPrefund(c, p, m, amount, upTo);
    }

    function _depositAndPrefund(uint256 c, uint256 p, uint256 m, uint96 amount, uint96 upTo) private {
        hostile.arm(address(ledger), _prefundCall(clients[c].signer, c, p, m, upTo, NEVER), true);
        bool may = _need(lines[p][m][c], upTo) <= clients[c].balance;
        _deposited(c, amount);
        _expect(hostile.succeeded(), may, "8: prefund inside a deposit");
        if (may) _secure(p, m, c, upTo);
        _credit(c, amount);
    }

    function _depositAndSettle(uint256 c, uint256 p, uint256 m, uint96 amount, uint96 cumulative) private {
        ILedger.Item memory item = _item(clients[c].signer, clients[c].account, providers[p].account, _modelOf(m), cumulative);
        ILedger.Group[] memory groups = _groups(_modelOf(m), item);
        if (cumulative > lines[p][m][c].signedMax) lines[p][m][c].signedMax = cumulative;
        hostile.arm(address(ledger), _relayCall(_providerKey(p), p, groups), true);
        _deposited(c, amount);
        _expect(hostile.succeeded(), true, "15: settle inside a deposit");
        uint256 paid = _pay(p, m, c, item);
        _earn(p, m, paid);
        if (paid != 0) {
            commits[p].push(ledger.batchCommit(providers[p].account, providers[p].batches));
            ++providers[p].batches;
        }
        _credit(c, amount);
    }

    function _deposited(uint256 c, uint96 amount) private {
        bool ok = _try(address(this), abi.encodeCall(ledger.deposit, (clients[c].account, amount)), 0);
        _expect(ok, true, "deposit");
        clients[c].deposited += amount;
    }

    /// @dev No call that moves money may ever succeed while another runs.
    function unentered() public view returns (bool) {
        if (money == Money.hostile) return !hostile.reentered();
        if (money == Money.open) return true;
        return !Receiver(payable(clients[2].account)).reentered() && !Receiver(payable(providers[1].account)).reentered()
            && !Receiver(payable(payees[0].account)).reentered();
    }
}
