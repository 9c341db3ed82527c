// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {Vm, vm} from "../support/Vm.sol";
import {LedgerModel, Money} from "./LedgerModel.sol";

/// @notice Batches: vouchers in turn honest, stale, beyond the client's means, signed by some other key, twice in one batch; of one
/// model or of both; landed by the provider, its operator or a stranger; landed again later.
contract LedgerSettler is LedgerModel {
    struct Sent {
        uint256 provider;
        bytes groups;
        uint256[] keys; // who signed, in the order of the items
    }

    Sent[] internal accepted; // to be replayed

    constructor(Money money_) LedgerModel(money_) {}

    function settle(uint256 whom, uint256 model, uint256 seed, uint256 office) external {
        uint256 p = whom % PROVIDERS;
        uint256 count = model % 4 == 3 ? 2 : 1;
        ILedger.Group[] memory groups = new ILedger.Group[](count);
        uint256[] memory keys = new uint256[](count * (CLIENTS + 1));
        for (uint256 g = 0; g < count; ++g) {
            uint256 m = count == 2 ? g : model % MODELS;
            groups[g].modelId = _modelOf(m);
            groups[g].items = new ILedger.Item[](CLIENTS + 1);
            for (uint256 c = 0; c < CLIENTS; ++c) {
                (groups[g].items[c], keys[g * (CLIENTS + 1) + c]) = _voucher(p, m, c, uint256(keccak256(abi.encode(seed, g, c))));
            }
            // The first client's voucher once more.
            groups[g].items[CLIENTS] = groups[g].items[0];
            keys[g * (CLIENTS + 1) + CLIENTS] = keys[g * (CLIENTS + 1)];
        }
        _land(p, groups, keys, office);
    }

    function _voucher(uint256 p, uint256 m, uint256 c, uint256 roll) private returns (ILedger.Item memory, uint256 key) {
        Line storage line = lines[p][m][c];
        uint96 cumulative = uint96(line.settled + (roll >> 8) % 6 ether);
        if (roll % 5 == 0) cumulative = uint96(line.settled - line.settled / 3); // stale
        if (roll % 5 == 1) cumulative = uint96(line.settled + 100 ether); // beyond means
        // Mostly the right key, so that batches get through; else any, the old one and strangers included.
        key = (roll >> 4) % 12 == 0 || clients[c].signer == 0 ? _keyOf(c, roll >> 128) : clients[c].signer;
        if ((roll >> 4) % 12 == 1 && clients[c].oldSigner != 0) key = clients[c].oldSigner;
        if (_maySign(c, key) && cumulative > line.signedMax) line.signedMax = cumulative;
        return (_item(key, clients[c].account, providers[p].account, _modelOf(m), cumulative), key);
    }

    /// @dev A batch that was accepted before, once more: it may pay what was short then, never more.
    function replay(uint256 which) external {
        if (accepted.length != 0) _again(which % accepted.length, 0);
    }

    /// @dev 18: with enough money in every account, what was short is paid to the last wei.
    function makeUp(uint256 which) external {
        if (accepted.length == 0) return;
        Sent storage sent = accepted[which % accepted.length];
        for (uint256 c = 0; c < CLIENTS; ++c) {
            bytes memory data = abi.encodeCall(ledger.deposit, (clients[c].account, 201 ether));
            if (!_try(address(this), data, money == Money.native ? 201 ether : 0)) continue;
            clients[c].deposited += 201 ether;
            _credit(c, 201 ether);
        }
        if (!_again(which % accepted.length, 0)) return;
        ILedger.Group[] memory groups = abi.decode(sent.groups, (ILedger.Group[]));
        for (uint256 g = 0; g < groups.length; ++g) {
            for (uint256 c = 0; c < CLIENTS; ++c) {
                Line storage line = lines[sent.provider][_indexOf(groups[g].modelId)][c];
                bool short = money != Money.hostile && line.settled < groups[g].items[c].cumulative;
                _check(!short, "18: the rest was not paid");
            }
        }
    }

    function _again(uint256 which, uint256 office) private returns (bool) {
        Sent storage sent = accepted[which];
        return _land(sent.provider, abi.decode(sent.groups, (ILedger.Group[])), sent.keys, office);
    }

    /// @dev The provider's own key or its operator's.
    function _officeKey(uint256 p, uint256 choice) internal view returns (uint256) {
        return choice % 2 == 0 || providers[p].operator == 0 ? _providerKey(p) : providers[p].operator;
    }

    function _land(uint256 p, ILedger.Group[] memory groups, uint256[] memory keys, uint256 office) private returns (bool ok) {
        bool valid = _vouched(p, groups, keys);
        vm.recordLogs();
        if (office % 4 < 2) {
            ok = _try(providers[p].account, abi.encodeCall(ledger.settle, (groups)), 0);
        } else if (office % 4 == 2 && providers[p].operator != 0) {
            bytes memory data = abi.encodeCall(ledger.settleFor, (providers[p].account, groups, 0, ""));
            ok = _try(vm.addr(providers[p].operator), data, 0);
        } else {
            // By a stranger, with a signature of the provider, of its operator, or of nobody who counts.
            uint256 key = office % 5 == 0 ? STRANGER_KEY : _officeKey(p, office >> 8);
            valid = valid && key != STRANGER_KEY;
            ok = _try(stranger, _relayCall(key, p, groups), 0);
        }
        _expect(ok, valid, "15, 16: settle");
        if (ok) _booked(p, groups, keys);
    }

    function _relayCall(uint256 key, uint256 p, ILedger.Group[] memory groups) internal view returns (bytes memory) {
        address payee = providers[p].account;
        uint40 deadline = uint40(_now());
        return abi.encodeCall(ledger.settleFor, (payee, groups, deadline, _settleSignature(key, payee, groups, deadline)));
    }

    /// @dev Whether every voucher that is news bears a key that counts today.
    function _vouched(uint256 p, ILedger.Group[] memory groups, uint256[] memory keys) private view returns (bool) {
        uint256 k;
        for (uint256 g = 0; g < groups.length; ++g) {
            uint256 m = _indexOf(groups[g].modelId);
            for (uint256 i = 0; i < groups[g].items.length; ++i) {
                uint256 c = i % CLIENTS; // the one beyond is the first again
                if (groups[g].items[i].cumulative > lines[p][m][c].settled && !_maySign(c, keys[k])) return false;
                ++k;
            }
        }
        return true;
    }

    function _booked(uint256 p, ILedger.Group[] memory groups, uint256[] memory keys) internal {
        uint256 total;
        uint256 royalty;
        for (uint256 g = 0; g < groups.length; ++g) {
            uint256 m = _indexOf(groups[g].modelId);
            uint256 sum;
            for (uint256 i = 0; i < groups[g].items.length; ++i) sum += _pay(p, m, i % CLIENTS, groups[g].items[i]);
            royalty += _earn(p, m, sum);
            total += sum;
        }
        _logged(total, royalty);
        if (total == 0) return;
        commits[p].push(ledger.batchCommit(providers[p].account, providers[p].batches));
        ++providers[p].batches;
        if (accepted.length == 16) return;
        Sent storage sent = accepted.push();
        (sent.provider, sent.groups, sent.keys) = (p, abi.encode(groups), keys);
    }

    /// @dev 4: a batch's total is the sum of what its log says was paid, royalties included.
    function _logged(uint256 total, uint256 royalty) private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 paid;
        uint256 parts;
        uint256 stated;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == ILedger.GroupSettled.selector) {
                (uint256 part, uint256[] memory words) = abi.decode(logs[i].data, (uint256, uint256[]));
                parts += part;
                for (uint256 w = 0; w < words.length; ++w) paid += uint96(words[w]);
            }
            if (logs[i].topics[0] == ILedger.BatchSettled.selector) {
                (, stated,) = abi.decode(logs[i].data, (bytes32, uint256, uint256));
            }
        }
        _check(paid == total && stated == total, "4: the log's total");
        _check(parts == royalty, "4: the log's royalties");
    }

    function _indexOf(bytes32 modelId) internal pure returns (uint256) {
        return modelId == MODEL ? 0 : 1;
    }
}
