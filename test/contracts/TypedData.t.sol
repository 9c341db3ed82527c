// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {TypedData} from "../../contracts/libraries/TypedData.sol";
import {vm} from "./support/Vm.sol";

contract Verifier is EIP712("openseam", "1") {
    function digest(bytes32 structHash) external view returns (bytes32) {
        return _hashTypedDataV4(structHash);
    }
}

/// @notice Solidity and TypeScript read the same frozen vectors: test/vectors/{typed-data,work-tree}.json.
contract TypedDataTest {
    string private typed;
    string private work;

    function setUp() public {
        typed = vm.readFile("test/vectors/typed-data.json");
        work = vm.readFile("test/vectors/work-tree.json");
        vm.chainId(vm.parseJsonUint(typed, ".domain.chainId"));
        bytes memory code = address(new Verifier()).code;
        vm.etch(vm.parseJsonAddress(typed, ".domain.ledger"), code);
        vm.etch(vm.parseJsonAddress(typed, ".domain.registry"), code);
    }

    /// @dev Both cases of a struct: typical at 2i, largest at 2i + 1, in the order of the file.
    function _check(uint256 i, bytes32 structHash) private view {
        string memory at = string.concat(".cases[", _digits(i), "]");
        string memory name = vm.parseJsonString(typed, string.concat(at, ".name"));
        vm.assertEq(structHash, vm.parseJsonBytes32(typed, string.concat(at, ".structHash")), name);
        bytes32 digest = Verifier(vm.parseJsonAddress(typed, string.concat(at, ".contract"))).digest(structHash);
        vm.assertEq(digest, vm.parseJsonBytes32(typed, string.concat(at, ".digest")), name);
        address signer = ECDSA.recover(digest, vm.parseJsonBytes(typed, string.concat(at, ".signature")));
        vm.assertEq(signer, vm.parseJsonAddress(typed, string.concat(at, ".signer")), name);
    }

    function test_voucher() public view {
        for (uint256 i = 0; i < 2; ++i) {
            _check(i, TypedData.voucher(
                _a(i, "client"), _a(i, "provider"), _b(i, "modelId"), uint96(_u(i, "cumulative")), uint64(_u(i, "units")), _b(i, "workRoot")
            ));
        }
    }

    function test_prefund() public view {
        for (uint256 i = 2; i < 4; ++i) {
            _check(i, TypedData.prefund(
                _a(i, "client"), _a(i, "provider"), _b(i, "modelId"), uint96(_u(i, "upTo")), uint40(_u(i, "deadline"))
            ));
        }
    }

    function test_release() public view {
        for (uint256 i = 4; i < 6; ++i) {
            _check(i, TypedData.release(
                _a(i, "client"), _a(i, "provider"), _b(i, "modelId"), uint96(_u(i, "downTo")), uint40(_u(i, "deadline"))
            ));
        }
    }

    function test_settleBatch() public view {
        for (uint256 i = 14; i < 16; ++i) {
            _check(i, TypedData.settleBatch(_a(i, "provider"), _b(i, "groupsHash"), uint40(_u(i, "deadline"))));
        }
    }

    function test_signerKey() public view {
        for (uint256 i = 16; i < 18; ++i) _check(i, TypedData.signerKey(_a(i, "provider"), _a(i, "key")));
    }

    function test_modelId() public view {
        for (uint256 i = 0; i < 2; ++i) {
            string memory at = string.concat(".models[", _digits(i), "]");
            uint256 count = 2 * i;
            address[] memory payees = new address[](count);
            uint16[] memory bps = new uint16[](count);
            for (uint256 p = 0; p < count; ++p) {
                payees[p] = vm.parseJsonAddress(typed, string.concat(at, ".payees[", _digits(p), "]"));
                bps[p] = uint16(vm.parseJsonUint(typed, string.concat(at, ".bps[", _digits(p), "]")));
            }
            bytes32 manifestHash = vm.parseJsonBytes32(typed, string.concat(at, ".manifestHash"));
            bytes32 modelId = keccak256(abi.encode(manifestHash, payees, bps));
            vm.assertEq(modelId, vm.parseJsonBytes32(typed, string.concat(at, ".modelId")), "modelId");
        }
    }

    /// @dev The tree as a verifier on chain would see it: leaves from the receipt's hash, ordered pairs, 32 levels.
    function test_workTree() public view {
        bytes32 root = vm.parseJsonBytes32(work, ".leaves[32].rootAfter");
        uint256[3] memory indexes = [uint256(0), 17, 32];
        for (uint256 p = 0; p < 3; ++p) {
            string memory at = string.concat(".leaves[", _digits(indexes[p]), "]");
            bytes32 receiptHash = vm.parseJsonBytes32(work, string.concat(at, ".receiptHash"));
            uint96 cumAfter = uint96(vm.parseJsonUint(work, string.concat(at, ".cumAfter")));
            bytes32 node = keccak256(abi.encode(keccak256(abi.encode(receiptHash, cumAfter))));
            vm.assertEq(node, vm.parseJsonBytes32(work, string.concat(at, ".leaf")), "leaf");
            for (uint256 height = 0; height < 32; ++height) {
                string memory key = string.concat(".proofs[", _digits(p), "].proof[", _digits(height), "]");
                bytes32 sibling = vm.parseJsonBytes32(work, key);
                bool left = (indexes[p] >> height) & 1 == 0;
                node = left ? keccak256(abi.encode(node, sibling)) : keccak256(abi.encode(sibling, node));
            }
            vm.assertEq(node, root, "root");
        }
    }

    function _field(uint256 i, string memory name) private pure returns (string memory) {
        return string.concat(".cases[", _digits(i), "].value.", name);
    }

    function _a(uint256 i, string memory name) private view returns (address) {
        return vm.parseJsonAddress(typed, _field(i, name));
    }

    function _b(uint256 i, string memory name) private view returns (bytes32) {
        return vm.parseJsonBytes32(typed, _field(i, name));
    }

    function _u(uint256 i, string memory name) private view returns (uint256) {
        return vm.parseJsonUint(typed, _field(i, name));
    }

    function _digits(uint256 n) private pure returns (string memory) {
        if (n < 10) return string(abi.encodePacked(bytes1(uint8(48 + n))));
        return string.concat(_digits(n / 10), _digits(n % 10));
    }
}
