// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Court} from "../../../contracts/Court.sol";
import {Ledger} from "../../../contracts/Ledger.sol";
import {Models} from "../../../contracts/Models.sol";
import {OpenToken} from "../../../contracts/OpenToken.sol";
import {Registry} from "../../../contracts/Registry.sol";
import {ICourt} from "../../../contracts/interfaces/ICourt.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {IVerdict, Verdict} from "../../../contracts/interfaces/IVerdict.sol";
import {BatchHeader} from "../../../contracts/libraries/BatchHeader.sol";
import {Currency} from "../../../contracts/libraries/Currency.sol";
import {WorkReceipt} from "../../../contracts/libraries/Receipts.sol";
import {Market} from "./Market.sol";
import {vm} from "./Vm.sol";

/// @notice Says what it was told to say, or cannot be asked at all.
contract AnyVerdict is IVerdict {
    address public immutable court;
    bool public mute;
    Verdict private _verdict;
    address[] private _agreed;

    constructor(address court_) {
        court = court_;
    }

    function say(Verdict verdict, address[] calldata agreed) external {
        (_verdict, _agreed) = (verdict, agreed);
    }

    function fallSilent() external {
        mute = true;
    }

    function verdictOf(bytes32) external view returns (Verdict, uint256, address[] memory) {
        require(!mute, "mute");
        return (_verdict, 3, _agreed);
    }
}

/// @notice A market with a court whose judge says what it is told, and work that is settled and can be challenged.
abstract contract Disputes is Market {
    uint96 internal constant BOND = 10 ether;

    Court internal disputes;
    AnyVerdict internal judge;

    /// @dev The client has escrow, and tokens for bonds.
    function _deployDisputes(address steward) internal {
        token = new OpenToken(address(this));
        _deployDisputes(Currency.wrap(address(token)), steward);
        _deposit(client, 1_000_000 ether);
        token.transfer(client, 1_000_000 ether);
        vm.prank(client);
        token.approve(court, type(uint256).max);
    }

    function _deployDisputes(Currency currency, address steward) internal {
        vm.warp(1_800_000_000);
        uint256 nonce = vm.getNonce(address(this));
        address ledger_ = vm.computeCreateAddress(address(this), nonce + 2);
        court = vm.computeCreateAddress(address(this), nonce + 4);
        registry = new Registry(currency, ledger_, court, STAKE, UNBOND, EVIDENCE);
        models = new Models(ledger_);
        ledger = new Ledger(currency, registry, models, DAY);
        disputes = new Court(registry, _newJudge(), steward, BOND, 1 days, 3 days, 21 days);
    }

    /// @dev Deploys one contract, no more and no less.
    function _newJudge() internal virtual returns (address) {
        judge = new AnyVerdict(court);
        return address(judge);
    }

    function _receipt(address payee, uint64 seq, uint256 variant) internal view returns (WorkReceipt memory receipt) {
        (receipt.sessionId, receipt.leg, receipt.seq) = (keccak256("session"), 2, seq);
        (receipt.client, receipt.provider, receipt.modelId) = (client, payee, MODEL);
        (receipt.from, receipt.to, receipt.promptUnits) = (32 * seq, 32 * seq + 32, 5);
        (receipt.amount, receipt.outputHash) = (2 ether, keccak256(abi.encode("output", variant)));
    }

    function _receiptHash(WorkReceipt memory receipt) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "WorkReceipt(bytes32 sessionId,uint32 leg,uint64 seq,address client,address provider,bytes32 modelId,uint64 from,uint64 to,uint64 promptUnits,uint96 amount,bytes32 outputHash,bytes32 kvHead,bytes32 fingerprint,uint8 end)"
        );
        return _digest(address(ledger), keccak256(bytes.concat(typeHash, abi.encode(receipt))));
    }

    /// @dev One receipt, alone in its tree and its batch, and the challenge of it.
    function _settleOne(address payee, uint64 seq) internal returns (ICourt.Challenge memory challenge) {
        challenge.receipt = _receipt(payee, seq, 0);
        (challenge.from,,) = _channel(payee, MODEL, client);
        challenge.to = challenge.from + challenge.receipt.amount;
        (challenge.cumAfter, challenge.units) = (challenge.to, 77);
        bytes32 node = keccak256(bytes.concat(keccak256(abi.encode(_receiptHash(challenge.receipt), challenge.to))));
        bytes32 zero;
        for (uint256 height = 0; height < 32; ++height) {
            challenge.workProof[height] = zero;
            (node, zero) = (keccak256(abi.encode(node, zero)), keccak256(abi.encode(zero, zero)));
        }
        challenge.workRoot = node;
        (, uint32 batches,) = ledger.earned(payee);
        challenge.batch = batches;
        _settleAs(payee, challenge);
    }

    function _settleAs(address payee, ICourt.Challenge memory challenge) private {
        bytes32 digest = _voucherDigest(client, payee, MODEL, challenge.to, challenge.units, challenge.workRoot);
        (bytes32 r, bytes32 vs) = _compact(CLIENT_KEY, digest);
        ILedger.Item memory item = ILedger.Item(client, challenge.to, challenge.units, challenge.workRoot, r, vs);
        vm.prank(payee);
        ledger.settle(_groups(MODEL, item));
        bytes32 inner = keccak256(
            abi.encode(client, payee, MODEL, challenge.from, challenge.to, challenge.units, challenge.workRoot)
        );
        challenge.header = BatchHeader(keccak256(abi.encode(inner)), challenge.receipt.amount, 1, _now());
    }

    function _now() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }
}
