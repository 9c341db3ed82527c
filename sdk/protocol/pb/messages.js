/* eslint-disable require-yield */
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime';
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc';
export var Refusal;
(function (Refusal) {
    let _codec;
    Refusal.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.code != null && obj.code !== '')) {
                    w.uint32(10);
                    w.string(obj.code);
                }
                if ((obj.message != null && obj.message !== '')) {
                    w.uint32(18);
                    w.string(obj.message);
                }
                if ((obj.amount != null && obj.amount.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.amount);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    code: '',
                    message: '',
                    amount: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.code = reader.string();
                            break;
                        }
                        case 2: {
                            obj.message = reader.string();
                            break;
                        }
                        case 3: {
                            obj.amount = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.code`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.message`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.amount`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Refusal.codec());
    }
    Refusal.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Refusal.codec(), opts);
    }
    Refusal.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Refusal.codec(), opts);
    }
    Refusal.stream = stream;
})(Refusal || (Refusal = {}));
export var PeerBinding;
(function (PeerBinding) {
    let _codec;
    PeerBinding.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.provider != null && obj.provider.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.provider);
                }
                if ((obj.peer != null && obj.peer.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.peer);
                }
                if ((obj.x25519 != null && obj.x25519.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.x25519);
                }
                if ((obj.signer != null && obj.signer.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.signer);
                }
                if ((obj.validUntil != null && obj.validUntil !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.validUntil);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(50);
                    w.bytes(obj.signature);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    provider: uint8ArrayAlloc(0),
                    peer: uint8ArrayAlloc(0),
                    x25519: uint8ArrayAlloc(0),
                    signer: uint8ArrayAlloc(0),
                    validUntil: 0,
                    signature: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.provider = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.peer = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.x25519 = reader.bytes();
                            break;
                        }
                        case 4: {
                            obj.signer = reader.bytes();
                            break;
                        }
                        case 5: {
                            obj.validUntil = reader.uint64Number();
                            break;
                        }
                        case 6: {
                            obj.signature = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.provider`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.peer`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.x25519`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.signer`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.validUntil`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.signature`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, PeerBinding.codec());
    }
    PeerBinding.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, PeerBinding.codec(), opts);
    }
    PeerBinding.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, PeerBinding.codec(), opts);
    }
    PeerBinding.stream = stream;
})(PeerBinding || (PeerBinding = {}));
export var ModelOffer;
(function (ModelOffer) {
    let _codec;
    ModelOffer.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.modelId != null && obj.modelId.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.modelId);
                }
                if ((obj.manifestHash != null && obj.manifestHash.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.manifestHash);
                }
                if ((obj.name != null && obj.name !== '')) {
                    w.uint32(26);
                    w.string(obj.name);
                }
                if ((obj.numerics != null && obj.numerics.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.numerics);
                }
                if ((obj.contextMax != null && obj.contextMax !== 0)) {
                    w.uint32(40);
                    w.uint32(obj.contextMax);
                }
                if ((obj.promptWei != null && obj.promptWei.byteLength > 0)) {
                    w.uint32(50);
                    w.bytes(obj.promptWei);
                }
                if ((obj.completionWei != null && obj.completionWei.byteLength > 0)) {
                    w.uint32(58);
                    w.bytes(obj.completionWei);
                }
                if ((obj.slotsFree != null && obj.slotsFree !== 0)) {
                    w.uint32(64);
                    w.uint32(obj.slotsFree);
                }
                if ((obj.slotsTotal != null && obj.slotsTotal !== 0)) {
                    w.uint32(72);
                    w.uint32(obj.slotsTotal);
                }
                if ((obj.prefillPerSecond != null && obj.prefillPerSecond !== 0)) {
                    w.uint32(80);
                    w.uint32(obj.prefillPerSecond);
                }
                if ((obj.decodePerSecond != null && obj.decodePerSecond !== 0)) {
                    w.uint32(88);
                    w.uint32(obj.decodePerSecond);
                }
                if ((obj.blockBytes != null && obj.blockBytes !== 0)) {
                    w.uint32(96);
                    w.uint32(obj.blockBytes);
                }
                if (obj.payees != null && obj.payees.length > 0) {
                    for (const value of obj.payees) {
                        w.uint32(106);
                        w.bytes(value);
                    }
                }
                if (obj.bps != null && obj.bps.length > 0) {
                    for (const value of obj.bps) {
                        w.uint32(112);
                        w.uint32(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    modelId: uint8ArrayAlloc(0),
                    manifestHash: uint8ArrayAlloc(0),
                    name: '',
                    numerics: uint8ArrayAlloc(0),
                    contextMax: 0,
                    promptWei: uint8ArrayAlloc(0),
                    completionWei: uint8ArrayAlloc(0),
                    slotsFree: 0,
                    slotsTotal: 0,
                    prefillPerSecond: 0,
                    decodePerSecond: 0,
                    blockBytes: 0,
                    payees: [],
                    bps: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.modelId = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.manifestHash = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.name = reader.string();
                            break;
                        }
                        case 4: {
                            obj.numerics = reader.bytes();
                            break;
                        }
                        case 5: {
                            obj.contextMax = reader.uint32();
                            break;
                        }
                        case 6: {
                            obj.promptWei = reader.bytes();
                            break;
                        }
                        case 7: {
                            obj.completionWei = reader.bytes();
                            break;
                        }
                        case 8: {
                            obj.slotsFree = reader.uint32();
                            break;
                        }
                        case 9: {
                            obj.slotsTotal = reader.uint32();
                            break;
                        }
                        case 10: {
                            obj.prefillPerSecond = reader.uint32();
                            break;
                        }
                        case 11: {
                            obj.decodePerSecond = reader.uint32();
                            break;
                        }
                        case 12: {
                            obj.blockBytes = reader.uint32();
                            break;
                        }
                        case 13: {
                            if (opts.limits?.payees != null && obj.payees.length === opts.limits.payees) {
                                throw new MaxLengthError('Decode error - repeated field "payees" had too many elements');
                            }
                            obj.payees.push(reader.bytes());
                            break;
                        }
                        case 14: {
                            if (opts.limits?.bps != null && obj.bps.length === opts.limits.bps) {
                                throw new MaxLengthError('Decode error - repeated field "bps" had too many elements');
                            }
                            obj.bps.push(reader.uint32());
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    payees: 0,
                    bps: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.modelId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.manifestHash`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.name`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.numerics`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.contextMax`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.promptWei`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 7: {
                            yield {
                                field: `${prefix}.completionWei`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 8: {
                            yield {
                                field: `${prefix}.slotsFree`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 9: {
                            yield {
                                field: `${prefix}.slotsTotal`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 10: {
                            yield {
                                field: `${prefix}.prefillPerSecond`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 11: {
                            yield {
                                field: `${prefix}.decodePerSecond`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 12: {
                            yield {
                                field: `${prefix}.blockBytes`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 13: {
                            if (opts.limits?.payees != null && obj.payees === opts.limits.payees) {
                                throw new MaxLengthError('Streaming decode error - repeated field "payees" had too many elements');
                            }
                            yield {
                                field: `${prefix}.payees[]`,
                                index: obj.payees,
                                value: reader.bytes()
                            };
                            obj.payees++;
                            break;
                        }
                        case 14: {
                            if (opts.limits?.bps != null && obj.bps === opts.limits.bps) {
                                throw new MaxLengthError('Streaming decode error - repeated field "bps" had too many elements');
                            }
                            yield {
                                field: `${prefix}.bps[]`,
                                index: obj.bps,
                                value: reader.uint32()
                            };
                            obj.bps++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ModelOffer.codec());
    }
    ModelOffer.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ModelOffer.codec(), opts);
    }
    ModelOffer.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ModelOffer.codec(), opts);
    }
    ModelOffer.stream = stream;
})(ModelOffer || (ModelOffer = {}));
export var Offer;
(function (Offer) {
    let _codec;
    Offer.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.binding != null) {
                    w.uint32(10);
                    PeerBinding.codec().encode(obj.binding, w);
                }
                if ((obj.seq != null && obj.seq !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.seq);
                }
                if ((obj.issuedAtMs != null && obj.issuedAtMs !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.issuedAtMs);
                }
                if ((obj.ttlMs != null && obj.ttlMs !== 0)) {
                    w.uint32(32);
                    w.uint32(obj.ttlMs);
                }
                if (obj.models != null && obj.models.length > 0) {
                    for (const value of obj.models) {
                        w.uint32(42);
                        ModelOffer.codec().encode(value, w);
                    }
                }
                if ((obj.region != null && obj.region !== '')) {
                    w.uint32(50);
                    w.string(obj.region);
                }
                if (obj.multiaddrs != null && obj.multiaddrs.length > 0) {
                    for (const value of obj.multiaddrs) {
                        w.uint32(58);
                        w.string(value);
                    }
                }
                if ((obj.standbyBytesFree != null && obj.standbyBytesFree !== 0)) {
                    w.uint32(64);
                    w.uint64Number(obj.standbyBytesFree);
                }
                if ((obj.draining != null && obj.draining !== false)) {
                    w.uint32(72);
                    w.bool(obj.draining);
                }
                if ((obj.version != null && obj.version !== '')) {
                    w.uint32(82);
                    w.string(obj.version);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    seq: 0,
                    issuedAtMs: 0,
                    ttlMs: 0,
                    models: [],
                    region: '',
                    multiaddrs: [],
                    standbyBytesFree: 0,
                    draining: false,
                    version: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.binding = PeerBinding.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.binding
                            });
                            break;
                        }
                        case 2: {
                            obj.seq = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            obj.issuedAtMs = reader.uint64Number();
                            break;
                        }
                        case 4: {
                            obj.ttlMs = reader.uint32();
                            break;
                        }
                        case 5: {
                            if (opts.limits?.models != null && obj.models.length === opts.limits.models) {
                                throw new MaxLengthError('Decode error - repeated field "models" had too many elements');
                            }
                            obj.models.push(ModelOffer.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.models$
                            }));
                            break;
                        }
                        case 6: {
                            obj.region = reader.string();
                            break;
                        }
                        case 7: {
                            if (opts.limits?.multiaddrs != null && obj.multiaddrs.length === opts.limits.multiaddrs) {
                                throw new MaxLengthError('Decode error - repeated field "multiaddrs" had too many elements');
                            }
                            obj.multiaddrs.push(reader.string());
                            break;
                        }
                        case 8: {
                            obj.standbyBytesFree = reader.uint64Number();
                            break;
                        }
                        case 9: {
                            obj.draining = reader.bool();
                            break;
                        }
                        case 10: {
                            obj.version = reader.string();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    models: 0,
                    multiaddrs: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* PeerBinding.codec().stream(reader, reader.uint32(), `${prefix}.binding`, {
                                limits: opts.limits?.binding
                            });
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.seq`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.issuedAtMs`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.ttlMs`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 5: {
                            if (opts.limits?.models != null && obj.models === opts.limits.models) {
                                throw new MaxLengthError('Streaming decode error - repeated field "models" had too many elements');
                            }
                            for (const evt of ModelOffer.codec().stream(reader, reader.uint32(), `${prefix}.models[]`, {
                                limits: opts.limits?.models$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.models
                                };
                            }
                            obj.models++;
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.region`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 7: {
                            if (opts.limits?.multiaddrs != null && obj.multiaddrs === opts.limits.multiaddrs) {
                                throw new MaxLengthError('Streaming decode error - repeated field "multiaddrs" had too many elements');
                            }
                            yield {
                                field: `${prefix}.multiaddrs[]`,
                                index: obj.multiaddrs,
                                value: reader.string()
                            };
                            obj.multiaddrs++;
                            break;
                        }
                        case 8: {
                            yield {
                                field: `${prefix}.standbyBytesFree`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 9: {
                            yield {
                                field: `${prefix}.draining`,
                                value: reader.bool()
                            };
                            break;
                        }
                        case 10: {
                            yield {
                                field: `${prefix}.version`,
                                value: reader.string()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Offer.codec());
    }
    Offer.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Offer.codec(), opts);
    }
    Offer.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Offer.codec(), opts);
    }
    Offer.stream = stream;
})(Offer || (Offer = {}));
export var SignedOffer;
(function (SignedOffer) {
    let _codec;
    SignedOffer.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.body != null && obj.body.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.body);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.signature);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    body: uint8ArrayAlloc(0),
                    signature: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.body = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.signature = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.body`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.signature`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, SignedOffer.codec());
    }
    SignedOffer.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, SignedOffer.codec(), opts);
    }
    SignedOffer.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, SignedOffer.codec(), opts);
    }
    SignedOffer.stream = stream;
})(SignedOffer || (SignedOffer = {}));
export var OfferRequest;
(function (OfferRequest) {
    let _codec;
    OfferRequest.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.modelId != null && obj.modelId.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.modelId);
                }
                if ((obj.max != null && obj.max !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.max);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    modelId: uint8ArrayAlloc(0),
                    max: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.modelId = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.max = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.modelId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.max`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, OfferRequest.codec());
    }
    OfferRequest.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, OfferRequest.codec(), opts);
    }
    OfferRequest.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, OfferRequest.codec(), opts);
    }
    OfferRequest.stream = stream;
})(OfferRequest || (OfferRequest = {}));
export var OfferResponse;
(function (OfferResponse) {
    let _codec;
    OfferResponse.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.offers != null && obj.offers.length > 0) {
                    for (const value of obj.offers) {
                        w.uint32(10);
                        SignedOffer.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    offers: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.offers != null && obj.offers.length === opts.limits.offers) {
                                throw new MaxLengthError('Decode error - repeated field "offers" had too many elements');
                            }
                            obj.offers.push(SignedOffer.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.offers$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    offers: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.offers != null && obj.offers === opts.limits.offers) {
                                throw new MaxLengthError('Streaming decode error - repeated field "offers" had too many elements');
                            }
                            for (const evt of SignedOffer.codec().stream(reader, reader.uint32(), `${prefix}.offers[]`, {
                                limits: opts.limits?.offers$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.offers
                                };
                            }
                            obj.offers++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, OfferResponse.codec());
    }
    OfferResponse.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, OfferResponse.codec(), opts);
    }
    OfferResponse.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, OfferResponse.codec(), opts);
    }
    OfferResponse.stream = stream;
})(OfferResponse || (OfferResponse = {}));
export var LegOpen;
(function (LegOpen) {
    let _codec;
    LegOpen.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.sessionId != null && obj.sessionId.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.sessionId);
                }
                if ((obj.leg != null && obj.leg !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.leg);
                }
                if ((obj.client != null && obj.client.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.client);
                }
                if ((obj.clientPeer != null && obj.clientPeer.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.clientPeer);
                }
                if ((obj.provider != null && obj.provider.byteLength > 0)) {
                    w.uint32(42);
                    w.bytes(obj.provider);
                }
                if ((obj.providerPeer != null && obj.providerPeer.byteLength > 0)) {
                    w.uint32(50);
                    w.bytes(obj.providerPeer);
                }
                if ((obj.modelId != null && obj.modelId.byteLength > 0)) {
                    w.uint32(58);
                    w.bytes(obj.modelId);
                }
                if ((obj.promptWei != null && obj.promptWei.byteLength > 0)) {
                    w.uint32(66);
                    w.bytes(obj.promptWei);
                }
                if ((obj.completionWei != null && obj.completionWei.byteLength > 0)) {
                    w.uint32(74);
                    w.bytes(obj.completionWei);
                }
                if ((obj.from != null && obj.from !== 0)) {
                    w.uint32(80);
                    w.uint64Number(obj.from);
                }
                if ((obj.maxTo != null && obj.maxTo !== 0)) {
                    w.uint32(88);
                    w.uint64Number(obj.maxTo);
                }
                if ((obj.requestHash != null && obj.requestHash.byteLength > 0)) {
                    w.uint32(98);
                    w.bytes(obj.requestHash);
                }
                if ((obj.prevEnd != null && obj.prevEnd !== 0)) {
                    w.uint32(104);
                    w.uint32(obj.prevEnd);
                }
                if ((obj.prevHead != null && obj.prevHead.byteLength > 0)) {
                    w.uint32(114);
                    w.bytes(obj.prevHead);
                }
                if ((obj.deadline != null && obj.deadline !== 0)) {
                    w.uint32(120);
                    w.uint64Number(obj.deadline);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    sessionId: uint8ArrayAlloc(0),
                    leg: 0,
                    client: uint8ArrayAlloc(0),
                    clientPeer: uint8ArrayAlloc(0),
                    provider: uint8ArrayAlloc(0),
                    providerPeer: uint8ArrayAlloc(0),
                    modelId: uint8ArrayAlloc(0),
                    promptWei: uint8ArrayAlloc(0),
                    completionWei: uint8ArrayAlloc(0),
                    from: 0,
                    maxTo: 0,
                    requestHash: uint8ArrayAlloc(0),
                    prevEnd: 0,
                    prevHead: uint8ArrayAlloc(0),
                    deadline: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.sessionId = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.leg = reader.uint32();
                            break;
                        }
                        case 3: {
                            obj.client = reader.bytes();
                            break;
                        }
                        case 4: {
                            obj.clientPeer = reader.bytes();
                            break;
                        }
                        case 5: {
                            obj.provider = reader.bytes();
                            break;
                        }
                        case 6: {
                            obj.providerPeer = reader.bytes();
                            break;
                        }
                        case 7: {
                            obj.modelId = reader.bytes();
                            break;
                        }
                        case 8: {
                            obj.promptWei = reader.bytes();
                            break;
                        }
                        case 9: {
                            obj.completionWei = reader.bytes();
                            break;
                        }
                        case 10: {
                            obj.from = reader.uint64Number();
                            break;
                        }
                        case 11: {
                            obj.maxTo = reader.uint64Number();
                            break;
                        }
                        case 12: {
                            obj.requestHash = reader.bytes();
                            break;
                        }
                        case 13: {
                            obj.prevEnd = reader.uint32();
                            break;
                        }
                        case 14: {
                            obj.prevHead = reader.bytes();
                            break;
                        }
                        case 15: {
                            obj.deadline = reader.uint64Number();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.sessionId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.leg`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.client`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.clientPeer`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.provider`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.providerPeer`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 7: {
                            yield {
                                field: `${prefix}.modelId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 8: {
                            yield {
                                field: `${prefix}.promptWei`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 9: {
                            yield {
                                field: `${prefix}.completionWei`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 10: {
                            yield {
                                field: `${prefix}.from`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 11: {
                            yield {
                                field: `${prefix}.maxTo`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 12: {
                            yield {
                                field: `${prefix}.requestHash`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 13: {
                            yield {
                                field: `${prefix}.prevEnd`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 14: {
                            yield {
                                field: `${prefix}.prevHead`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 15: {
                            yield {
                                field: `${prefix}.deadline`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, LegOpen.codec());
    }
    LegOpen.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, LegOpen.codec(), opts);
    }
    LegOpen.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, LegOpen.codec(), opts);
    }
    LegOpen.stream = stream;
})(LegOpen || (LegOpen = {}));
export var LogitBias;
(function (LogitBias) {
    let _codec;
    LogitBias.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.id != null && obj.id !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.id);
                }
                if ((obj.bias != null && obj.bias !== 0)) {
                    w.uint32(21);
                    w.float(obj.bias);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    id: 0,
                    bias: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.id = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.bias = reader.float();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.id`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.bias`,
                                value: reader.float()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, LogitBias.codec());
    }
    LogitBias.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, LogitBias.codec(), opts);
    }
    LogitBias.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, LogitBias.codec(), opts);
    }
    LogitBias.stream = stream;
})(LogitBias || (LogitBias = {}));
export var Grammar;
(function (Grammar) {
    let _codec;
    Grammar.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.kind != null && obj.kind !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.kind);
                }
                if ((obj.source != null && obj.source !== '')) {
                    w.uint32(18);
                    w.string(obj.source);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    kind: 0,
                    source: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.kind = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.source = reader.string();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.kind`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.source`,
                                value: reader.string()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Grammar.codec());
    }
    Grammar.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Grammar.codec(), opts);
    }
    Grammar.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Grammar.codec(), opts);
    }
    Grammar.stream = stream;
})(Grammar || (Grammar = {}));
export var Sampling;
(function (Sampling) {
    let _codec;
    Sampling.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.temperature != null && obj.temperature !== 0)) {
                    w.uint32(13);
                    w.float(obj.temperature);
                }
                if ((obj.topP != null && obj.topP !== 0)) {
                    w.uint32(21);
                    w.float(obj.topP);
                }
                if ((obj.topK != null && obj.topK !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.topK);
                }
                if ((obj.minP != null && obj.minP !== 0)) {
                    w.uint32(37);
                    w.float(obj.minP);
                }
                if ((obj.repetitionPenalty != null && obj.repetitionPenalty !== 0)) {
                    w.uint32(45);
                    w.float(obj.repetitionPenalty);
                }
                if ((obj.frequencyPenalty != null && obj.frequencyPenalty !== 0)) {
                    w.uint32(53);
                    w.float(obj.frequencyPenalty);
                }
                if ((obj.presencePenalty != null && obj.presencePenalty !== 0)) {
                    w.uint32(61);
                    w.float(obj.presencePenalty);
                }
                if (obj.logitBias != null && obj.logitBias.length > 0) {
                    for (const value of obj.logitBias) {
                        w.uint32(66);
                        LogitBias.codec().encode(value, w);
                    }
                }
                if ((obj.seed != null && obj.seed !== 0n)) {
                    w.uint32(72);
                    (obj.seed <= BigInt(Number.MAX_SAFE_INTEGER) ? w.uint64Number(Number(obj.seed)) : w.uint64(obj.seed));
                }
                if ((obj.logprobs != null && obj.logprobs !== 0)) {
                    w.uint32(80);
                    w.uint32(obj.logprobs);
                }
                if (obj.stopIds != null && obj.stopIds.length > 0) {
                    for (const value of obj.stopIds) {
                        w.uint32(88);
                        w.uint32(value);
                    }
                }
                if ((obj.completionFrom != null && obj.completionFrom !== 0)) {
                    w.uint32(96);
                    w.uint64Number(obj.completionFrom);
                }
                if (obj.grammar != null) {
                    w.uint32(106);
                    Grammar.codec().encode(obj.grammar, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    temperature: 0,
                    topP: 0,
                    topK: 0,
                    minP: 0,
                    repetitionPenalty: 0,
                    frequencyPenalty: 0,
                    presencePenalty: 0,
                    logitBias: [],
                    seed: 0n,
                    logprobs: 0,
                    stopIds: [],
                    completionFrom: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.temperature = reader.float();
                            break;
                        }
                        case 2: {
                            obj.topP = reader.float();
                            break;
                        }
                        case 3: {
                            obj.topK = reader.uint32();
                            break;
                        }
                        case 4: {
                            obj.minP = reader.float();
                            break;
                        }
                        case 5: {
                            obj.repetitionPenalty = reader.float();
                            break;
                        }
                        case 6: {
                            obj.frequencyPenalty = reader.float();
                            break;
                        }
                        case 7: {
                            obj.presencePenalty = reader.float();
                            break;
                        }
                        case 8: {
                            if (opts.limits?.logitBias != null && obj.logitBias.length === opts.limits.logitBias) {
                                throw new MaxLengthError('Decode error - repeated field "logitBias" had too many elements');
                            }
                            obj.logitBias.push(LogitBias.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.logitBias$
                            }));
                            break;
                        }
                        case 9: {
                            obj.seed = reader.uint64();
                            break;
                        }
                        case 10: {
                            obj.logprobs = reader.uint32();
                            break;
                        }
                        case 11: {
                            if (opts.limits?.stopIds != null && obj.stopIds.length === opts.limits.stopIds) {
                                throw new MaxLengthError('Decode error - repeated field "stopIds" had too many elements');
                            }
                            obj.stopIds.push(reader.uint32());
                            break;
                        }
                        case 12: {
                            obj.completionFrom = reader.uint64Number();
                            break;
                        }
                        case 13: {
                            obj.grammar = Grammar.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.grammar
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    logitBias: 0,
                    stopIds: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.temperature`,
                                value: reader.float()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.topP`,
                                value: reader.float()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.topK`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.minP`,
                                value: reader.float()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.repetitionPenalty`,
                                value: reader.float()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.frequencyPenalty`,
                                value: reader.float()
                            };
                            break;
                        }
                        case 7: {
                            yield {
                                field: `${prefix}.presencePenalty`,
                                value: reader.float()
                            };
                            break;
                        }
                        case 8: {
                            if (opts.limits?.logitBias != null && obj.logitBias === opts.limits.logitBias) {
                                throw new MaxLengthError('Streaming decode error - repeated field "logitBias" had too many elements');
                            }
                            for (const evt of LogitBias.codec().stream(reader, reader.uint32(), `${prefix}.logitBias[]`, {
                                limits: opts.limits?.logitBias$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.logitBias
                                };
                            }
                            obj.logitBias++;
                            break;
                        }
                        case 9: {
                            yield {
                                field: `${prefix}.seed`,
                                value: reader.uint64()
                            };
                            break;
                        }
                        case 10: {
                            yield {
                                field: `${prefix}.logprobs`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 11: {
                            if (opts.limits?.stopIds != null && obj.stopIds === opts.limits.stopIds) {
                                throw new MaxLengthError('Streaming decode error - repeated field "stopIds" had too many elements');
                            }
                            yield {
                                field: `${prefix}.stopIds[]`,
                                index: obj.stopIds,
                                value: reader.uint32()
                            };
                            obj.stopIds++;
                            break;
                        }
                        case 12: {
                            yield {
                                field: `${prefix}.completionFrom`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 13: {
                            yield* Grammar.codec().stream(reader, reader.uint32(), `${prefix}.grammar`, {
                                limits: opts.limits?.grammar
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Sampling.codec());
    }
    Sampling.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Sampling.codec(), opts);
    }
    Sampling.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Sampling.codec(), opts);
    }
    Sampling.stream = stream;
})(Sampling || (Sampling = {}));
export var Sealed;
(function (Sealed) {
    let _codec;
    Sealed.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.enc != null && obj.enc.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.enc);
                }
                if ((obj.ciphertext != null && obj.ciphertext.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.ciphertext);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    enc: uint8ArrayAlloc(0),
                    ciphertext: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.enc = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.ciphertext = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.enc`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.ciphertext`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Sealed.codec());
    }
    Sealed.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Sealed.codec(), opts);
    }
    Sealed.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Sealed.codec(), opts);
    }
    Sealed.stream = stream;
})(Sealed || (Sealed = {}));
export var EpochKeyEntry;
(function (EpochKeyEntry) {
    let _codec;
    EpochKeyEntry.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.leg != null && obj.leg !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.leg);
                }
                if ((obj.generation != null && obj.generation !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.generation);
                }
                if ((obj.key != null && obj.key.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.key);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    leg: 0,
                    generation: 0,
                    key: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.leg = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.generation = reader.uint32();
                            break;
                        }
                        case 3: {
                            obj.key = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.leg`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.generation`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.key`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, EpochKeyEntry.codec());
    }
    EpochKeyEntry.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, EpochKeyEntry.codec(), opts);
    }
    EpochKeyEntry.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, EpochKeyEntry.codec(), opts);
    }
    EpochKeyEntry.stream = stream;
})(EpochKeyEntry || (EpochKeyEntry = {}));
export var LegSecret;
(function (LegSecret) {
    let _codec;
    LegSecret.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.write != null) {
                    w.uint32(10);
                    EpochKeyEntry.codec().encode(obj.write, w);
                }
                if (obj.read != null && obj.read.length > 0) {
                    for (const value of obj.read) {
                        w.uint32(18);
                        EpochKeyEntry.codec().encode(value, w);
                    }
                }
                if ((obj.auditSalt != null && obj.auditSalt.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.auditSalt);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    read: [],
                    auditSalt: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.write = EpochKeyEntry.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.write
                            });
                            break;
                        }
                        case 2: {
                            if (opts.limits?.read != null && obj.read.length === opts.limits.read) {
                                throw new MaxLengthError('Decode error - repeated field "read" had too many elements');
                            }
                            obj.read.push(EpochKeyEntry.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.read$
                            }));
                            break;
                        }
                        case 3: {
                            obj.auditSalt = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    read: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* EpochKeyEntry.codec().stream(reader, reader.uint32(), `${prefix}.write`, {
                                limits: opts.limits?.write
                            });
                            break;
                        }
                        case 2: {
                            if (opts.limits?.read != null && obj.read === opts.limits.read) {
                                throw new MaxLengthError('Streaming decode error - repeated field "read" had too many elements');
                            }
                            for (const evt of EpochKeyEntry.codec().stream(reader, reader.uint32(), `${prefix}.read[]`, {
                                limits: opts.limits?.read$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.read
                                };
                            }
                            obj.read++;
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.auditSalt`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, LegSecret.codec());
    }
    LegSecret.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, LegSecret.codec(), opts);
    }
    LegSecret.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, LegSecret.codec(), opts);
    }
    LegSecret.stream = stream;
})(LegSecret || (LegSecret = {}));
export var SuccessorRef;
(function (SuccessorRef) {
    let _codec;
    SuccessorRef.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.grantId != null && obj.grantId.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.grantId);
                }
                if ((obj.peer != null && obj.peer.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.peer);
                }
                if (obj.multiaddrs != null && obj.multiaddrs.length > 0) {
                    for (const value of obj.multiaddrs) {
                        w.uint32(26);
                        w.string(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    grantId: uint8ArrayAlloc(0),
                    peer: uint8ArrayAlloc(0),
                    multiaddrs: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.grantId = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.peer = reader.bytes();
                            break;
                        }
                        case 3: {
                            if (opts.limits?.multiaddrs != null && obj.multiaddrs.length === opts.limits.multiaddrs) {
                                throw new MaxLengthError('Decode error - repeated field "multiaddrs" had too many elements');
                            }
                            obj.multiaddrs.push(reader.string());
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    multiaddrs: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.grantId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.peer`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            if (opts.limits?.multiaddrs != null && obj.multiaddrs === opts.limits.multiaddrs) {
                                throw new MaxLengthError('Streaming decode error - repeated field "multiaddrs" had too many elements');
                            }
                            yield {
                                field: `${prefix}.multiaddrs[]`,
                                index: obj.multiaddrs,
                                value: reader.string()
                            };
                            obj.multiaddrs++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, SuccessorRef.codec());
    }
    SuccessorRef.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, SuccessorRef.codec(), opts);
    }
    SuccessorRef.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, SuccessorRef.codec(), opts);
    }
    SuccessorRef.stream = stream;
})(SuccessorRef || (SuccessorRef = {}));
export var Open;
(function (Open) {
    let _codec;
    Open.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.leg != null) {
                    w.uint32(10);
                    LegOpen.codec().encode(obj.leg, w);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.signature);
                }
                if (obj.secret != null) {
                    w.uint32(26);
                    Sealed.codec().encode(obj.secret, w);
                }
                if ((obj.ids != null && obj.ids.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.ids);
                }
                if (obj.sampling != null) {
                    w.uint32(42);
                    Sampling.codec().encode(obj.sampling, w);
                }
                if (obj.successors != null && obj.successors.length > 0) {
                    for (const value of obj.successors) {
                        w.uint32(50);
                        SuccessorRef.codec().encode(value, w);
                    }
                }
                if ((obj.grantId != null && obj.grantId.byteLength > 0)) {
                    w.uint32(58);
                    w.bytes(obj.grantId);
                }
                if ((obj.kvHead != null && obj.kvHead.byteLength > 0)) {
                    w.uint32(66);
                    w.bytes(obj.kvHead);
                }
                if ((obj.exactTail != null && obj.exactTail !== false)) {
                    w.uint32(72);
                    w.bool(obj.exactTail);
                }
                if ((obj.replica != null && obj.replica.byteLength > 0)) {
                    w.uint32(82);
                    w.bytes(obj.replica);
                }
                if ((obj.parkKey != null && obj.parkKey.byteLength > 0)) {
                    w.uint32(90);
                    w.bytes(obj.parkKey);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    signature: uint8ArrayAlloc(0),
                    ids: uint8ArrayAlloc(0),
                    successors: [],
                    grantId: uint8ArrayAlloc(0),
                    kvHead: uint8ArrayAlloc(0),
                    exactTail: false,
                    replica: uint8ArrayAlloc(0),
                    parkKey: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.leg = LegOpen.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.leg
                            });
                            break;
                        }
                        case 2: {
                            obj.signature = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.secret = Sealed.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.secret
                            });
                            break;
                        }
                        case 4: {
                            obj.ids = reader.bytes();
                            break;
                        }
                        case 5: {
                            obj.sampling = Sampling.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.sampling
                            });
                            break;
                        }
                        case 6: {
                            if (opts.limits?.successors != null && obj.successors.length === opts.limits.successors) {
                                throw new MaxLengthError('Decode error - repeated field "successors" had too many elements');
                            }
                            obj.successors.push(SuccessorRef.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.successors$
                            }));
                            break;
                        }
                        case 7: {
                            obj.grantId = reader.bytes();
                            break;
                        }
                        case 8: {
                            obj.kvHead = reader.bytes();
                            break;
                        }
                        case 9: {
                            obj.exactTail = reader.bool();
                            break;
                        }
                        case 10: {
                            obj.replica = reader.bytes();
                            break;
                        }
                        case 11: {
                            obj.parkKey = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    successors: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* LegOpen.codec().stream(reader, reader.uint32(), `${prefix}.leg`, {
                                limits: opts.limits?.leg
                            });
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.signature`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield* Sealed.codec().stream(reader, reader.uint32(), `${prefix}.secret`, {
                                limits: opts.limits?.secret
                            });
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.ids`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 5: {
                            yield* Sampling.codec().stream(reader, reader.uint32(), `${prefix}.sampling`, {
                                limits: opts.limits?.sampling
                            });
                            break;
                        }
                        case 6: {
                            if (opts.limits?.successors != null && obj.successors === opts.limits.successors) {
                                throw new MaxLengthError('Streaming decode error - repeated field "successors" had too many elements');
                            }
                            for (const evt of SuccessorRef.codec().stream(reader, reader.uint32(), `${prefix}.successors[]`, {
                                limits: opts.limits?.successors$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.successors
                                };
                            }
                            obj.successors++;
                            break;
                        }
                        case 7: {
                            yield {
                                field: `${prefix}.grantId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 8: {
                            yield {
                                field: `${prefix}.kvHead`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 9: {
                            yield {
                                field: `${prefix}.exactTail`,
                                value: reader.bool()
                            };
                            break;
                        }
                        case 10: {
                            yield {
                                field: `${prefix}.replica`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 11: {
                            yield {
                                field: `${prefix}.parkKey`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Open.codec());
    }
    Open.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Open.codec(), opts);
    }
    Open.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Open.codec(), opts);
    }
    Open.stream = stream;
})(Open || (Open = {}));
export var Cancel;
(function (Cancel) {
    let _codec;
    Cancel.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.reason != null && obj.reason !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.reason);
                }
                if ((obj.to != null && obj.to !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.to);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    reason: 0,
                    to: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.reason = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.to = reader.uint64Number();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.reason`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.to`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Cancel.codec());
    }
    Cancel.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Cancel.codec(), opts);
    }
    Cancel.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Cancel.codec(), opts);
    }
    Cancel.stream = stream;
})(Cancel || (Cancel = {}));
export var Successors;
(function (Successors) {
    let _codec;
    Successors.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.successors != null && obj.successors.length > 0) {
                    for (const value of obj.successors) {
                        w.uint32(10);
                        SuccessorRef.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    successors: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.successors != null && obj.successors.length === opts.limits.successors) {
                                throw new MaxLengthError('Decode error - repeated field "successors" had too many elements');
                            }
                            obj.successors.push(SuccessorRef.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.successors$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    successors: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.successors != null && obj.successors === opts.limits.successors) {
                                throw new MaxLengthError('Streaming decode error - repeated field "successors" had too many elements');
                            }
                            for (const evt of SuccessorRef.codec().stream(reader, reader.uint32(), `${prefix}.successors[]`, {
                                limits: opts.limits?.successors$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.successors
                                };
                            }
                            obj.successors++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Successors.codec());
    }
    Successors.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Successors.codec(), opts);
    }
    Successors.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Successors.codec(), opts);
    }
    Successors.stream = stream;
})(Successors || (Successors = {}));
export var EpochKeyUpdate;
(function (EpochKeyUpdate) {
    let _codec;
    EpochKeyUpdate.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.secret != null) {
                    w.uint32(10);
                    Sealed.codec().encode(obj.secret, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.secret = Sealed.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.secret
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* Sealed.codec().stream(reader, reader.uint32(), `${prefix}.secret`, {
                                limits: opts.limits?.secret
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, EpochKeyUpdate.codec());
    }
    EpochKeyUpdate.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, EpochKeyUpdate.codec(), opts);
    }
    EpochKeyUpdate.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, EpochKeyUpdate.codec(), opts);
    }
    EpochKeyUpdate.stream = stream;
})(EpochKeyUpdate || (EpochKeyUpdate = {}));
export var ClientFrame;
(function (ClientFrame) {
    let _codec;
    ClientFrame.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.epochKey != null) {
                    obj.successors = undefined;
                    obj.cancel = undefined;
                    obj.open = undefined;
                }
                if (obj.successors != null) {
                    obj.epochKey = undefined;
                    obj.cancel = undefined;
                    obj.open = undefined;
                }
                if (obj.cancel != null) {
                    obj.epochKey = undefined;
                    obj.successors = undefined;
                    obj.open = undefined;
                }
                if (obj.open != null) {
                    obj.epochKey = undefined;
                    obj.successors = undefined;
                    obj.cancel = undefined;
                }
                if (obj.open != null) {
                    w.uint32(10);
                    Open.codec().encode(obj.open, w);
                }
                if (obj.cancel != null) {
                    w.uint32(18);
                    Cancel.codec().encode(obj.cancel, w);
                }
                if (obj.successors != null) {
                    w.uint32(26);
                    Successors.codec().encode(obj.successors, w);
                }
                if (obj.epochKey != null) {
                    w.uint32(34);
                    EpochKeyUpdate.codec().encode(obj.epochKey, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.open = Open.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.open
                            });
                            break;
                        }
                        case 2: {
                            obj.cancel = Cancel.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.cancel
                            });
                            break;
                        }
                        case 3: {
                            obj.successors = Successors.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.successors
                            });
                            break;
                        }
                        case 4: {
                            obj.epochKey = EpochKeyUpdate.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.epochKey
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.epochKey != null) {
                    delete obj.successors;
                    delete obj.cancel;
                    delete obj.open;
                }
                if (obj.successors != null) {
                    delete obj.epochKey;
                    delete obj.cancel;
                    delete obj.open;
                }
                if (obj.cancel != null) {
                    delete obj.epochKey;
                    delete obj.successors;
                    delete obj.open;
                }
                if (obj.open != null) {
                    delete obj.epochKey;
                    delete obj.successors;
                    delete obj.cancel;
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* Open.codec().stream(reader, reader.uint32(), `${prefix}.open`, {
                                limits: opts.limits?.open
                            });
                            break;
                        }
                        case 2: {
                            yield* Cancel.codec().stream(reader, reader.uint32(), `${prefix}.cancel`, {
                                limits: opts.limits?.cancel
                            });
                            break;
                        }
                        case 3: {
                            yield* Successors.codec().stream(reader, reader.uint32(), `${prefix}.successors`, {
                                limits: opts.limits?.successors
                            });
                            break;
                        }
                        case 4: {
                            yield* EpochKeyUpdate.codec().stream(reader, reader.uint32(), `${prefix}.epochKey`, {
                                limits: opts.limits?.epochKey
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ClientFrame.codec());
    }
    ClientFrame.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ClientFrame.codec(), opts);
    }
    ClientFrame.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ClientFrame.codec(), opts);
    }
    ClientFrame.stream = stream;
})(ClientFrame || (ClientFrame = {}));
export var Opened;
(function (Opened) {
    let _codec;
    Opened.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.credit != null && obj.credit !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.credit);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    credit: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.credit = reader.uint64Number();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.credit`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Opened.codec());
    }
    Opened.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Opened.codec(), opts);
    }
    Opened.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Opened.codec(), opts);
    }
    Opened.stream = stream;
})(Opened || (Opened = {}));
export var Resume;
(function (Resume) {
    let _codec;
    Resume.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.tier != null && obj.tier !== '')) {
                    w.uint32(10);
                    w.string(obj.tier);
                }
                if ((obj.kept != null && obj.kept !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.kept);
                }
                if ((obj.recomputed != null && obj.recomputed !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.recomputed);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    tier: '',
                    kept: 0,
                    recomputed: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.tier = reader.string();
                            break;
                        }
                        case 2: {
                            obj.kept = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            obj.recomputed = reader.uint64Number();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.tier`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.kept`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.recomputed`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Resume.codec());
    }
    Resume.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Resume.codec(), opts);
    }
    Resume.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Resume.codec(), opts);
    }
    Resume.stream = stream;
})(Resume || (Resume = {}));
export var KvMark;
(function (KvMark) {
    let _codec;
    KvMark.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.blocks != null && obj.blocks !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.blocks);
                }
                if ((obj.head != null && obj.head.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.head);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    blocks: 0,
                    head: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.blocks = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.head = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.blocks`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.head`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, KvMark.codec());
    }
    KvMark.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, KvMark.codec(), opts);
    }
    KvMark.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, KvMark.codec(), opts);
    }
    KvMark.stream = stream;
})(KvMark || (KvMark = {}));
export var TopLogprob;
(function (TopLogprob) {
    let _codec;
    TopLogprob.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.id != null && obj.id !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.id);
                }
                if ((obj.logprob != null && obj.logprob !== 0)) {
                    w.uint32(21);
                    w.float(obj.logprob);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    id: 0,
                    logprob: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.id = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.logprob = reader.float();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.id`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.logprob`,
                                value: reader.float()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, TopLogprob.codec());
    }
    TopLogprob.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, TopLogprob.codec(), opts);
    }
    TopLogprob.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, TopLogprob.codec(), opts);
    }
    TopLogprob.stream = stream;
})(TopLogprob || (TopLogprob = {}));
export var TokenLogprob;
(function (TokenLogprob) {
    let _codec;
    TokenLogprob.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.logprob != null && obj.logprob !== 0)) {
                    w.uint32(13);
                    w.float(obj.logprob);
                }
                if (obj.top != null && obj.top.length > 0) {
                    for (const value of obj.top) {
                        w.uint32(18);
                        TopLogprob.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    logprob: 0,
                    top: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.logprob = reader.float();
                            break;
                        }
                        case 2: {
                            if (opts.limits?.top != null && obj.top.length === opts.limits.top) {
                                throw new MaxLengthError('Decode error - repeated field "top" had too many elements');
                            }
                            obj.top.push(TopLogprob.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.top$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    top: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.logprob`,
                                value: reader.float()
                            };
                            break;
                        }
                        case 2: {
                            if (opts.limits?.top != null && obj.top === opts.limits.top) {
                                throw new MaxLengthError('Streaming decode error - repeated field "top" had too many elements');
                            }
                            for (const evt of TopLogprob.codec().stream(reader, reader.uint32(), `${prefix}.top[]`, {
                                limits: opts.limits?.top$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.top
                                };
                            }
                            obj.top++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, TokenLogprob.codec());
    }
    TokenLogprob.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, TokenLogprob.codec(), opts);
    }
    TokenLogprob.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, TokenLogprob.codec(), opts);
    }
    TokenLogprob.stream = stream;
})(TokenLogprob || (TokenLogprob = {}));
export var Tokens;
(function (Tokens) {
    let _codec;
    Tokens.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.from != null && obj.from !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.from);
                }
                if (obj.ids != null && obj.ids.length > 0) {
                    for (const value of obj.ids) {
                        w.uint32(16);
                        w.uint32(value);
                    }
                }
                if (obj.logprobs != null && obj.logprobs.length > 0) {
                    for (const value of obj.logprobs) {
                        w.uint32(26);
                        TokenLogprob.codec().encode(value, w);
                    }
                }
                if (obj.mark != null) {
                    w.uint32(34);
                    KvMark.codec().encode(obj.mark, w);
                }
                if (obj.resume != null) {
                    w.uint32(42);
                    Resume.codec().encode(obj.resume, w);
                }
                if (obj.prints != null) {
                    w.uint32(50);
                    w.bytes(obj.prints);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    from: 0,
                    ids: [],
                    logprobs: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.from = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            if (opts.limits?.ids != null && obj.ids.length === opts.limits.ids) {
                                throw new MaxLengthError('Decode error - repeated field "ids" had too many elements');
                            }
                            obj.ids.push(reader.uint32());
                            break;
                        }
                        case 3: {
                            if (opts.limits?.logprobs != null && obj.logprobs.length === opts.limits.logprobs) {
                                throw new MaxLengthError('Decode error - repeated field "logprobs" had too many elements');
                            }
                            obj.logprobs.push(TokenLogprob.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.logprobs$
                            }));
                            break;
                        }
                        case 4: {
                            obj.mark = KvMark.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.mark
                            });
                            break;
                        }
                        case 5: {
                            obj.resume = Resume.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.resume
                            });
                            break;
                        }
                        case 6: {
                            obj.prints = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    ids: 0,
                    logprobs: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.from`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 2: {
                            if (opts.limits?.ids != null && obj.ids === opts.limits.ids) {
                                throw new MaxLengthError('Streaming decode error - repeated field "ids" had too many elements');
                            }
                            yield {
                                field: `${prefix}.ids[]`,
                                index: obj.ids,
                                value: reader.uint32()
                            };
                            obj.ids++;
                            break;
                        }
                        case 3: {
                            if (opts.limits?.logprobs != null && obj.logprobs === opts.limits.logprobs) {
                                throw new MaxLengthError('Streaming decode error - repeated field "logprobs" had too many elements');
                            }
                            for (const evt of TokenLogprob.codec().stream(reader, reader.uint32(), `${prefix}.logprobs[]`, {
                                limits: opts.limits?.logprobs$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.logprobs
                                };
                            }
                            obj.logprobs++;
                            break;
                        }
                        case 4: {
                            yield* KvMark.codec().stream(reader, reader.uint32(), `${prefix}.mark`, {
                                limits: opts.limits?.mark
                            });
                            break;
                        }
                        case 5: {
                            yield* Resume.codec().stream(reader, reader.uint32(), `${prefix}.resume`, {
                                limits: opts.limits?.resume
                            });
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.prints`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Tokens.codec());
    }
    Tokens.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Tokens.codec(), opts);
    }
    Tokens.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Tokens.codec(), opts);
    }
    Tokens.stream = stream;
})(Tokens || (Tokens = {}));
export var Progress;
(function (Progress) {
    let _codec;
    Progress.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.done != null && obj.done !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.done);
                }
                if ((obj.total != null && obj.total !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.total);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    done: 0,
                    total: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.done = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            obj.total = reader.uint64Number();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.done`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.total`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Progress.codec());
    }
    Progress.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Progress.codec(), opts);
    }
    Progress.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Progress.codec(), opts);
    }
    Progress.stream = stream;
})(Progress || (Progress = {}));
export var Drain;
(function (Drain) {
    let _codec;
    Drain.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.withinMs != null && obj.withinMs !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.withinMs);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    withinMs: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.withinMs = reader.uint64Number();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.withinMs`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Drain.codec());
    }
    Drain.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Drain.codec(), opts);
    }
    Drain.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Drain.codec(), opts);
    }
    Drain.stream = stream;
})(Drain || (Drain = {}));
export var End;
(function (End) {
    let _codec;
    End.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.reason != null && obj.reason !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.reason);
                }
                if ((obj.to != null && obj.to !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.to);
                }
                if (obj.mark != null) {
                    w.uint32(26);
                    KvMark.codec().encode(obj.mark, w);
                }
                if ((obj.detail != null && obj.detail !== '')) {
                    w.uint32(34);
                    w.string(obj.detail);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    reason: 0,
                    to: 0,
                    detail: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.reason = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.to = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            obj.mark = KvMark.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.mark
                            });
                            break;
                        }
                        case 4: {
                            obj.detail = reader.string();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.reason`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.to`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 3: {
                            yield* KvMark.codec().stream(reader, reader.uint32(), `${prefix}.mark`, {
                                limits: opts.limits?.mark
                            });
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.detail`,
                                value: reader.string()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, End.codec());
    }
    End.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, End.codec(), opts);
    }
    End.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, End.codec(), opts);
    }
    End.stream = stream;
})(End || (End = {}));
export var ProviderFrame;
(function (ProviderFrame) {
    let _codec;
    ProviderFrame.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.end != null) {
                    obj.drain = undefined;
                    obj.tokens = undefined;
                    obj.progress = undefined;
                    obj.refused = undefined;
                    obj.opened = undefined;
                }
                if (obj.drain != null) {
                    obj.end = undefined;
                    obj.tokens = undefined;
                    obj.progress = undefined;
                    obj.refused = undefined;
                    obj.opened = undefined;
                }
                if (obj.tokens != null) {
                    obj.end = undefined;
                    obj.drain = undefined;
                    obj.progress = undefined;
                    obj.refused = undefined;
                    obj.opened = undefined;
                }
                if (obj.progress != null) {
                    obj.end = undefined;
                    obj.drain = undefined;
                    obj.tokens = undefined;
                    obj.refused = undefined;
                    obj.opened = undefined;
                }
                if (obj.refused != null) {
                    obj.end = undefined;
                    obj.drain = undefined;
                    obj.tokens = undefined;
                    obj.progress = undefined;
                    obj.opened = undefined;
                }
                if (obj.opened != null) {
                    obj.end = undefined;
                    obj.drain = undefined;
                    obj.tokens = undefined;
                    obj.progress = undefined;
                    obj.refused = undefined;
                }
                if (obj.opened != null) {
                    w.uint32(10);
                    Opened.codec().encode(obj.opened, w);
                }
                if (obj.refused != null) {
                    w.uint32(18);
                    Refusal.codec().encode(obj.refused, w);
                }
                if (obj.progress != null) {
                    w.uint32(26);
                    Progress.codec().encode(obj.progress, w);
                }
                if (obj.tokens != null) {
                    w.uint32(34);
                    Tokens.codec().encode(obj.tokens, w);
                }
                if (obj.drain != null) {
                    w.uint32(42);
                    Drain.codec().encode(obj.drain, w);
                }
                if (obj.end != null) {
                    w.uint32(50);
                    End.codec().encode(obj.end, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.opened = Opened.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.opened
                            });
                            break;
                        }
                        case 2: {
                            obj.refused = Refusal.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.refused
                            });
                            break;
                        }
                        case 3: {
                            obj.progress = Progress.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.progress
                            });
                            break;
                        }
                        case 4: {
                            obj.tokens = Tokens.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.tokens
                            });
                            break;
                        }
                        case 5: {
                            obj.drain = Drain.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.drain
                            });
                            break;
                        }
                        case 6: {
                            obj.end = End.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.end
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.end != null) {
                    delete obj.drain;
                    delete obj.tokens;
                    delete obj.progress;
                    delete obj.refused;
                    delete obj.opened;
                }
                if (obj.drain != null) {
                    delete obj.end;
                    delete obj.tokens;
                    delete obj.progress;
                    delete obj.refused;
                    delete obj.opened;
                }
                if (obj.tokens != null) {
                    delete obj.end;
                    delete obj.drain;
                    delete obj.progress;
                    delete obj.refused;
                    delete obj.opened;
                }
                if (obj.progress != null) {
                    delete obj.end;
                    delete obj.drain;
                    delete obj.tokens;
                    delete obj.refused;
                    delete obj.opened;
                }
                if (obj.refused != null) {
                    delete obj.end;
                    delete obj.drain;
                    delete obj.tokens;
                    delete obj.progress;
                    delete obj.opened;
                }
                if (obj.opened != null) {
                    delete obj.end;
                    delete obj.drain;
                    delete obj.tokens;
                    delete obj.progress;
                    delete obj.refused;
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* Opened.codec().stream(reader, reader.uint32(), `${prefix}.opened`, {
                                limits: opts.limits?.opened
                            });
                            break;
                        }
                        case 2: {
                            yield* Refusal.codec().stream(reader, reader.uint32(), `${prefix}.refused`, {
                                limits: opts.limits?.refused
                            });
                            break;
                        }
                        case 3: {
                            yield* Progress.codec().stream(reader, reader.uint32(), `${prefix}.progress`, {
                                limits: opts.limits?.progress
                            });
                            break;
                        }
                        case 4: {
                            yield* Tokens.codec().stream(reader, reader.uint32(), `${prefix}.tokens`, {
                                limits: opts.limits?.tokens
                            });
                            break;
                        }
                        case 5: {
                            yield* Drain.codec().stream(reader, reader.uint32(), `${prefix}.drain`, {
                                limits: opts.limits?.drain
                            });
                            break;
                        }
                        case 6: {
                            yield* End.codec().stream(reader, reader.uint32(), `${prefix}.end`, {
                                limits: opts.limits?.end
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ProviderFrame.codec());
    }
    ProviderFrame.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ProviderFrame.codec(), opts);
    }
    ProviderFrame.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ProviderFrame.codec(), opts);
    }
    ProviderFrame.stream = stream;
})(ProviderFrame || (ProviderFrame = {}));
export var GrantRequest;
(function (GrantRequest) {
    let _codec;
    GrantRequest.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.replica != null && obj.replica.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.replica);
                }
                if ((obj.servingPeer != null && obj.servingPeer.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.servingPeer);
                }
                if ((obj.modelId != null && obj.modelId.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.modelId);
                }
                if ((obj.client != null && obj.client.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.client);
                }
                if ((obj.bytesMax != null && obj.bytesMax !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.bytesMax);
                }
                if ((obj.keepMs != null && obj.keepMs !== 0)) {
                    w.uint32(48);
                    w.uint32(obj.keepMs);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    replica: uint8ArrayAlloc(0),
                    servingPeer: uint8ArrayAlloc(0),
                    modelId: uint8ArrayAlloc(0),
                    client: uint8ArrayAlloc(0),
                    bytesMax: 0,
                    keepMs: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.replica = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.servingPeer = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.modelId = reader.bytes();
                            break;
                        }
                        case 4: {
                            obj.client = reader.bytes();
                            break;
                        }
                        case 5: {
                            obj.bytesMax = reader.uint64Number();
                            break;
                        }
                        case 6: {
                            obj.keepMs = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.replica`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.servingPeer`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.modelId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.client`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.bytesMax`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.keepMs`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, GrantRequest.codec());
    }
    GrantRequest.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, GrantRequest.codec(), opts);
    }
    GrantRequest.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, GrantRequest.codec(), opts);
    }
    GrantRequest.stream = stream;
})(GrantRequest || (GrantRequest = {}));
export var Grant;
(function (Grant) {
    let _codec;
    Grant.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.grantId != null && obj.grantId.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.grantId);
                }
                if ((obj.replica != null && obj.replica.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.replica);
                }
                if ((obj.servingPeer != null && obj.servingPeer.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.servingPeer);
                }
                if ((obj.modelId != null && obj.modelId.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.modelId);
                }
                if ((obj.client != null && obj.client.byteLength > 0)) {
                    w.uint32(42);
                    w.bytes(obj.client);
                }
                if ((obj.provider != null && obj.provider.byteLength > 0)) {
                    w.uint32(50);
                    w.bytes(obj.provider);
                }
                if ((obj.peer != null && obj.peer.byteLength > 0)) {
                    w.uint32(58);
                    w.bytes(obj.peer);
                }
                if ((obj.numerics != null && obj.numerics.byteLength > 0)) {
                    w.uint32(66);
                    w.bytes(obj.numerics);
                }
                if ((obj.bytesMax != null && obj.bytesMax !== 0)) {
                    w.uint32(72);
                    w.uint64Number(obj.bytesMax);
                }
                if ((obj.promptWei != null && obj.promptWei.byteLength > 0)) {
                    w.uint32(82);
                    w.bytes(obj.promptWei);
                }
                if ((obj.completionWei != null && obj.completionWei.byteLength > 0)) {
                    w.uint32(90);
                    w.bytes(obj.completionWei);
                }
                if ((obj.standbyWei != null && obj.standbyWei.byteLength > 0)) {
                    w.uint32(98);
                    w.bytes(obj.standbyWei);
                }
                if ((obj.resumeWei != null && obj.resumeWei.byteLength > 0)) {
                    w.uint32(106);
                    w.bytes(obj.resumeWei);
                }
                if ((obj.lockedUntilMs != null && obj.lockedUntilMs !== 0)) {
                    w.uint32(112);
                    w.uint64Number(obj.lockedUntilMs);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    grantId: uint8ArrayAlloc(0),
                    replica: uint8ArrayAlloc(0),
                    servingPeer: uint8ArrayAlloc(0),
                    modelId: uint8ArrayAlloc(0),
                    client: uint8ArrayAlloc(0),
                    provider: uint8ArrayAlloc(0),
                    peer: uint8ArrayAlloc(0),
                    numerics: uint8ArrayAlloc(0),
                    bytesMax: 0,
                    promptWei: uint8ArrayAlloc(0),
                    completionWei: uint8ArrayAlloc(0),
                    standbyWei: uint8ArrayAlloc(0),
                    resumeWei: uint8ArrayAlloc(0),
                    lockedUntilMs: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.grantId = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.replica = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.servingPeer = reader.bytes();
                            break;
                        }
                        case 4: {
                            obj.modelId = reader.bytes();
                            break;
                        }
                        case 5: {
                            obj.client = reader.bytes();
                            break;
                        }
                        case 6: {
                            obj.provider = reader.bytes();
                            break;
                        }
                        case 7: {
                            obj.peer = reader.bytes();
                            break;
                        }
                        case 8: {
                            obj.numerics = reader.bytes();
                            break;
                        }
                        case 9: {
                            obj.bytesMax = reader.uint64Number();
                            break;
                        }
                        case 10: {
                            obj.promptWei = reader.bytes();
                            break;
                        }
                        case 11: {
                            obj.completionWei = reader.bytes();
                            break;
                        }
                        case 12: {
                            obj.standbyWei = reader.bytes();
                            break;
                        }
                        case 13: {
                            obj.resumeWei = reader.bytes();
                            break;
                        }
                        case 14: {
                            obj.lockedUntilMs = reader.uint64Number();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.grantId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.replica`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.servingPeer`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.modelId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.client`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.provider`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 7: {
                            yield {
                                field: `${prefix}.peer`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 8: {
                            yield {
                                field: `${prefix}.numerics`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 9: {
                            yield {
                                field: `${prefix}.bytesMax`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 10: {
                            yield {
                                field: `${prefix}.promptWei`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 11: {
                            yield {
                                field: `${prefix}.completionWei`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 12: {
                            yield {
                                field: `${prefix}.standbyWei`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 13: {
                            yield {
                                field: `${prefix}.resumeWei`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 14: {
                            yield {
                                field: `${prefix}.lockedUntilMs`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Grant.codec());
    }
    Grant.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Grant.codec(), opts);
    }
    Grant.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Grant.codec(), opts);
    }
    Grant.stream = stream;
})(Grant || (Grant = {}));
export var SignedGrant;
(function (SignedGrant) {
    let _codec;
    SignedGrant.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.body != null && obj.body.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.body);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.signature);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    body: uint8ArrayAlloc(0),
                    signature: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.body = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.signature = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.body`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.signature`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, SignedGrant.codec());
    }
    SignedGrant.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, SignedGrant.codec(), opts);
    }
    SignedGrant.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, SignedGrant.codec(), opts);
    }
    SignedGrant.stream = stream;
})(SignedGrant || (SignedGrant = {}));
export var GrantAck;
(function (GrantAck) {
    let _codec;
    GrantAck.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.blocks != null && obj.blocks !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.blocks);
                }
                if ((obj.head != null && obj.head.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.head);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    blocks: 0,
                    head: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.blocks = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.head = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.blocks`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.head`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, GrantAck.codec());
    }
    GrantAck.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, GrantAck.codec(), opts);
    }
    GrantAck.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, GrantAck.codec(), opts);
    }
    GrantAck.stream = stream;
})(GrantAck || (GrantAck = {}));
export var GrantFence;
(function (GrantFence) {
    let _codec;
    GrantFence.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.leg != null && obj.leg !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.leg);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    leg: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.leg = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.leg`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, GrantFence.codec());
    }
    GrantFence.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, GrantFence.codec(), opts);
    }
    GrantFence.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, GrantFence.codec(), opts);
    }
    GrantFence.stream = stream;
})(GrantFence || (GrantFence = {}));
export var GrantRelease;
(function (GrantRelease) {
    let _codec;
    GrantRelease.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, GrantRelease.codec());
    }
    GrantRelease.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, GrantRelease.codec(), opts);
    }
    GrantRelease.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, GrantRelease.codec(), opts);
    }
    GrantRelease.stream = stream;
})(GrantRelease || (GrantRelease = {}));
export var GrantClientFrame;
(function (GrantClientFrame) {
    let _codec;
    GrantClientFrame.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.release != null) {
                    obj.fence = undefined;
                    obj.request = undefined;
                }
                if (obj.fence != null) {
                    obj.release = undefined;
                    obj.request = undefined;
                }
                if (obj.request != null) {
                    obj.release = undefined;
                    obj.fence = undefined;
                }
                if (obj.request != null) {
                    w.uint32(10);
                    GrantRequest.codec().encode(obj.request, w);
                }
                if (obj.fence != null) {
                    w.uint32(18);
                    GrantFence.codec().encode(obj.fence, w);
                }
                if (obj.release != null) {
                    w.uint32(26);
                    GrantRelease.codec().encode(obj.release, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.request = GrantRequest.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.request
                            });
                            break;
                        }
                        case 2: {
                            obj.fence = GrantFence.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.fence
                            });
                            break;
                        }
                        case 3: {
                            obj.release = GrantRelease.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.release
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.release != null) {
                    delete obj.fence;
                    delete obj.request;
                }
                if (obj.fence != null) {
                    delete obj.release;
                    delete obj.request;
                }
                if (obj.request != null) {
                    delete obj.release;
                    delete obj.fence;
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* GrantRequest.codec().stream(reader, reader.uint32(), `${prefix}.request`, {
                                limits: opts.limits?.request
                            });
                            break;
                        }
                        case 2: {
                            yield* GrantFence.codec().stream(reader, reader.uint32(), `${prefix}.fence`, {
                                limits: opts.limits?.fence
                            });
                            break;
                        }
                        case 3: {
                            yield* GrantRelease.codec().stream(reader, reader.uint32(), `${prefix}.release`, {
                                limits: opts.limits?.release
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, GrantClientFrame.codec());
    }
    GrantClientFrame.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, GrantClientFrame.codec(), opts);
    }
    GrantClientFrame.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, GrantClientFrame.codec(), opts);
    }
    GrantClientFrame.stream = stream;
})(GrantClientFrame || (GrantClientFrame = {}));
export var GrantServerFrame;
(function (GrantServerFrame) {
    let _codec;
    GrantServerFrame.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.ack != null) {
                    obj.refused = undefined;
                    obj.grant = undefined;
                }
                if (obj.refused != null) {
                    obj.ack = undefined;
                    obj.grant = undefined;
                }
                if (obj.grant != null) {
                    obj.ack = undefined;
                    obj.refused = undefined;
                }
                if (obj.grant != null) {
                    w.uint32(10);
                    SignedGrant.codec().encode(obj.grant, w);
                }
                if (obj.refused != null) {
                    w.uint32(18);
                    Refusal.codec().encode(obj.refused, w);
                }
                if (obj.ack != null) {
                    w.uint32(26);
                    GrantAck.codec().encode(obj.ack, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.grant = SignedGrant.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.grant
                            });
                            break;
                        }
                        case 2: {
                            obj.refused = Refusal.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.refused
                            });
                            break;
                        }
                        case 3: {
                            obj.ack = GrantAck.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.ack
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.ack != null) {
                    delete obj.refused;
                    delete obj.grant;
                }
                if (obj.refused != null) {
                    delete obj.ack;
                    delete obj.grant;
                }
                if (obj.grant != null) {
                    delete obj.ack;
                    delete obj.refused;
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* SignedGrant.codec().stream(reader, reader.uint32(), `${prefix}.grant`, {
                                limits: opts.limits?.grant
                            });
                            break;
                        }
                        case 2: {
                            yield* Refusal.codec().stream(reader, reader.uint32(), `${prefix}.refused`, {
                                limits: opts.limits?.refused
                            });
                            break;
                        }
                        case 3: {
                            yield* GrantAck.codec().stream(reader, reader.uint32(), `${prefix}.ack`, {
                                limits: opts.limits?.ack
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, GrantServerFrame.codec());
    }
    GrantServerFrame.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, GrantServerFrame.codec(), opts);
    }
    GrantServerFrame.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, GrantServerFrame.codec(), opts);
    }
    GrantServerFrame.stream = stream;
})(GrantServerFrame || (GrantServerFrame = {}));
export var KvHello;
(function (KvHello) {
    let _codec;
    KvHello.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.grantId != null && obj.grantId.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.grantId);
                }
                if ((obj.replica != null && obj.replica.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.replica);
                }
                if ((obj.leg != null && obj.leg !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.leg);
                }
                if ((obj.fromBlock != null && obj.fromBlock !== 0)) {
                    w.uint32(32);
                    w.uint32(obj.fromBlock);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    grantId: uint8ArrayAlloc(0),
                    replica: uint8ArrayAlloc(0),
                    leg: 0,
                    fromBlock: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.grantId = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.replica = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.leg = reader.uint32();
                            break;
                        }
                        case 4: {
                            obj.fromBlock = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.grantId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.replica`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.leg`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.fromBlock`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, KvHello.codec());
    }
    KvHello.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, KvHello.codec(), opts);
    }
    KvHello.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, KvHello.codec(), opts);
    }
    KvHello.stream = stream;
})(KvHello || (KvHello = {}));
export var KvHeader;
(function (KvHeader) {
    let _codec;
    KvHeader.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.header != null && obj.header.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.header);
                }
                if ((obj.tag != null && obj.tag.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.tag);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.signature);
                }
                if ((obj.cells != null && obj.cells !== 0)) {
                    w.uint32(32);
                    w.uint32(obj.cells);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    header: uint8ArrayAlloc(0),
                    tag: uint8ArrayAlloc(0),
                    signature: uint8ArrayAlloc(0),
                    cells: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.header = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.tag = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.signature = reader.bytes();
                            break;
                        }
                        case 4: {
                            obj.cells = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.header`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.tag`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.signature`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.cells`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, KvHeader.codec());
    }
    KvHeader.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, KvHeader.codec(), opts);
    }
    KvHeader.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, KvHeader.codec(), opts);
    }
    KvHeader.stream = stream;
})(KvHeader || (KvHeader = {}));
export var KvCell;
(function (KvCell) {
    let _codec;
    KvCell.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.body != null && obj.body.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.body);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    body: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.body = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.body`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, KvCell.codec());
    }
    KvCell.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, KvCell.codec(), opts);
    }
    KvCell.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, KvCell.codec(), opts);
    }
    KvCell.stream = stream;
})(KvCell || (KvCell = {}));
export var KvFrame;
(function (KvFrame) {
    let _codec;
    KvFrame.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.cell != null) {
                    obj.header = undefined;
                    obj.hello = undefined;
                }
                if (obj.header != null) {
                    obj.cell = undefined;
                    obj.hello = undefined;
                }
                if (obj.hello != null) {
                    obj.cell = undefined;
                    obj.header = undefined;
                }
                if (obj.hello != null) {
                    w.uint32(10);
                    KvHello.codec().encode(obj.hello, w);
                }
                if (obj.header != null) {
                    w.uint32(18);
                    KvHeader.codec().encode(obj.header, w);
                }
                if (obj.cell != null) {
                    w.uint32(26);
                    KvCell.codec().encode(obj.cell, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.hello = KvHello.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.hello
                            });
                            break;
                        }
                        case 2: {
                            obj.header = KvHeader.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.header
                            });
                            break;
                        }
                        case 3: {
                            obj.cell = KvCell.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.cell
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.cell != null) {
                    delete obj.header;
                    delete obj.hello;
                }
                if (obj.header != null) {
                    delete obj.cell;
                    delete obj.hello;
                }
                if (obj.hello != null) {
                    delete obj.cell;
                    delete obj.header;
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* KvHello.codec().stream(reader, reader.uint32(), `${prefix}.hello`, {
                                limits: opts.limits?.hello
                            });
                            break;
                        }
                        case 2: {
                            yield* KvHeader.codec().stream(reader, reader.uint32(), `${prefix}.header`, {
                                limits: opts.limits?.header
                            });
                            break;
                        }
                        case 3: {
                            yield* KvCell.codec().stream(reader, reader.uint32(), `${prefix}.cell`, {
                                limits: opts.limits?.cell
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, KvFrame.codec());
    }
    KvFrame.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, KvFrame.codec(), opts);
    }
    KvFrame.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, KvFrame.codec(), opts);
    }
    KvFrame.stream = stream;
})(KvFrame || (KvFrame = {}));
export var KvReply;
(function (KvReply) {
    let _codec;
    KvReply.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.refused != null) {
                    obj.ack = undefined;
                }
                if (obj.ack != null) {
                    obj.refused = undefined;
                }
                if (obj.ack != null) {
                    w.uint32(10);
                    GrantAck.codec().encode(obj.ack, w);
                }
                if (obj.refused != null) {
                    w.uint32(18);
                    Refusal.codec().encode(obj.refused, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.ack = GrantAck.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.ack
                            });
                            break;
                        }
                        case 2: {
                            obj.refused = Refusal.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.refused
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.refused != null) {
                    delete obj.ack;
                }
                if (obj.ack != null) {
                    delete obj.refused;
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* GrantAck.codec().stream(reader, reader.uint32(), `${prefix}.ack`, {
                                limits: opts.limits?.ack
                            });
                            break;
                        }
                        case 2: {
                            yield* Refusal.codec().stream(reader, reader.uint32(), `${prefix}.refused`, {
                                limits: opts.limits?.refused
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, KvReply.codec());
    }
    KvReply.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, KvReply.codec(), opts);
    }
    KvReply.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, KvReply.codec(), opts);
    }
    KvReply.stream = stream;
})(KvReply || (KvReply = {}));
export var BeatRequest;
(function (BeatRequest) {
    let _codec;
    BeatRequest.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.everyMs != null && obj.everyMs !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.everyMs);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    everyMs: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.everyMs = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.everyMs`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, BeatRequest.codec());
    }
    BeatRequest.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, BeatRequest.codec(), opts);
    }
    BeatRequest.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, BeatRequest.codec(), opts);
    }
    BeatRequest.stream = stream;
})(BeatRequest || (BeatRequest = {}));
export var Beat;
(function (Beat) {
    let _codec;
    Beat.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.seq != null && obj.seq !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.seq);
                }
                if ((obj.sessions != null && obj.sessions !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.sessions);
                }
                if ((obj.draining != null && obj.draining !== false)) {
                    w.uint32(24);
                    w.bool(obj.draining);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    seq: 0,
                    sessions: 0,
                    draining: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.seq = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            obj.sessions = reader.uint32();
                            break;
                        }
                        case 3: {
                            obj.draining = reader.bool();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.seq`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.sessions`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.draining`,
                                value: reader.bool()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Beat.codec());
    }
    Beat.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Beat.codec(), opts);
    }
    Beat.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Beat.codec(), opts);
    }
    Beat.stream = stream;
})(Beat || (Beat = {}));
export var ModelRequest;
(function (ModelRequest) {
    let _codec;
    ModelRequest.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.modelId != null && obj.modelId.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.modelId);
                }
                if ((obj.file != null && obj.file !== '')) {
                    w.uint32(18);
                    w.string(obj.file);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    modelId: uint8ArrayAlloc(0),
                    file: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.modelId = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.file = reader.string();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.modelId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.file`,
                                value: reader.string()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ModelRequest.codec());
    }
    ModelRequest.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ModelRequest.codec(), opts);
    }
    ModelRequest.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ModelRequest.codec(), opts);
    }
    ModelRequest.stream = stream;
})(ModelRequest || (ModelRequest = {}));
export var ModelChunk;
(function (ModelChunk) {
    let _codec;
    ModelChunk.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.data != null) {
                    obj.refused = undefined;
                }
                if (obj.refused != null) {
                    obj.data = undefined;
                }
                if (obj.refused != null) {
                    w.uint32(10);
                    Refusal.codec().encode(obj.refused, w);
                }
                if (obj.data != null) {
                    w.uint32(18);
                    w.bytes(obj.data);
                }
                if ((obj.size != null && obj.size !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.size);
                }
                if ((obj.last != null && obj.last !== false)) {
                    w.uint32(32);
                    w.bool(obj.last);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    size: 0,
                    last: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.refused = Refusal.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.refused
                            });
                            break;
                        }
                        case 2: {
                            obj.data = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.size = reader.uint64Number();
                            break;
                        }
                        case 4: {
                            obj.last = reader.bool();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.data != null) {
                    delete obj.refused;
                }
                if (obj.refused != null) {
                    delete obj.data;
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* Refusal.codec().stream(reader, reader.uint32(), `${prefix}.refused`, {
                                limits: opts.limits?.refused
                            });
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.data`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.size`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.last`,
                                value: reader.bool()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ModelChunk.codec());
    }
    ModelChunk.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ModelChunk.codec(), opts);
    }
    ModelChunk.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ModelChunk.codec(), opts);
    }
    ModelChunk.stream = stream;
})(ModelChunk || (ModelChunk = {}));
export var Voucher;
(function (Voucher) {
    let _codec;
    Voucher.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.client != null && obj.client.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.client);
                }
                if ((obj.provider != null && obj.provider.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.provider);
                }
                if ((obj.modelId != null && obj.modelId.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.modelId);
                }
                if ((obj.cumulative != null && obj.cumulative.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.cumulative);
                }
                if ((obj.units != null && obj.units !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.units);
                }
                if ((obj.workRoot != null && obj.workRoot.byteLength > 0)) {
                    w.uint32(50);
                    w.bytes(obj.workRoot);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(58);
                    w.bytes(obj.signature);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    client: uint8ArrayAlloc(0),
                    provider: uint8ArrayAlloc(0),
                    modelId: uint8ArrayAlloc(0),
                    cumulative: uint8ArrayAlloc(0),
                    units: 0,
                    workRoot: uint8ArrayAlloc(0),
                    signature: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.client = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.provider = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.modelId = reader.bytes();
                            break;
                        }
                        case 4: {
                            obj.cumulative = reader.bytes();
                            break;
                        }
                        case 5: {
                            obj.units = reader.uint64Number();
                            break;
                        }
                        case 6: {
                            obj.workRoot = reader.bytes();
                            break;
                        }
                        case 7: {
                            obj.signature = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.client`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.provider`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.modelId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.cumulative`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.units`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.workRoot`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 7: {
                            yield {
                                field: `${prefix}.signature`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Voucher.codec());
    }
    Voucher.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Voucher.codec(), opts);
    }
    Voucher.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Voucher.codec(), opts);
    }
    Voucher.stream = stream;
})(Voucher || (Voucher = {}));
export var ReceiptDraft;
(function (ReceiptDraft) {
    let _codec;
    ReceiptDraft.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.sessionId != null && obj.sessionId.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.sessionId);
                }
                if ((obj.leg != null && obj.leg !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.leg);
                }
                if ((obj.seq != null && obj.seq !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.seq);
                }
                if ((obj.from != null && obj.from !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.from);
                }
                if ((obj.to != null && obj.to !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.to);
                }
                if ((obj.promptUnits != null && obj.promptUnits !== 0)) {
                    w.uint32(48);
                    w.uint64Number(obj.promptUnits);
                }
                if ((obj.amount != null && obj.amount.byteLength > 0)) {
                    w.uint32(58);
                    w.bytes(obj.amount);
                }
                if ((obj.outputHash != null && obj.outputHash.byteLength > 0)) {
                    w.uint32(66);
                    w.bytes(obj.outputHash);
                }
                if ((obj.kvHead != null && obj.kvHead.byteLength > 0)) {
                    w.uint32(74);
                    w.bytes(obj.kvHead);
                }
                if ((obj.fingerprint != null && obj.fingerprint.byteLength > 0)) {
                    w.uint32(82);
                    w.bytes(obj.fingerprint);
                }
                if ((obj.end != null && obj.end !== 0)) {
                    w.uint32(88);
                    w.uint32(obj.end);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    sessionId: uint8ArrayAlloc(0),
                    leg: 0,
                    seq: 0,
                    from: 0,
                    to: 0,
                    promptUnits: 0,
                    amount: uint8ArrayAlloc(0),
                    outputHash: uint8ArrayAlloc(0),
                    kvHead: uint8ArrayAlloc(0),
                    fingerprint: uint8ArrayAlloc(0),
                    end: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.sessionId = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.leg = reader.uint32();
                            break;
                        }
                        case 3: {
                            obj.seq = reader.uint64Number();
                            break;
                        }
                        case 4: {
                            obj.from = reader.uint64Number();
                            break;
                        }
                        case 5: {
                            obj.to = reader.uint64Number();
                            break;
                        }
                        case 6: {
                            obj.promptUnits = reader.uint64Number();
                            break;
                        }
                        case 7: {
                            obj.amount = reader.bytes();
                            break;
                        }
                        case 8: {
                            obj.outputHash = reader.bytes();
                            break;
                        }
                        case 9: {
                            obj.kvHead = reader.bytes();
                            break;
                        }
                        case 10: {
                            obj.fingerprint = reader.bytes();
                            break;
                        }
                        case 11: {
                            obj.end = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.sessionId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.leg`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.seq`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.from`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.to`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.promptUnits`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 7: {
                            yield {
                                field: `${prefix}.amount`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 8: {
                            yield {
                                field: `${prefix}.outputHash`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 9: {
                            yield {
                                field: `${prefix}.kvHead`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 10: {
                            yield {
                                field: `${prefix}.fingerprint`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 11: {
                            yield {
                                field: `${prefix}.end`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ReceiptDraft.codec());
    }
    ReceiptDraft.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ReceiptDraft.codec(), opts);
    }
    ReceiptDraft.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ReceiptDraft.codec(), opts);
    }
    ReceiptDraft.stream = stream;
})(ReceiptDraft || (ReceiptDraft = {}));
export var VoucherHello;
(function (VoucherHello) {
    let _codec;
    VoucherHello.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.client != null && obj.client.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.client);
                }
                if (obj.modelIds != null && obj.modelIds.length > 0) {
                    for (const value of obj.modelIds) {
                        w.uint32(18);
                        w.bytes(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    client: uint8ArrayAlloc(0),
                    modelIds: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.client = reader.bytes();
                            break;
                        }
                        case 2: {
                            if (opts.limits?.modelIds != null && obj.modelIds.length === opts.limits.modelIds) {
                                throw new MaxLengthError('Decode error - repeated field "modelIds" had too many elements');
                            }
                            obj.modelIds.push(reader.bytes());
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    modelIds: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.client`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            if (opts.limits?.modelIds != null && obj.modelIds === opts.limits.modelIds) {
                                throw new MaxLengthError('Streaming decode error - repeated field "modelIds" had too many elements');
                            }
                            yield {
                                field: `${prefix}.modelIds[]`,
                                index: obj.modelIds,
                                value: reader.bytes()
                            };
                            obj.modelIds++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, VoucherHello.codec());
    }
    VoucherHello.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, VoucherHello.codec(), opts);
    }
    VoucherHello.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, VoucherHello.codec(), opts);
    }
    VoucherHello.stream = stream;
})(VoucherHello || (VoucherHello = {}));
export var ChannelState;
(function (ChannelState) {
    let _codec;
    ChannelState.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.modelId != null && obj.modelId.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.modelId);
                }
                if (obj.newest != null) {
                    w.uint32(18);
                    Voucher.codec().encode(obj.newest, w);
                }
                if ((obj.tree != null && obj.tree.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.tree);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    modelId: uint8ArrayAlloc(0),
                    tree: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.modelId = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.newest = Voucher.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.newest
                            });
                            break;
                        }
                        case 3: {
                            obj.tree = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.modelId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield* Voucher.codec().stream(reader, reader.uint32(), `${prefix}.newest`, {
                                limits: opts.limits?.newest
                            });
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.tree`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ChannelState.codec());
    }
    ChannelState.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ChannelState.codec(), opts);
    }
    ChannelState.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ChannelState.codec(), opts);
    }
    ChannelState.stream = stream;
})(ChannelState || (ChannelState = {}));
export var VoucherState;
(function (VoucherState) {
    let _codec;
    VoucherState.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.channels != null && obj.channels.length > 0) {
                    for (const value of obj.channels) {
                        w.uint32(10);
                        ChannelState.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channels: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.channels != null && obj.channels.length === opts.limits.channels) {
                                throw new MaxLengthError('Decode error - repeated field "channels" had too many elements');
                            }
                            obj.channels.push(ChannelState.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.channels$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    channels: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.channels != null && obj.channels === opts.limits.channels) {
                                throw new MaxLengthError('Streaming decode error - repeated field "channels" had too many elements');
                            }
                            for (const evt of ChannelState.codec().stream(reader, reader.uint32(), `${prefix}.channels[]`, {
                                limits: opts.limits?.channels$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.channels
                                };
                            }
                            obj.channels++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, VoucherState.codec());
    }
    VoucherState.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, VoucherState.codec(), opts);
    }
    VoucherState.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, VoucherState.codec(), opts);
    }
    VoucherState.stream = stream;
})(VoucherState || (VoucherState = {}));
export var Ack;
(function (Ack) {
    let _codec;
    Ack.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.voucher != null) {
                    w.uint32(10);
                    Voucher.codec().encode(obj.voucher, w);
                }
                if ((obj.count != null && obj.count !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.count);
                }
                if (obj.appended != null && obj.appended.length > 0) {
                    for (const value of obj.appended) {
                        w.uint32(26);
                        ReceiptDraft.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    count: 0,
                    appended: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.voucher = Voucher.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.voucher
                            });
                            break;
                        }
                        case 2: {
                            obj.count = reader.uint32();
                            break;
                        }
                        case 3: {
                            if (opts.limits?.appended != null && obj.appended.length === opts.limits.appended) {
                                throw new MaxLengthError('Decode error - repeated field "appended" had too many elements');
                            }
                            obj.appended.push(ReceiptDraft.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.appended$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    appended: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* Voucher.codec().stream(reader, reader.uint32(), `${prefix}.voucher`, {
                                limits: opts.limits?.voucher
                            });
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.count`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            if (opts.limits?.appended != null && obj.appended === opts.limits.appended) {
                                throw new MaxLengthError('Streaming decode error - repeated field "appended" had too many elements');
                            }
                            for (const evt of ReceiptDraft.codec().stream(reader, reader.uint32(), `${prefix}.appended[]`, {
                                limits: opts.limits?.appended$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.appended
                                };
                            }
                            obj.appended++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Ack.codec());
    }
    Ack.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Ack.codec(), opts);
    }
    Ack.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Ack.codec(), opts);
    }
    Ack.stream = stream;
})(Ack || (Ack = {}));
export var AckReply;
(function (AckReply) {
    let _codec;
    AckReply.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.modelId != null && obj.modelId.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.modelId);
                }
                if ((obj.count != null && obj.count !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.count);
                }
                if (obj.signatures != null && obj.signatures.length > 0) {
                    for (const value of obj.signatures) {
                        w.uint32(26);
                        w.bytes(value);
                    }
                }
                if (obj.refused != null) {
                    w.uint32(34);
                    Refusal.codec().encode(obj.refused, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    modelId: uint8ArrayAlloc(0),
                    count: 0,
                    signatures: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.modelId = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.count = reader.uint32();
                            break;
                        }
                        case 3: {
                            if (opts.limits?.signatures != null && obj.signatures.length === opts.limits.signatures) {
                                throw new MaxLengthError('Decode error - repeated field "signatures" had too many elements');
                            }
                            obj.signatures.push(reader.bytes());
                            break;
                        }
                        case 4: {
                            obj.refused = Refusal.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.refused
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    signatures: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.modelId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.count`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            if (opts.limits?.signatures != null && obj.signatures === opts.limits.signatures) {
                                throw new MaxLengthError('Streaming decode error - repeated field "signatures" had too many elements');
                            }
                            yield {
                                field: `${prefix}.signatures[]`,
                                index: obj.signatures,
                                value: reader.bytes()
                            };
                            obj.signatures++;
                            break;
                        }
                        case 4: {
                            yield* Refusal.codec().stream(reader, reader.uint32(), `${prefix}.refused`, {
                                limits: opts.limits?.refused
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, AckReply.codec());
    }
    AckReply.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, AckReply.codec(), opts);
    }
    AckReply.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, AckReply.codec(), opts);
    }
    AckReply.stream = stream;
})(AckReply || (AckReply = {}));
export var VoucherClientFrame;
(function (VoucherClientFrame) {
    let _codec;
    VoucherClientFrame.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.ack != null) {
                    obj.hello = undefined;
                }
                if (obj.hello != null) {
                    obj.ack = undefined;
                }
                if (obj.hello != null) {
                    w.uint32(10);
                    VoucherHello.codec().encode(obj.hello, w);
                }
                if (obj.ack != null) {
                    w.uint32(18);
                    Ack.codec().encode(obj.ack, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.hello = VoucherHello.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.hello
                            });
                            break;
                        }
                        case 2: {
                            obj.ack = Ack.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.ack
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.ack != null) {
                    delete obj.hello;
                }
                if (obj.hello != null) {
                    delete obj.ack;
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* VoucherHello.codec().stream(reader, reader.uint32(), `${prefix}.hello`, {
                                limits: opts.limits?.hello
                            });
                            break;
                        }
                        case 2: {
                            yield* Ack.codec().stream(reader, reader.uint32(), `${prefix}.ack`, {
                                limits: opts.limits?.ack
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, VoucherClientFrame.codec());
    }
    VoucherClientFrame.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, VoucherClientFrame.codec(), opts);
    }
    VoucherClientFrame.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, VoucherClientFrame.codec(), opts);
    }
    VoucherClientFrame.stream = stream;
})(VoucherClientFrame || (VoucherClientFrame = {}));
export var VoucherServerFrame;
(function (VoucherServerFrame) {
    let _codec;
    VoucherServerFrame.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.refused != null) {
                    obj.reply = undefined;
                    obj.state = undefined;
                }
                if (obj.reply != null) {
                    obj.refused = undefined;
                    obj.state = undefined;
                }
                if (obj.state != null) {
                    obj.refused = undefined;
                    obj.reply = undefined;
                }
                if (obj.state != null) {
                    w.uint32(10);
                    VoucherState.codec().encode(obj.state, w);
                }
                if (obj.reply != null) {
                    w.uint32(18);
                    AckReply.codec().encode(obj.reply, w);
                }
                if (obj.refused != null) {
                    w.uint32(26);
                    Refusal.codec().encode(obj.refused, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.state = VoucherState.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.state
                            });
                            break;
                        }
                        case 2: {
                            obj.reply = AckReply.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.reply
                            });
                            break;
                        }
                        case 3: {
                            obj.refused = Refusal.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.refused
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.refused != null) {
                    delete obj.reply;
                    delete obj.state;
                }
                if (obj.reply != null) {
                    delete obj.refused;
                    delete obj.state;
                }
                if (obj.state != null) {
                    delete obj.refused;
                    delete obj.reply;
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* VoucherState.codec().stream(reader, reader.uint32(), `${prefix}.state`, {
                                limits: opts.limits?.state
                            });
                            break;
                        }
                        case 2: {
                            yield* AckReply.codec().stream(reader, reader.uint32(), `${prefix}.reply`, {
                                limits: opts.limits?.reply
                            });
                            break;
                        }
                        case 3: {
                            yield* Refusal.codec().stream(reader, reader.uint32(), `${prefix}.refused`, {
                                limits: opts.limits?.refused
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, VoucherServerFrame.codec());
    }
    VoucherServerFrame.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, VoucherServerFrame.codec(), opts);
    }
    VoucherServerFrame.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, VoucherServerFrame.codec(), opts);
    }
    VoucherServerFrame.stream = stream;
})(VoucherServerFrame || (VoucherServerFrame = {}));
export var ReceiptByHash;
(function (ReceiptByHash) {
    let _codec;
    ReceiptByHash.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.hash != null && obj.hash.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.hash);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    hash: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.hash = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.hash`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ReceiptByHash.codec());
    }
    ReceiptByHash.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ReceiptByHash.codec(), opts);
    }
    ReceiptByHash.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ReceiptByHash.codec(), opts);
    }
    ReceiptByHash.stream = stream;
})(ReceiptByHash || (ReceiptByHash = {}));
export var ReceiptsOfSession;
(function (ReceiptsOfSession) {
    let _codec;
    ReceiptsOfSession.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.sessionId != null && obj.sessionId.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.sessionId);
                }
                if ((obj.leg != null && obj.leg !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.leg);
                }
                if ((obj.seq != null && obj.seq !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.seq);
                }
                if ((obj.max != null && obj.max !== 0)) {
                    w.uint32(32);
                    w.uint32(obj.max);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    sessionId: uint8ArrayAlloc(0),
                    leg: 0,
                    seq: 0,
                    max: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.sessionId = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.leg = reader.uint32();
                            break;
                        }
                        case 3: {
                            obj.seq = reader.uint64Number();
                            break;
                        }
                        case 4: {
                            obj.max = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.sessionId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.leg`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.seq`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.max`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ReceiptsOfSession.codec());
    }
    ReceiptsOfSession.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ReceiptsOfSession.codec(), opts);
    }
    ReceiptsOfSession.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ReceiptsOfSession.codec(), opts);
    }
    ReceiptsOfSession.stream = stream;
})(ReceiptsOfSession || (ReceiptsOfSession = {}));
export var ReceiptsOfChannel;
(function (ReceiptsOfChannel) {
    let _codec;
    ReceiptsOfChannel.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.client != null && obj.client.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.client);
                }
                if ((obj.modelId != null && obj.modelId.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.modelId);
                }
                if ((obj.index != null && obj.index !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.index);
                }
                if ((obj.max != null && obj.max !== 0)) {
                    w.uint32(32);
                    w.uint32(obj.max);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    client: uint8ArrayAlloc(0),
                    modelId: uint8ArrayAlloc(0),
                    index: 0,
                    max: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.client = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.modelId = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.index = reader.uint32();
                            break;
                        }
                        case 4: {
                            obj.max = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.client`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.modelId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.index`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.max`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ReceiptsOfChannel.codec());
    }
    ReceiptsOfChannel.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ReceiptsOfChannel.codec(), opts);
    }
    ReceiptsOfChannel.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ReceiptsOfChannel.codec(), opts);
    }
    ReceiptsOfChannel.stream = stream;
})(ReceiptsOfChannel || (ReceiptsOfChannel = {}));
export var WorkProofRequest;
(function (WorkProofRequest) {
    let _codec;
    WorkProofRequest.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.client != null && obj.client.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.client);
                }
                if ((obj.modelId != null && obj.modelId.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.modelId);
                }
                if ((obj.workRoot != null && obj.workRoot.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.workRoot);
                }
                if (obj.indexes != null && obj.indexes.length > 0) {
                    for (const value of obj.indexes) {
                        w.uint32(32);
                        w.uint32(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    client: uint8ArrayAlloc(0),
                    modelId: uint8ArrayAlloc(0),
                    workRoot: uint8ArrayAlloc(0),
                    indexes: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.client = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.modelId = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.workRoot = reader.bytes();
                            break;
                        }
                        case 4: {
                            if (opts.limits?.indexes != null && obj.indexes.length === opts.limits.indexes) {
                                throw new MaxLengthError('Decode error - repeated field "indexes" had too many elements');
                            }
                            obj.indexes.push(reader.uint32());
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    indexes: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.client`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.modelId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.workRoot`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 4: {
                            if (opts.limits?.indexes != null && obj.indexes === opts.limits.indexes) {
                                throw new MaxLengthError('Streaming decode error - repeated field "indexes" had too many elements');
                            }
                            yield {
                                field: `${prefix}.indexes[]`,
                                index: obj.indexes,
                                value: reader.uint32()
                            };
                            obj.indexes++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, WorkProofRequest.codec());
    }
    WorkProofRequest.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, WorkProofRequest.codec(), opts);
    }
    WorkProofRequest.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, WorkProofRequest.codec(), opts);
    }
    WorkProofRequest.stream = stream;
})(WorkProofRequest || (WorkProofRequest = {}));
export var PendingRequest;
(function (PendingRequest) {
    let _codec;
    PendingRequest.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.before != null && obj.before !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.before);
                }
                if ((obj.max != null && obj.max !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.max);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    before: 0,
                    max: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.before = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            obj.max = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.before`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.max`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, PendingRequest.codec());
    }
    PendingRequest.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, PendingRequest.codec(), opts);
    }
    PendingRequest.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, PendingRequest.codec(), opts);
    }
    PendingRequest.stream = stream;
})(PendingRequest || (PendingRequest = {}));
export var ReceiptRequest;
(function (ReceiptRequest) {
    let _codec;
    ReceiptRequest.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.pending != null) {
                    obj.prove = undefined;
                    obj.channel = undefined;
                    obj.session = undefined;
                    obj.hash = undefined;
                }
                if (obj.prove != null) {
                    obj.pending = undefined;
                    obj.channel = undefined;
                    obj.session = undefined;
                    obj.hash = undefined;
                }
                if (obj.channel != null) {
                    obj.pending = undefined;
                    obj.prove = undefined;
                    obj.session = undefined;
                    obj.hash = undefined;
                }
                if (obj.session != null) {
                    obj.pending = undefined;
                    obj.prove = undefined;
                    obj.channel = undefined;
                    obj.hash = undefined;
                }
                if (obj.hash != null) {
                    obj.pending = undefined;
                    obj.prove = undefined;
                    obj.channel = undefined;
                    obj.session = undefined;
                }
                if (obj.hash != null) {
                    w.uint32(10);
                    ReceiptByHash.codec().encode(obj.hash, w);
                }
                if (obj.session != null) {
                    w.uint32(18);
                    ReceiptsOfSession.codec().encode(obj.session, w);
                }
                if (obj.channel != null) {
                    w.uint32(26);
                    ReceiptsOfChannel.codec().encode(obj.channel, w);
                }
                if (obj.prove != null) {
                    w.uint32(34);
                    WorkProofRequest.codec().encode(obj.prove, w);
                }
                if (obj.pending != null) {
                    w.uint32(42);
                    PendingRequest.codec().encode(obj.pending, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.hash = ReceiptByHash.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.hash
                            });
                            break;
                        }
                        case 2: {
                            obj.session = ReceiptsOfSession.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.session
                            });
                            break;
                        }
                        case 3: {
                            obj.channel = ReceiptsOfChannel.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.channel
                            });
                            break;
                        }
                        case 4: {
                            obj.prove = WorkProofRequest.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.prove
                            });
                            break;
                        }
                        case 5: {
                            obj.pending = PendingRequest.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.pending
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.pending != null) {
                    delete obj.prove;
                    delete obj.channel;
                    delete obj.session;
                    delete obj.hash;
                }
                if (obj.prove != null) {
                    delete obj.pending;
                    delete obj.channel;
                    delete obj.session;
                    delete obj.hash;
                }
                if (obj.channel != null) {
                    delete obj.pending;
                    delete obj.prove;
                    delete obj.session;
                    delete obj.hash;
                }
                if (obj.session != null) {
                    delete obj.pending;
                    delete obj.prove;
                    delete obj.channel;
                    delete obj.hash;
                }
                if (obj.hash != null) {
                    delete obj.pending;
                    delete obj.prove;
                    delete obj.channel;
                    delete obj.session;
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* ReceiptByHash.codec().stream(reader, reader.uint32(), `${prefix}.hash`, {
                                limits: opts.limits?.hash
                            });
                            break;
                        }
                        case 2: {
                            yield* ReceiptsOfSession.codec().stream(reader, reader.uint32(), `${prefix}.session`, {
                                limits: opts.limits?.session
                            });
                            break;
                        }
                        case 3: {
                            yield* ReceiptsOfChannel.codec().stream(reader, reader.uint32(), `${prefix}.channel`, {
                                limits: opts.limits?.channel
                            });
                            break;
                        }
                        case 4: {
                            yield* WorkProofRequest.codec().stream(reader, reader.uint32(), `${prefix}.prove`, {
                                limits: opts.limits?.prove
                            });
                            break;
                        }
                        case 5: {
                            yield* PendingRequest.codec().stream(reader, reader.uint32(), `${prefix}.pending`, {
                                limits: opts.limits?.pending
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ReceiptRequest.codec());
    }
    ReceiptRequest.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ReceiptRequest.codec(), opts);
    }
    ReceiptRequest.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ReceiptRequest.codec(), opts);
    }
    ReceiptRequest.stream = stream;
})(ReceiptRequest || (ReceiptRequest = {}));
export var ServedReceipt;
(function (ServedReceipt) {
    let _codec;
    ServedReceipt.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.client != null && obj.client.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.client);
                }
                if ((obj.provider != null && obj.provider.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.provider);
                }
                if ((obj.modelId != null && obj.modelId.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.modelId);
                }
                if (obj.receipt != null) {
                    w.uint32(34);
                    ReceiptDraft.codec().encode(obj.receipt, w);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(42);
                    w.bytes(obj.signature);
                }
                if ((obj.index != null && obj.index !== 0)) {
                    w.uint32(48);
                    w.uint32(obj.index);
                }
                if ((obj.cumAfter != null && obj.cumAfter.byteLength > 0)) {
                    w.uint32(58);
                    w.bytes(obj.cumAfter);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    client: uint8ArrayAlloc(0),
                    provider: uint8ArrayAlloc(0),
                    modelId: uint8ArrayAlloc(0),
                    signature: uint8ArrayAlloc(0),
                    index: 0,
                    cumAfter: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.client = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.provider = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.modelId = reader.bytes();
                            break;
                        }
                        case 4: {
                            obj.receipt = ReceiptDraft.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.receipt
                            });
                            break;
                        }
                        case 5: {
                            obj.signature = reader.bytes();
                            break;
                        }
                        case 6: {
                            obj.index = reader.uint32();
                            break;
                        }
                        case 7: {
                            obj.cumAfter = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.client`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.provider`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.modelId`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 4: {
                            yield* ReceiptDraft.codec().stream(reader, reader.uint32(), `${prefix}.receipt`, {
                                limits: opts.limits?.receipt
                            });
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.signature`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.index`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 7: {
                            yield {
                                field: `${prefix}.cumAfter`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ServedReceipt.codec());
    }
    ServedReceipt.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ServedReceipt.codec(), opts);
    }
    ServedReceipt.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ServedReceipt.codec(), opts);
    }
    ServedReceipt.stream = stream;
})(ServedReceipt || (ServedReceipt = {}));
export var ReceiptPage;
(function (ReceiptPage) {
    let _codec;
    ReceiptPage.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.receipts != null && obj.receipts.length > 0) {
                    for (const value of obj.receipts) {
                        w.uint32(10);
                        ServedReceipt.codec().encode(value, w);
                    }
                }
                if ((obj.more != null && obj.more !== false)) {
                    w.uint32(16);
                    w.bool(obj.more);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    receipts: [],
                    more: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.receipts != null && obj.receipts.length === opts.limits.receipts) {
                                throw new MaxLengthError('Decode error - repeated field "receipts" had too many elements');
                            }
                            obj.receipts.push(ServedReceipt.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.receipts$
                            }));
                            break;
                        }
                        case 2: {
                            obj.more = reader.bool();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    receipts: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.receipts != null && obj.receipts === opts.limits.receipts) {
                                throw new MaxLengthError('Streaming decode error - repeated field "receipts" had too many elements');
                            }
                            for (const evt of ServedReceipt.codec().stream(reader, reader.uint32(), `${prefix}.receipts[]`, {
                                limits: opts.limits?.receipts$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.receipts
                                };
                            }
                            obj.receipts++;
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.more`,
                                value: reader.bool()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ReceiptPage.codec());
    }
    ReceiptPage.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ReceiptPage.codec(), opts);
    }
    ReceiptPage.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ReceiptPage.codec(), opts);
    }
    ReceiptPage.stream = stream;
})(ReceiptPage || (ReceiptPage = {}));
export var WorkPath;
(function (WorkPath) {
    let _codec;
    WorkPath.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.siblings != null && obj.siblings.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.siblings);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    siblings: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.siblings = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.siblings`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, WorkPath.codec());
    }
    WorkPath.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, WorkPath.codec(), opts);
    }
    WorkPath.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, WorkPath.codec(), opts);
    }
    WorkPath.stream = stream;
})(WorkPath || (WorkPath = {}));
export var WorkProofs;
(function (WorkProofs) {
    let _codec;
    WorkProofs.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.count != null && obj.count !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.count);
                }
                if (obj.paths != null && obj.paths.length > 0) {
                    for (const value of obj.paths) {
                        w.uint32(18);
                        WorkPath.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    count: 0,
                    paths: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.count = reader.uint32();
                            break;
                        }
                        case 2: {
                            if (opts.limits?.paths != null && obj.paths.length === opts.limits.paths) {
                                throw new MaxLengthError('Decode error - repeated field "paths" had too many elements');
                            }
                            obj.paths.push(WorkPath.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.paths$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    paths: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.count`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            if (opts.limits?.paths != null && obj.paths === opts.limits.paths) {
                                throw new MaxLengthError('Streaming decode error - repeated field "paths" had too many elements');
                            }
                            for (const evt of WorkPath.codec().stream(reader, reader.uint32(), `${prefix}.paths[]`, {
                                limits: opts.limits?.paths$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.paths
                                };
                            }
                            obj.paths++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, WorkProofs.codec());
    }
    WorkProofs.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, WorkProofs.codec(), opts);
    }
    WorkProofs.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, WorkProofs.codec(), opts);
    }
    WorkProofs.stream = stream;
})(WorkProofs || (WorkProofs = {}));
export var PendingVoucher;
(function (PendingVoucher) {
    let _codec;
    PendingVoucher.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.voucher != null) {
                    w.uint32(10);
                    Voucher.codec().encode(obj.voucher, w);
                }
                if ((obj.place != null && obj.place !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.place);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    place: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.voucher = Voucher.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.voucher
                            });
                            break;
                        }
                        case 2: {
                            obj.place = reader.uint64Number();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* Voucher.codec().stream(reader, reader.uint32(), `${prefix}.voucher`, {
                                limits: opts.limits?.voucher
                            });
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.place`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, PendingVoucher.codec());
    }
    PendingVoucher.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, PendingVoucher.codec(), opts);
    }
    PendingVoucher.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, PendingVoucher.codec(), opts);
    }
    PendingVoucher.stream = stream;
})(PendingVoucher || (PendingVoucher = {}));
export var PendingPage;
(function (PendingPage) {
    let _codec;
    PendingPage.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.vouchers != null && obj.vouchers.length > 0) {
                    for (const value of obj.vouchers) {
                        w.uint32(10);
                        PendingVoucher.codec().encode(value, w);
                    }
                }
                if ((obj.more != null && obj.more !== false)) {
                    w.uint32(16);
                    w.bool(obj.more);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    vouchers: [],
                    more: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.vouchers != null && obj.vouchers.length === opts.limits.vouchers) {
                                throw new MaxLengthError('Decode error - repeated field "vouchers" had too many elements');
                            }
                            obj.vouchers.push(PendingVoucher.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.vouchers$
                            }));
                            break;
                        }
                        case 2: {
                            obj.more = reader.bool();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    vouchers: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.vouchers != null && obj.vouchers === opts.limits.vouchers) {
                                throw new MaxLengthError('Streaming decode error - repeated field "vouchers" had too many elements');
                            }
                            for (const evt of PendingVoucher.codec().stream(reader, reader.uint32(), `${prefix}.vouchers[]`, {
                                limits: opts.limits?.vouchers$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.vouchers
                                };
                            }
                            obj.vouchers++;
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.more`,
                                value: reader.bool()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, PendingPage.codec());
    }
    PendingPage.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, PendingPage.codec(), opts);
    }
    PendingPage.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, PendingPage.codec(), opts);
    }
    PendingPage.stream = stream;
})(PendingPage || (PendingPage = {}));
export var ReceiptReply;
(function (ReceiptReply) {
    let _codec;
    ReceiptReply.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.pending != null) {
                    obj.refused = undefined;
                    obj.proofs = undefined;
                    obj.page = undefined;
                }
                if (obj.refused != null) {
                    obj.pending = undefined;
                    obj.proofs = undefined;
                    obj.page = undefined;
                }
                if (obj.proofs != null) {
                    obj.pending = undefined;
                    obj.refused = undefined;
                    obj.page = undefined;
                }
                if (obj.page != null) {
                    obj.pending = undefined;
                    obj.refused = undefined;
                    obj.proofs = undefined;
                }
                if (obj.page != null) {
                    w.uint32(10);
                    ReceiptPage.codec().encode(obj.page, w);
                }
                if (obj.proofs != null) {
                    w.uint32(18);
                    WorkProofs.codec().encode(obj.proofs, w);
                }
                if (obj.refused != null) {
                    w.uint32(26);
                    Refusal.codec().encode(obj.refused, w);
                }
                if (obj.pending != null) {
                    w.uint32(34);
                    PendingPage.codec().encode(obj.pending, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.page = ReceiptPage.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.page
                            });
                            break;
                        }
                        case 2: {
                            obj.proofs = WorkProofs.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.proofs
                            });
                            break;
                        }
                        case 3: {
                            obj.refused = Refusal.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.refused
                            });
                            break;
                        }
                        case 4: {
                            obj.pending = PendingPage.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.pending
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.pending != null) {
                    delete obj.refused;
                    delete obj.proofs;
                    delete obj.page;
                }
                if (obj.refused != null) {
                    delete obj.pending;
                    delete obj.proofs;
                    delete obj.page;
                }
                if (obj.proofs != null) {
                    delete obj.pending;
                    delete obj.refused;
                    delete obj.page;
                }
                if (obj.page != null) {
                    delete obj.pending;
                    delete obj.refused;
                    delete obj.proofs;
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* ReceiptPage.codec().stream(reader, reader.uint32(), `${prefix}.page`, {
                                limits: opts.limits?.page
                            });
                            break;
                        }
                        case 2: {
                            yield* WorkProofs.codec().stream(reader, reader.uint32(), `${prefix}.proofs`, {
                                limits: opts.limits?.proofs
                            });
                            break;
                        }
                        case 3: {
                            yield* Refusal.codec().stream(reader, reader.uint32(), `${prefix}.refused`, {
                                limits: opts.limits?.refused
                            });
                            break;
                        }
                        case 4: {
                            yield* PendingPage.codec().stream(reader, reader.uint32(), `${prefix}.pending`, {
                                limits: opts.limits?.pending
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ReceiptReply.codec());
    }
    ReceiptReply.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ReceiptReply.codec(), opts);
    }
    ReceiptReply.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ReceiptReply.codec(), opts);
    }
    ReceiptReply.stream = stream;
})(ReceiptReply || (ReceiptReply = {}));
