// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {HandOff, Receipts, WorkReceipt} from "../../contracts/libraries/Receipts.sol";
import {TypedData} from "../../contracts/libraries/TypedData.sol";
import {vm} from "./support/Vm.sol";

contract Domain is EIP712("openseam", "1") {
    function digest(bytes32 structHash) external view returns (bytes32) {
        return _hashTypedDataV4(structHash);
    }
}

contract ReceiptReader {
    function digest(WorkReceipt calldata receipt, address ledger) external view returns (bytes32) {
        return Receipts.digest(receipt, Receipts.domain(ledger));
    }

    function digest(HandOff calldata handOff, address ledger) external view returns (bytes32) {
        return Receipts.digest(handOff, Receipts.domain(ledger));
    }
}

/// @notice A thousand random messages of every kind, on as many chains. test/sdk/protocol/digests.test.ts makes the same ones, has
/// ethers hash them, and keeps one hash over each thousand in test/vectors/digests.json.
contract DigestsTest {
    address private constant VERIFIER = 0x00000000000000000000000000000000005ea119;

    string private vectors;
    uint256 private cases;
    ReceiptReader private reader;
    uint256 private kind;
    uint256 private at;

    function setUp() public {
        vectors = vm.readFile("test/vectors/digests.json");
        cases = vm.parseJsonUint(vectors, ".cases");
        reader = new ReceiptReader();
        vm.etch(VERIFIER, address(new Domain()).code);
    }

    function test_A4_voucher() public {
        _check(0, "Voucher", _voucher);
    }

    function test_A4_prefund() public {
        _check(1, "Prefund", _prefund);
    }

    function test_A4_release() public {
        _check(2, "Release", _release);
    }

    function test_A4_settleBatch() public {
        _check(3, "SettleBatch", _settleBatch);
    }

    function test_A4_signerKey() public {
        _check(4, "SignerKey", _signerKey);
    }

    function test_A4_workReceipt() public {
        _check(5, "WorkReceipt", _workReceipt);
    }

    function test_A4_handOff() public {
        _check(6, "HandOff", _handOff);
    }

    function _check(uint256 kind_, string memory name, function() internal returns (bytes32) digest) private {
        kind = kind_;
        bytes32 sum;
        for (at = 0; at < cases; ++at) {
            vm.chainId(1 + (_word(255) >> 224));
            sum = keccak256(abi.encode(sum, digest()));
        }
        vm.assertEq(sum, vm.parseJsonBytes32(vectors, string.concat(".digests.", name)), name);
    }

    function _voucher() private view returns (bytes32) {
        return Domain(VERIFIER).digest(
            TypedData.voucher(_address(0), _address(1), _bytes(2), uint96(_word(3)), uint64(_word(4)), _bytes(5))
        );
    }

    function _prefund() private view returns (bytes32) {
        return Domain(VERIFIER).digest(
            TypedData.prefund(_address(0), _address(1), _bytes(2), uint96(_word(3)), uint40(_word(4)))
        );
    }

    function _release() private view returns (bytes32) {
        return Domain(VERIFIER).digest(
            TypedData.release(_address(0), _address(1), _bytes(2), uint96(_word(3)), uint40(_word(4)))
        );
    }

    function _settleBatch() private view returns (bytes32) {
        return Domain(VERIFIER).digest(TypedData.settleBatch(_address(0), _bytes(1), uint40(_word(2))));
    }

    function _signerKey() private view returns (bytes32) {
        return Domain(VERIFIER).digest(TypedData.signerKey(_address(0), _address(1)));
    }

    function _workReceipt() private view returns (bytes32) {
        WorkReceipt memory receipt;
        (receipt.sessionId, receipt.leg, receipt.seq) = (_bytes(0), uint32(_word(1)), uint64(_word(2)));
        (receipt.client, receipt.provider, receipt.modelId) = (_address(3), _address(4), _bytes(5));
        (receipt.from, receipt.to, receipt.promptUnits) = (uint64(_word(6)), uint64(_word(7)), uint64(_word(8)));
        (receipt.amount, receipt.outputHash, receipt.kvHead) = (uint96(_word(9)), _bytes(10), _bytes(11));
        (receipt.fingerprint, receipt.end) = (_bytes(12), uint8(_word(13)));
        return reader.digest(receipt, VERIFIER);
    }

    function _handOff() private view returns (bytes32) {
        HandOff memory handOff =
            HandOff(_bytes(0), uint32(_word(1)), _address(2), uint64(_word(3)), uint64(_word(4)));
        return reader.digest(handOff, VERIFIER);
    }

    /// @dev Field `field` of this case; a narrower type takes its low bits.
    function _word(uint256 field) private view returns (uint256) {
        return uint256(keccak256(abi.encode(kind, at, field)));
    }

    function _address(uint256 field) private view returns (address) {
        return address(uint160(_word(field)));
    }

    function _bytes(uint256 field) private view returns (bytes32) {
        return bytes32(_word(field));
    }
}
