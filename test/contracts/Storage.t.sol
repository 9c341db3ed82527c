// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Market} from "./support/Market.sol";
import {vm} from "./support/Vm.sol";

/// @notice The slots and packing of docs/spec/money.md, "Storage": what proofs of this ledger's state may rely on.
contract StorageTest is Market {
    function setUp() public {
        _deployToken();
        _deposit(client, 10 ether);
        _prefund(4 ether);
        _settle(CLIENT_KEY, 3 ether);
        vm.prank(client);
        ledger.startRelease(provider, MODEL);
        vm.prank(client);
        ledger.setSigner(vm.addr(SESSION_KEY));
        vm.prank(client);
        ledger.startExit(1 ether);
        vm.prank(provider);
        ledger.setOperator(rival);
        _register(PROVIDER_KEY);
    }

    function _at(bytes32 key, uint256 slot) private pure returns (bytes32) {
        return keccak256(abi.encode(key, slot));
    }

    function _account(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }

    function _line(uint256 slot) private view returns (bytes32) {
        bytes32 row = keccak256(abi.encode(MODEL, _at(_account(provider), slot)));
        return keccak256(abi.encode(_account(client), row));
    }

    function _is(address at, bytes32 slot, uint256 expected, string memory what) private view {
        vm.assertEq(uint256(vm.load(at, slot)), expected, what);
    }

    function test_ledger() public view {
        address at = address(ledger);
        uint256 later = block.timestamp + DAY;
        uint256 signer = uint160(vm.addr(SESSION_KEY));
        _is(at, bytes32(uint256(0)), 0, "0");
        _is(at, bytes32(uint256(1)), 0, "1");
        _is(at, _at(_account(client), 2), signer | (uint256(6 ether) << 160), "accounts");
        _is(at, _at(_account(client), 3), uint256(1 ether) | (later << 96), "exits");
        _is(at, _at(_account(client), 4), uint256(uint160(client)) | (later << 160), "oldKeys");
        _is(at, _line(5), uint256(3 ether) | (uint256(4 ether) << 96) | (uint256(3e9) << 192), "channels");
        _is(at, _line(6), later, "releaseAt");
        _is(at, _at(_account(provider), 7), uint256(uint160(rival)), "operators");
        _is(at, _at(_account(provider), 8), uint256(3 ether) | (uint256(1) << 96) | (uint256(3 ether) << 128), "earned");
        bytes32 commits = _at(_account(provider), 9);
        _is(at, _at(0, uint256(commits)), uint256(ledger.batchCommit(provider, 0)), "batchCommit");
    }

    function test_registry() public {
        vm.prank(provider);
        registry.startUnbond(5);
        vm.prank(court);
        registry.holdStake(provider, true);
        vm.prank(court);
        registry.slash(provider, 1);
        vm.prank(provider);
        registry.addKey(stranger, _keySignature(STRANGER_KEY, provider));
        vm.prank(provider);
        registry.revokeKey(stranger);
        address at = address(registry);
        _is(at, _at(_account(provider), 2), uint256(uint160(provider)) | (uint256(STAKE - 1) << 160), "providers");
        uint256 standing = 5 | ((block.timestamp + UNBOND) << 96) | (1 << 136) | (1 << 168) | (1 << 200);
        _is(at, _at(_account(provider), 3), standing, "standings");
        _is(at, _at(_account(stranger), 4), uint256(uint160(provider)) | (block.timestamp << 160), "keys");
    }
}
