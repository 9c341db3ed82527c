// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.34;

import {Ledger} from "../../../contracts/Ledger.sol";
import {Models} from "../../../contracts/Models.sol";
import {OpenToken} from "../../../contracts/OpenToken.sol";
import {Registry} from "../../../contracts/Registry.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {IRegistry} from "../../../contracts/interfaces/IRegistry.sol";
import {BatchHeader} from "../../../contracts/libraries/BatchHeader.sol";
import {Currency} from "../../../contracts/libraries/Currency.sol";
import {vm} from "./Vm.sol";

/// @notice The contracts, people with keys, and messages signed as docs/spec/typed-data.md says, written anew from the page so that
/// a mistake in the contracts' own hashing cannot hide here.
abstract contract Market {
    uint256 internal constant DAY = 1 days;
    uint256 internal constant EVIDENCE = 7 days;
    uint256 internal constant UNBOND = 14 days;
    uint96 internal constant STAKE = 1_000 ether;
    uint40 internal constant NEVER = type(uint40).max;

    uint256 internal constant CLIENT_KEY = 0xc1;
    uint256 internal constant OTHER_KEY = 0xc2;
    uint256 internal constant SESSION_KEY = 0xc3;
    uint256 internal constant PROVIDER_KEY = 0xa1;
    uint256 internal constant RIVAL_KEY = 0xa2;
    uint256 internal constant STRANGER_KEY = 0xbad;
    bytes32 internal constant MODEL = keccak256("model");
    bytes32 internal constant OTHER_MODEL = keccak256("other model");
    bytes32 internal constant WORK = keccak256("work");

    OpenToken internal token;
    Ledger internal ledger;
    Registry internal registry;
    Models internal models;
    address internal court = address(0xc0427);

    address internal client = vm.addr(CLIENT_KEY);
    address internal other = vm.addr(OTHER_KEY);
    address internal provider = vm.addr(PROVIDER_KEY);
    address internal rival = vm.addr(RIVAL_KEY);
    address internal stranger = vm.addr(STRANGER_KEY);

    function _deployToken() internal {
        token = new OpenToken(address(this));
        _deploy(Currency.wrap(address(token)));
    }

    function _deploy(Currency currency) internal {
        vm.warp(1_800_000_000);
        address predicted = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 2);
        registry = new Registry(currency, predicted, court, STAKE, UNBOND, EVIDENCE);
        models = new Models(predicted);
        ledger = new Ledger(currency, registry, models, DAY);
    }

    /// @dev Gives tokens and an allowance to spend them in both contracts.
    function _fund(address account, uint256 amount) internal {
        token.transfer(account, amount);
        vm.prank(account);
        token.approve(address(ledger), type(uint256).max);
        vm.prank(account);
        token.approve(address(registry), type(uint256).max);
    }

    function _deposit(address account, uint96 amount) internal {
        token.approve(address(ledger), amount);
        ledger.deposit(account, amount);
    }

    function _domain(address verifier) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("openseam"),
                keccak256("1"),
                block.chainid,
                verifier
            )
        );
    }

    function _digest(address verifier, bytes32 structHash) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", _domain(verifier), structHash));
    }

    function _compact(uint256 key, bytes32 digest) internal pure returns (bytes32 r, bytes32 vs) {
        uint8 v;
        bytes32 s;
        (v, r, s) = vm.sign(key, digest);
        vs = v == 28 ? bytes32(uint256(s) | (1 << 255)) : s;
    }

    function _signature(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _voucherDigest(address payer, address payee, bytes32 modelId, uint96 cumulative, uint64 units, bytes32 workRoot)
        internal
        view
        returns (bytes32)
    {
        bytes32 typeHash = keccak256(
            "Voucher(address client,address provider,bytes32 modelId,uint96 cumulative,uint64 units,bytes32 workRoot)"
        );
        return _digest(
            address(ledger), keccak256(abi.encode(typeHash, payer, payee, modelId, cumulative, units, workRoot))
        );
    }

    function _item(uint256 key, address payer, address payee, bytes32 modelId, uint96 cumulative)
        internal
        view
        returns (ILedger.Item memory)
    {
        uint64 units = uint64(cumulative / 1e9);
        (bytes32 r, bytes32 vs) = _compact(key, _voucherDigest(payer, payee, modelId, cumulative, units, WORK));
        return ILedger.Item(payer, cumulative, units, WORK, r, vs);
    }

    function _groups(bytes32 modelId, ILedger.Item memory item) internal pure returns (ILedger.Group[] memory groups) {
        groups = new ILedger.Group[](1);
        groups[0].modelId = modelId;
        groups[0].items = new ILedger.Item[](1);
        groups[0].items[0] = item;
    }

    /// @dev One voucher of `client` to `provider` for MODEL.
    function _settle(uint256 key, uint96 cumulative) internal returns (uint256) {
        ILedger.Group[] memory groups = _groups(MODEL, _item(key, client, provider, MODEL, cumulative));
        vm.prank(provider);
        return ledger.settle(groups);
    }

    function _prefundSignature(uint256 key, address payer, address payee, bytes32 modelId, uint96 upTo, uint40 deadline)
        internal
        view
        returns (bytes32 r, bytes32 vs)
    {
        bytes32 typeHash =
            keccak256("Prefund(address client,address provider,bytes32 modelId,uint96 upTo,uint40 deadline)");
        return _compact(
            key, _digest(address(ledger), keccak256(abi.encode(typeHash, payer, payee, modelId, upTo, deadline)))
        );
    }

    function _prefund(uint96 upTo) internal {
        (bytes32 r, bytes32 vs) = _prefundSignature(CLIENT_KEY, client, provider, MODEL, upTo, NEVER);
        ledger.prefund(client, provider, MODEL, upTo, NEVER, r, vs);
    }

    function _releaseSignature(uint256 key, address payer, address payee, bytes32 modelId, uint96 downTo, uint40 deadline)
        internal
        view
        returns (bytes memory)
    {
        bytes32 typeHash =
            keccak256("Release(address client,address provider,bytes32 modelId,uint96 downTo,uint40 deadline)");
        return _signature(
            key, _digest(address(ledger), keccak256(abi.encode(typeHash, payer, payee, modelId, downTo, deadline)))
        );
    }

    function _settleSignature(uint256 key, address payee, ILedger.Group[] memory groups, uint40 deadline)
        internal
        view
        returns (bytes memory)
    {
        bytes32 typeHash = keccak256("SettleBatch(address provider,bytes32 groupsHash,uint40 deadline)");
        bytes32 groupsHash = keccak256(abi.encode(groups));
        return _signature(key, _digest(address(ledger), keccak256(abi.encode(typeHash, payee, groupsHash, deadline))));
    }

    function _keySignature(uint256 key, address payee) internal view returns (bytes memory) {
        bytes32 typeHash = keccak256("SignerKey(address provider,address key)");
        return _signature(key, _digest(address(registry), keccak256(abi.encode(typeHash, payee, vm.addr(key)))));
    }

    function _balance(address account) internal view returns (uint96 balance) {
        (, balance) = ledger.accounts(account);
    }

    function _channel(address payee, bytes32 modelId, address payer)
        internal
        view
        returns (uint96 settled, uint96 prefunded, uint64 units)
    {
        return ledger.channels(payee, modelId, payer);
    }

    function _earned(address payee) internal view returns (uint96 amount) {
        (amount,,) = ledger.earned(payee);
    }

    function _register(uint256 key) internal {
        address account = vm.addr(key);
        _fund(account, 10 * uint256(STAKE));
        vm.prank(account);
        registry.register(account, STAKE);
    }
}
