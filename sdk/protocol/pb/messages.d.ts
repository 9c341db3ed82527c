import type { Codec, DecodeOptions } from 'protons-runtime';
import type { Uint8ArrayList } from 'uint8arraylist';
export interface Refusal {
    code: string;
    message: string;
    amount: Uint8Array<ArrayBuffer>;
}
export declare namespace Refusal {
    const codec: () => Codec<Refusal>;
    interface RefusalCodeFieldEvent {
        field: '$.code';
        value: string;
    }
    interface RefusalMessageFieldEvent {
        field: '$.message';
        value: string;
    }
    interface RefusalAmountFieldEvent {
        field: '$.amount';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Refusal>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Refusal>): Refusal;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Refusal>): Generator<RefusalCodeFieldEvent | RefusalMessageFieldEvent | RefusalAmountFieldEvent>;
}
export interface PeerBinding {
    provider: Uint8Array<ArrayBuffer>;
    peer: Uint8Array<ArrayBuffer>;
    x25519: Uint8Array<ArrayBuffer>;
    signer: Uint8Array<ArrayBuffer>;
    validUntil: number;
    signature: Uint8Array<ArrayBuffer>;
}
export declare namespace PeerBinding {
    const codec: () => Codec<PeerBinding>;
    interface PeerBindingProviderFieldEvent {
        field: '$.provider';
        value: Uint8Array<ArrayBuffer>;
    }
    interface PeerBindingPeerFieldEvent {
        field: '$.peer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface PeerBindingX25519FieldEvent {
        field: '$.x25519';
        value: Uint8Array<ArrayBuffer>;
    }
    interface PeerBindingSignerFieldEvent {
        field: '$.signer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface PeerBindingValidUntilFieldEvent {
        field: '$.validUntil';
        value: number;
    }
    interface PeerBindingSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<PeerBinding>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerBinding>): PeerBinding;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerBinding>): Generator<PeerBindingProviderFieldEvent | PeerBindingPeerFieldEvent | PeerBindingX25519FieldEvent | PeerBindingSignerFieldEvent | PeerBindingValidUntilFieldEvent | PeerBindingSignatureFieldEvent>;
}
export interface ModelOffer {
    modelId: Uint8Array<ArrayBuffer>;
    manifestHash: Uint8Array<ArrayBuffer>;
    name: string;
    numerics: Uint8Array<ArrayBuffer>;
    contextMax: number;
    promptWei: Uint8Array<ArrayBuffer>;
    completionWei: Uint8Array<ArrayBuffer>;
    slotsFree: number;
    slotsTotal: number;
    prefillPerSecond: number;
    decodePerSecond: number;
    blockBytes: number;
    payees: Uint8Array<ArrayBuffer>[];
    bps: number[];
}
export declare namespace ModelOffer {
    const codec: () => Codec<ModelOffer>;
    interface ModelOfferModelIdFieldEvent {
        field: '$.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ModelOfferManifestHashFieldEvent {
        field: '$.manifestHash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ModelOfferNameFieldEvent {
        field: '$.name';
        value: string;
    }
    interface ModelOfferNumericsFieldEvent {
        field: '$.numerics';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ModelOfferContextMaxFieldEvent {
        field: '$.contextMax';
        value: number;
    }
    interface ModelOfferPromptWeiFieldEvent {
        field: '$.promptWei';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ModelOfferCompletionWeiFieldEvent {
        field: '$.completionWei';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ModelOfferSlotsFreeFieldEvent {
        field: '$.slotsFree';
        value: number;
    }
    interface ModelOfferSlotsTotalFieldEvent {
        field: '$.slotsTotal';
        value: number;
    }
    interface ModelOfferPrefillPerSecondFieldEvent {
        field: '$.prefillPerSecond';
        value: number;
    }
    interface ModelOfferDecodePerSecondFieldEvent {
        field: '$.decodePerSecond';
        value: number;
    }
    interface ModelOfferBlockBytesFieldEvent {
        field: '$.blockBytes';
        value: number;
    }
    interface ModelOfferPayeesFieldEvent {
        field: '$.payees[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    interface ModelOfferBpsFieldEvent {
        field: '$.bps[]';
        index: number;
        value: number;
    }
    function encode(obj: Partial<ModelOffer>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ModelOffer>): ModelOffer;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ModelOffer>): Generator<ModelOfferModelIdFieldEvent | ModelOfferManifestHashFieldEvent | ModelOfferNameFieldEvent | ModelOfferNumericsFieldEvent | ModelOfferContextMaxFieldEvent | ModelOfferPromptWeiFieldEvent | ModelOfferCompletionWeiFieldEvent | ModelOfferSlotsFreeFieldEvent | ModelOfferSlotsTotalFieldEvent | ModelOfferPrefillPerSecondFieldEvent | ModelOfferDecodePerSecondFieldEvent | ModelOfferBlockBytesFieldEvent | ModelOfferPayeesFieldEvent | ModelOfferBpsFieldEvent>;
}
export interface Offer {
    binding?: PeerBinding;
    seq: number;
    issuedAtMs: number;
    ttlMs: number;
    models: ModelOffer[];
    region: string;
    multiaddrs: string[];
    standbyBytesFree: number;
    draining: boolean;
    version: string;
}
export declare namespace Offer {
    const codec: () => Codec<Offer>;
    interface OfferBindingProviderFieldEvent {
        field: '$.binding.provider';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OfferBindingPeerFieldEvent {
        field: '$.binding.peer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OfferBindingX25519FieldEvent {
        field: '$.binding.x25519';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OfferBindingSignerFieldEvent {
        field: '$.binding.signer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OfferBindingValidUntilFieldEvent {
        field: '$.binding.validUntil';
        value: number;
    }
    interface OfferBindingSignatureFieldEvent {
        field: '$.binding.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OfferSeqFieldEvent {
        field: '$.seq';
        value: number;
    }
    interface OfferIssuedAtMsFieldEvent {
        field: '$.issuedAtMs';
        value: number;
    }
    interface OfferTtlMsFieldEvent {
        field: '$.ttlMs';
        value: number;
    }
    interface OfferModelsModelIdFieldEvent {
        field: '$.models[].modelId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface OfferModelsManifestHashFieldEvent {
        field: '$.models[].manifestHash';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface OfferModelsNameFieldEvent {
        field: '$.models[].name';
        value: string;
        index: number;
    }
    interface OfferModelsNumericsFieldEvent {
        field: '$.models[].numerics';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface OfferModelsContextMaxFieldEvent {
        field: '$.models[].contextMax';
        value: number;
        index: number;
    }
    interface OfferModelsPromptWeiFieldEvent {
        field: '$.models[].promptWei';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface OfferModelsCompletionWeiFieldEvent {
        field: '$.models[].completionWei';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface OfferModelsSlotsFreeFieldEvent {
        field: '$.models[].slotsFree';
        value: number;
        index: number;
    }
    interface OfferModelsSlotsTotalFieldEvent {
        field: '$.models[].slotsTotal';
        value: number;
        index: number;
    }
    interface OfferModelsPrefillPerSecondFieldEvent {
        field: '$.models[].prefillPerSecond';
        value: number;
        index: number;
    }
    interface OfferModelsDecodePerSecondFieldEvent {
        field: '$.models[].decodePerSecond';
        value: number;
        index: number;
    }
    interface OfferModelsBlockBytesFieldEvent {
        field: '$.models[].blockBytes';
        value: number;
        index: number;
    }
    interface OfferModelsPayeesFieldEvent {
        field: '$.models[].payees[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    interface OfferModelsBpsFieldEvent {
        field: '$.models[].bps[]';
        index: number;
        value: number;
    }
    interface OfferRegionFieldEvent {
        field: '$.region';
        value: string;
    }
    interface OfferMultiaddrsFieldEvent {
        field: '$.multiaddrs[]';
        index: number;
        value: string;
    }
    interface OfferStandbyBytesFreeFieldEvent {
        field: '$.standbyBytesFree';
        value: number;
    }
    interface OfferDrainingFieldEvent {
        field: '$.draining';
        value: boolean;
    }
    interface OfferVersionFieldEvent {
        field: '$.version';
        value: string;
    }
    function encode(obj: Partial<Offer>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Offer>): Offer;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Offer>): Generator<OfferBindingProviderFieldEvent | OfferBindingPeerFieldEvent | OfferBindingX25519FieldEvent | OfferBindingSignerFieldEvent | OfferBindingValidUntilFieldEvent | OfferBindingSignatureFieldEvent | OfferSeqFieldEvent | OfferIssuedAtMsFieldEvent | OfferTtlMsFieldEvent | OfferModelsModelIdFieldEvent | OfferModelsManifestHashFieldEvent | OfferModelsNameFieldEvent | OfferModelsNumericsFieldEvent | OfferModelsContextMaxFieldEvent | OfferModelsPromptWeiFieldEvent | OfferModelsCompletionWeiFieldEvent | OfferModelsSlotsFreeFieldEvent | OfferModelsSlotsTotalFieldEvent | OfferModelsPrefillPerSecondFieldEvent | OfferModelsDecodePerSecondFieldEvent | OfferModelsBlockBytesFieldEvent | OfferModelsPayeesFieldEvent | OfferModelsBpsFieldEvent | OfferRegionFieldEvent | OfferMultiaddrsFieldEvent | OfferStandbyBytesFreeFieldEvent | OfferDrainingFieldEvent | OfferVersionFieldEvent>;
}
export interface SignedOffer {
    body: Uint8Array<ArrayBuffer>;
    signature: Uint8Array<ArrayBuffer>;
}
export declare namespace SignedOffer {
    const codec: () => Codec<SignedOffer>;
    interface SignedOfferBodyFieldEvent {
        field: '$.body';
        value: Uint8Array<ArrayBuffer>;
    }
    interface SignedOfferSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<SignedOffer>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedOffer>): SignedOffer;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedOffer>): Generator<SignedOfferBodyFieldEvent | SignedOfferSignatureFieldEvent>;
}
export interface OfferRequest {
    modelId: Uint8Array<ArrayBuffer>;
    max: number;
}
export declare namespace OfferRequest {
    const codec: () => Codec<OfferRequest>;
    interface OfferRequestModelIdFieldEvent {
        field: '$.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OfferRequestMaxFieldEvent {
        field: '$.max';
        value: number;
    }
    function encode(obj: Partial<OfferRequest>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OfferRequest>): OfferRequest;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OfferRequest>): Generator<OfferRequestModelIdFieldEvent | OfferRequestMaxFieldEvent>;
}
export interface OfferResponse {
    offers: SignedOffer[];
}
export declare namespace OfferResponse {
    const codec: () => Codec<OfferResponse>;
    interface OfferResponseOffersBodyFieldEvent {
        field: '$.offers[].body';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface OfferResponseOffersSignatureFieldEvent {
        field: '$.offers[].signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    function encode(obj: Partial<OfferResponse>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OfferResponse>): OfferResponse;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OfferResponse>): Generator<OfferResponseOffersBodyFieldEvent | OfferResponseOffersSignatureFieldEvent>;
}
export interface LegOpen {
    sessionId: Uint8Array<ArrayBuffer>;
    leg: number;
    client: Uint8Array<ArrayBuffer>;
    clientPeer: Uint8Array<ArrayBuffer>;
    provider: Uint8Array<ArrayBuffer>;
    providerPeer: Uint8Array<ArrayBuffer>;
    modelId: Uint8Array<ArrayBuffer>;
    promptWei: Uint8Array<ArrayBuffer>;
    completionWei: Uint8Array<ArrayBuffer>;
    from: number;
    maxTo: number;
    requestHash: Uint8Array<ArrayBuffer>;
    prevEnd: number;
    prevHead: Uint8Array<ArrayBuffer>;
    deadline: number;
}
export declare namespace LegOpen {
    const codec: () => Codec<LegOpen>;
    interface LegOpenSessionIdFieldEvent {
        field: '$.sessionId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface LegOpenLegFieldEvent {
        field: '$.leg';
        value: number;
    }
    interface LegOpenClientFieldEvent {
        field: '$.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface LegOpenClientPeerFieldEvent {
        field: '$.clientPeer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface LegOpenProviderFieldEvent {
        field: '$.provider';
        value: Uint8Array<ArrayBuffer>;
    }
    interface LegOpenProviderPeerFieldEvent {
        field: '$.providerPeer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface LegOpenModelIdFieldEvent {
        field: '$.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface LegOpenPromptWeiFieldEvent {
        field: '$.promptWei';
        value: Uint8Array<ArrayBuffer>;
    }
    interface LegOpenCompletionWeiFieldEvent {
        field: '$.completionWei';
        value: Uint8Array<ArrayBuffer>;
    }
    interface LegOpenFromFieldEvent {
        field: '$.from';
        value: number;
    }
    interface LegOpenMaxToFieldEvent {
        field: '$.maxTo';
        value: number;
    }
    interface LegOpenRequestHashFieldEvent {
        field: '$.requestHash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface LegOpenPrevEndFieldEvent {
        field: '$.prevEnd';
        value: number;
    }
    interface LegOpenPrevHeadFieldEvent {
        field: '$.prevHead';
        value: Uint8Array<ArrayBuffer>;
    }
    interface LegOpenDeadlineFieldEvent {
        field: '$.deadline';
        value: number;
    }
    function encode(obj: Partial<LegOpen>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LegOpen>): LegOpen;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LegOpen>): Generator<LegOpenSessionIdFieldEvent | LegOpenLegFieldEvent | LegOpenClientFieldEvent | LegOpenClientPeerFieldEvent | LegOpenProviderFieldEvent | LegOpenProviderPeerFieldEvent | LegOpenModelIdFieldEvent | LegOpenPromptWeiFieldEvent | LegOpenCompletionWeiFieldEvent | LegOpenFromFieldEvent | LegOpenMaxToFieldEvent | LegOpenRequestHashFieldEvent | LegOpenPrevEndFieldEvent | LegOpenPrevHeadFieldEvent | LegOpenDeadlineFieldEvent>;
}
export interface LogitBias {
    id: number;
    bias: number;
}
export declare namespace LogitBias {
    const codec: () => Codec<LogitBias>;
    interface LogitBiasIdFieldEvent {
        field: '$.id';
        value: number;
    }
    interface LogitBiasBiasFieldEvent {
        field: '$.bias';
        value: number;
    }
    function encode(obj: Partial<LogitBias>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LogitBias>): LogitBias;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LogitBias>): Generator<LogitBiasIdFieldEvent | LogitBiasBiasFieldEvent>;
}
export interface Grammar {
    kind: number;
    source: string;
}
export declare namespace Grammar {
    const codec: () => Codec<Grammar>;
    interface GrammarKindFieldEvent {
        field: '$.kind';
        value: number;
    }
    interface GrammarSourceFieldEvent {
        field: '$.source';
        value: string;
    }
    function encode(obj: Partial<Grammar>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Grammar>): Grammar;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Grammar>): Generator<GrammarKindFieldEvent | GrammarSourceFieldEvent>;
}
export interface Sampling {
    temperature: number;
    topP: number;
    topK: number;
    minP: number;
    repetitionPenalty: number;
    frequencyPenalty: number;
    presencePenalty: number;
    logitBias: LogitBias[];
    seed: bigint;
    logprobs: number;
    stopIds: number[];
    completionFrom: number;
    grammar?: Grammar;
}
export declare namespace Sampling {
    const codec: () => Codec<Sampling>;
    interface SamplingTemperatureFieldEvent {
        field: '$.temperature';
        value: number;
    }
    interface SamplingTopPFieldEvent {
        field: '$.topP';
        value: number;
    }
    interface SamplingTopKFieldEvent {
        field: '$.topK';
        value: number;
    }
    interface SamplingMinPFieldEvent {
        field: '$.minP';
        value: number;
    }
    interface SamplingRepetitionPenaltyFieldEvent {
        field: '$.repetitionPenalty';
        value: number;
    }
    interface SamplingFrequencyPenaltyFieldEvent {
        field: '$.frequencyPenalty';
        value: number;
    }
    interface SamplingPresencePenaltyFieldEvent {
        field: '$.presencePenalty';
        value: number;
    }
    interface SamplingLogitBiasIdFieldEvent {
        field: '$.logitBias[].id';
        value: number;
        index: number;
    }
    interface SamplingLogitBiasBiasFieldEvent {
        field: '$.logitBias[].bias';
        value: number;
        index: number;
    }
    interface SamplingSeedFieldEvent {
        field: '$.seed';
        value: bigint;
    }
    interface SamplingLogprobsFieldEvent {
        field: '$.logprobs';
        value: number;
    }
    interface SamplingStopIdsFieldEvent {
        field: '$.stopIds[]';
        index: number;
        value: number;
    }
    interface SamplingCompletionFromFieldEvent {
        field: '$.completionFrom';
        value: number;
    }
    interface SamplingGrammarKindFieldEvent {
        field: '$.grammar.kind';
        value: number;
    }
    interface SamplingGrammarSourceFieldEvent {
        field: '$.grammar.source';
        value: string;
    }
    function encode(obj: Partial<Sampling>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Sampling>): Sampling;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Sampling>): Generator<SamplingTemperatureFieldEvent | SamplingTopPFieldEvent | SamplingTopKFieldEvent | SamplingMinPFieldEvent | SamplingRepetitionPenaltyFieldEvent | SamplingFrequencyPenaltyFieldEvent | SamplingPresencePenaltyFieldEvent | SamplingLogitBiasIdFieldEvent | SamplingLogitBiasBiasFieldEvent | SamplingSeedFieldEvent | SamplingLogprobsFieldEvent | SamplingStopIdsFieldEvent | SamplingCompletionFromFieldEvent | SamplingGrammarKindFieldEvent | SamplingGrammarSourceFieldEvent>;
}
export interface Sealed {
    enc: Uint8Array<ArrayBuffer>;
    ciphertext: Uint8Array<ArrayBuffer>;
}
export declare namespace Sealed {
    const codec: () => Codec<Sealed>;
    interface SealedEncFieldEvent {
        field: '$.enc';
        value: Uint8Array<ArrayBuffer>;
    }
    interface SealedCiphertextFieldEvent {
        field: '$.ciphertext';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Sealed>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Sealed>): Sealed;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Sealed>): Generator<SealedEncFieldEvent | SealedCiphertextFieldEvent>;
}
export interface EpochKeyEntry {
    leg: number;
    generation: number;
    key: Uint8Array<ArrayBuffer>;
}
export declare namespace EpochKeyEntry {
    const codec: () => Codec<EpochKeyEntry>;
    interface EpochKeyEntryLegFieldEvent {
        field: '$.leg';
        value: number;
    }
    interface EpochKeyEntryGenerationFieldEvent {
        field: '$.generation';
        value: number;
    }
    interface EpochKeyEntryKeyFieldEvent {
        field: '$.key';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<EpochKeyEntry>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EpochKeyEntry>): EpochKeyEntry;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EpochKeyEntry>): Generator<EpochKeyEntryLegFieldEvent | EpochKeyEntryGenerationFieldEvent | EpochKeyEntryKeyFieldEvent>;
}
export interface LegSecret {
    write?: EpochKeyEntry;
    read: EpochKeyEntry[];
    auditSalt: Uint8Array<ArrayBuffer>;
}
export declare namespace LegSecret {
    const codec: () => Codec<LegSecret>;
    interface LegSecretWriteLegFieldEvent {
        field: '$.write.leg';
        value: number;
    }
    interface LegSecretWriteGenerationFieldEvent {
        field: '$.write.generation';
        value: number;
    }
    interface LegSecretWriteKeyFieldEvent {
        field: '$.write.key';
        value: Uint8Array<ArrayBuffer>;
    }
    interface LegSecretReadLegFieldEvent {
        field: '$.read[].leg';
        value: number;
        index: number;
    }
    interface LegSecretReadGenerationFieldEvent {
        field: '$.read[].generation';
        value: number;
        index: number;
    }
    interface LegSecretReadKeyFieldEvent {
        field: '$.read[].key';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface LegSecretAuditSaltFieldEvent {
        field: '$.auditSalt';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<LegSecret>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LegSecret>): LegSecret;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LegSecret>): Generator<LegSecretWriteLegFieldEvent | LegSecretWriteGenerationFieldEvent | LegSecretWriteKeyFieldEvent | LegSecretReadLegFieldEvent | LegSecretReadGenerationFieldEvent | LegSecretReadKeyFieldEvent | LegSecretAuditSaltFieldEvent>;
}
export interface SuccessorRef {
    grantId: Uint8Array<ArrayBuffer>;
    peer: Uint8Array<ArrayBuffer>;
    multiaddrs: string[];
}
export declare namespace SuccessorRef {
    const codec: () => Codec<SuccessorRef>;
    interface SuccessorRefGrantIdFieldEvent {
        field: '$.grantId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface SuccessorRefPeerFieldEvent {
        field: '$.peer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface SuccessorRefMultiaddrsFieldEvent {
        field: '$.multiaddrs[]';
        index: number;
        value: string;
    }
    function encode(obj: Partial<SuccessorRef>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SuccessorRef>): SuccessorRef;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SuccessorRef>): Generator<SuccessorRefGrantIdFieldEvent | SuccessorRefPeerFieldEvent | SuccessorRefMultiaddrsFieldEvent>;
}
export interface Open {
    leg?: LegOpen;
    signature: Uint8Array<ArrayBuffer>;
    secret?: Sealed;
    ids: Uint8Array<ArrayBuffer>;
    sampling?: Sampling;
    successors: SuccessorRef[];
    grantId: Uint8Array<ArrayBuffer>;
    kvHead: Uint8Array<ArrayBuffer>;
    exactTail: boolean;
    replica: Uint8Array<ArrayBuffer>;
    parkKey: Uint8Array<ArrayBuffer>;
}
export declare namespace Open {
    const codec: () => Codec<Open>;
    interface OpenLegSessionIdFieldEvent {
        field: '$.leg.sessionId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenLegLegFieldEvent {
        field: '$.leg.leg';
        value: number;
    }
    interface OpenLegClientFieldEvent {
        field: '$.leg.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenLegClientPeerFieldEvent {
        field: '$.leg.clientPeer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenLegProviderFieldEvent {
        field: '$.leg.provider';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenLegProviderPeerFieldEvent {
        field: '$.leg.providerPeer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenLegModelIdFieldEvent {
        field: '$.leg.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenLegPromptWeiFieldEvent {
        field: '$.leg.promptWei';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenLegCompletionWeiFieldEvent {
        field: '$.leg.completionWei';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenLegFromFieldEvent {
        field: '$.leg.from';
        value: number;
    }
    interface OpenLegMaxToFieldEvent {
        field: '$.leg.maxTo';
        value: number;
    }
    interface OpenLegRequestHashFieldEvent {
        field: '$.leg.requestHash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenLegPrevEndFieldEvent {
        field: '$.leg.prevEnd';
        value: number;
    }
    interface OpenLegPrevHeadFieldEvent {
        field: '$.leg.prevHead';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenLegDeadlineFieldEvent {
        field: '$.leg.deadline';
        value: number;
    }
    interface OpenSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenSecretEncFieldEvent {
        field: '$.secret.enc';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenSecretCiphertextFieldEvent {
        field: '$.secret.ciphertext';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenIdsFieldEvent {
        field: '$.ids';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenSamplingTemperatureFieldEvent {
        field: '$.sampling.temperature';
        value: number;
    }
    interface OpenSamplingTopPFieldEvent {
        field: '$.sampling.topP';
        value: number;
    }
    interface OpenSamplingTopKFieldEvent {
        field: '$.sampling.topK';
        value: number;
    }
    interface OpenSamplingMinPFieldEvent {
        field: '$.sampling.minP';
        value: number;
    }
    interface OpenSamplingRepetitionPenaltyFieldEvent {
        field: '$.sampling.repetitionPenalty';
        value: number;
    }
    interface OpenSamplingFrequencyPenaltyFieldEvent {
        field: '$.sampling.frequencyPenalty';
        value: number;
    }
    interface OpenSamplingPresencePenaltyFieldEvent {
        field: '$.sampling.presencePenalty';
        value: number;
    }
    interface OpenSamplingLogitBiasIdFieldEvent {
        field: '$.sampling.logitBias[].id';
        value: number;
        index: number;
    }
    interface OpenSamplingLogitBiasBiasFieldEvent {
        field: '$.sampling.logitBias[].bias';
        value: number;
        index: number;
    }
    interface OpenSamplingSeedFieldEvent {
        field: '$.sampling.seed';
        value: bigint;
    }
    interface OpenSamplingLogprobsFieldEvent {
        field: '$.sampling.logprobs';
        value: number;
    }
    interface OpenSamplingStopIdsFieldEvent {
        field: '$.sampling.stopIds[]';
        index: number;
        value: number;
    }
    interface OpenSamplingCompletionFromFieldEvent {
        field: '$.sampling.completionFrom';
        value: number;
    }
    interface OpenSamplingGrammarKindFieldEvent {
        field: '$.sampling.grammar.kind';
        value: number;
    }
    interface OpenSamplingGrammarSourceFieldEvent {
        field: '$.sampling.grammar.source';
        value: string;
    }
    interface OpenSuccessorsGrantIdFieldEvent {
        field: '$.successors[].grantId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface OpenSuccessorsPeerFieldEvent {
        field: '$.successors[].peer';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface OpenSuccessorsMultiaddrsFieldEvent {
        field: '$.successors[].multiaddrs[]';
        index: number;
        value: string;
    }
    interface OpenGrantIdFieldEvent {
        field: '$.grantId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenKvHeadFieldEvent {
        field: '$.kvHead';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenExactTailFieldEvent {
        field: '$.exactTail';
        value: boolean;
    }
    interface OpenReplicaFieldEvent {
        field: '$.replica';
        value: Uint8Array<ArrayBuffer>;
    }
    interface OpenParkKeyFieldEvent {
        field: '$.parkKey';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Open>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Open>): Open;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Open>): Generator<OpenLegSessionIdFieldEvent | OpenLegLegFieldEvent | OpenLegClientFieldEvent | OpenLegClientPeerFieldEvent | OpenLegProviderFieldEvent | OpenLegProviderPeerFieldEvent | OpenLegModelIdFieldEvent | OpenLegPromptWeiFieldEvent | OpenLegCompletionWeiFieldEvent | OpenLegFromFieldEvent | OpenLegMaxToFieldEvent | OpenLegRequestHashFieldEvent | OpenLegPrevEndFieldEvent | OpenLegPrevHeadFieldEvent | OpenLegDeadlineFieldEvent | OpenSignatureFieldEvent | OpenSecretEncFieldEvent | OpenSecretCiphertextFieldEvent | OpenIdsFieldEvent | OpenSamplingTemperatureFieldEvent | OpenSamplingTopPFieldEvent | OpenSamplingTopKFieldEvent | OpenSamplingMinPFieldEvent | OpenSamplingRepetitionPenaltyFieldEvent | OpenSamplingFrequencyPenaltyFieldEvent | OpenSamplingPresencePenaltyFieldEvent | OpenSamplingLogitBiasIdFieldEvent | OpenSamplingLogitBiasBiasFieldEvent | OpenSamplingSeedFieldEvent | OpenSamplingLogprobsFieldEvent | OpenSamplingStopIdsFieldEvent | OpenSamplingCompletionFromFieldEvent | OpenSamplingGrammarKindFieldEvent | OpenSamplingGrammarSourceFieldEvent | OpenSuccessorsGrantIdFieldEvent | OpenSuccessorsPeerFieldEvent | OpenSuccessorsMultiaddrsFieldEvent | OpenGrantIdFieldEvent | OpenKvHeadFieldEvent | OpenExactTailFieldEvent | OpenReplicaFieldEvent | OpenParkKeyFieldEvent>;
}
export interface Cancel {
    reason: number;
    to: number;
}
export declare namespace Cancel {
    const codec: () => Codec<Cancel>;
    interface CancelReasonFieldEvent {
        field: '$.reason';
        value: number;
    }
    interface CancelToFieldEvent {
        field: '$.to';
        value: number;
    }
    function encode(obj: Partial<Cancel>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Cancel>): Cancel;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Cancel>): Generator<CancelReasonFieldEvent | CancelToFieldEvent>;
}
export interface Successors {
    successors: SuccessorRef[];
}
export declare namespace Successors {
    const codec: () => Codec<Successors>;
    interface SuccessorsSuccessorsGrantIdFieldEvent {
        field: '$.successors[].grantId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface SuccessorsSuccessorsPeerFieldEvent {
        field: '$.successors[].peer';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface SuccessorsSuccessorsMultiaddrsFieldEvent {
        field: '$.successors[].multiaddrs[]';
        index: number;
        value: string;
    }
    function encode(obj: Partial<Successors>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Successors>): Successors;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Successors>): Generator<SuccessorsSuccessorsGrantIdFieldEvent | SuccessorsSuccessorsPeerFieldEvent | SuccessorsSuccessorsMultiaddrsFieldEvent>;
}
export interface EpochKeyUpdate {
    secret?: Sealed;
}
export declare namespace EpochKeyUpdate {
    const codec: () => Codec<EpochKeyUpdate>;
    interface EpochKeyUpdateSecretEncFieldEvent {
        field: '$.secret.enc';
        value: Uint8Array<ArrayBuffer>;
    }
    interface EpochKeyUpdateSecretCiphertextFieldEvent {
        field: '$.secret.ciphertext';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<EpochKeyUpdate>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EpochKeyUpdate>): EpochKeyUpdate;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EpochKeyUpdate>): Generator<EpochKeyUpdateSecretEncFieldEvent | EpochKeyUpdateSecretCiphertextFieldEvent>;
}
export interface ClientFrame {
    open?: Open;
    cancel?: Cancel;
    successors?: Successors;
    epochKey?: EpochKeyUpdate;
}
export declare namespace ClientFrame {
    const codec: () => Codec<ClientFrame>;
    interface ClientFrameOpenLegSessionIdFieldEvent {
        field: '$.open.leg.sessionId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenLegLegFieldEvent {
        field: '$.open.leg.leg';
        value: number;
    }
    interface ClientFrameOpenLegClientFieldEvent {
        field: '$.open.leg.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenLegClientPeerFieldEvent {
        field: '$.open.leg.clientPeer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenLegProviderFieldEvent {
        field: '$.open.leg.provider';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenLegProviderPeerFieldEvent {
        field: '$.open.leg.providerPeer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenLegModelIdFieldEvent {
        field: '$.open.leg.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenLegPromptWeiFieldEvent {
        field: '$.open.leg.promptWei';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenLegCompletionWeiFieldEvent {
        field: '$.open.leg.completionWei';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenLegFromFieldEvent {
        field: '$.open.leg.from';
        value: number;
    }
    interface ClientFrameOpenLegMaxToFieldEvent {
        field: '$.open.leg.maxTo';
        value: number;
    }
    interface ClientFrameOpenLegRequestHashFieldEvent {
        field: '$.open.leg.requestHash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenLegPrevEndFieldEvent {
        field: '$.open.leg.prevEnd';
        value: number;
    }
    interface ClientFrameOpenLegPrevHeadFieldEvent {
        field: '$.open.leg.prevHead';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenLegDeadlineFieldEvent {
        field: '$.open.leg.deadline';
        value: number;
    }
    interface ClientFrameOpenSignatureFieldEvent {
        field: '$.open.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenSecretEncFieldEvent {
        field: '$.open.secret.enc';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenSecretCiphertextFieldEvent {
        field: '$.open.secret.ciphertext';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenIdsFieldEvent {
        field: '$.open.ids';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenSamplingTemperatureFieldEvent {
        field: '$.open.sampling.temperature';
        value: number;
    }
    interface ClientFrameOpenSamplingTopPFieldEvent {
        field: '$.open.sampling.topP';
        value: number;
    }
    interface ClientFrameOpenSamplingTopKFieldEvent {
        field: '$.open.sampling.topK';
        value: number;
    }
    interface ClientFrameOpenSamplingMinPFieldEvent {
        field: '$.open.sampling.minP';
        value: number;
    }
    interface ClientFrameOpenSamplingRepetitionPenaltyFieldEvent {
        field: '$.open.sampling.repetitionPenalty';
        value: number;
    }
    interface ClientFrameOpenSamplingFrequencyPenaltyFieldEvent {
        field: '$.open.sampling.frequencyPenalty';
        value: number;
    }
    interface ClientFrameOpenSamplingPresencePenaltyFieldEvent {
        field: '$.open.sampling.presencePenalty';
        value: number;
    }
    interface ClientFrameOpenSamplingLogitBiasIdFieldEvent {
        field: '$.open.sampling.logitBias[].id';
        value: number;
        index: number;
    }
    interface ClientFrameOpenSamplingLogitBiasBiasFieldEvent {
        field: '$.open.sampling.logitBias[].bias';
        value: number;
        index: number;
    }
    interface ClientFrameOpenSamplingSeedFieldEvent {
        field: '$.open.sampling.seed';
        value: bigint;
    }
    interface ClientFrameOpenSamplingLogprobsFieldEvent {
        field: '$.open.sampling.logprobs';
        value: number;
    }
    interface ClientFrameOpenSamplingStopIdsFieldEvent {
        field: '$.open.sampling.stopIds[]';
        index: number;
        value: number;
    }
    interface ClientFrameOpenSamplingCompletionFromFieldEvent {
        field: '$.open.sampling.completionFrom';
        value: number;
    }
    interface ClientFrameOpenSamplingGrammarKindFieldEvent {
        field: '$.open.sampling.grammar.kind';
        value: number;
    }
    interface ClientFrameOpenSamplingGrammarSourceFieldEvent {
        field: '$.open.sampling.grammar.source';
        value: string;
    }
    interface ClientFrameOpenSuccessorsGrantIdFieldEvent {
        field: '$.open.successors[].grantId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ClientFrameOpenSuccessorsPeerFieldEvent {
        field: '$.open.successors[].peer';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ClientFrameOpenSuccessorsMultiaddrsFieldEvent {
        field: '$.open.successors[].multiaddrs[]';
        index: number;
        value: string;
    }
    interface ClientFrameOpenGrantIdFieldEvent {
        field: '$.open.grantId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenKvHeadFieldEvent {
        field: '$.open.kvHead';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenExactTailFieldEvent {
        field: '$.open.exactTail';
        value: boolean;
    }
    interface ClientFrameOpenReplicaFieldEvent {
        field: '$.open.replica';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameOpenParkKeyFieldEvent {
        field: '$.open.parkKey';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameCancelReasonFieldEvent {
        field: '$.cancel.reason';
        value: number;
    }
    interface ClientFrameCancelToFieldEvent {
        field: '$.cancel.to';
        value: number;
    }
    interface ClientFrameSuccessorsSuccessorsGrantIdFieldEvent {
        field: '$.successors.successors[].grantId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ClientFrameSuccessorsSuccessorsPeerFieldEvent {
        field: '$.successors.successors[].peer';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ClientFrameSuccessorsSuccessorsMultiaddrsFieldEvent {
        field: '$.successors.successors[].multiaddrs[]';
        index: number;
        value: string;
    }
    interface ClientFrameEpochKeySecretEncFieldEvent {
        field: '$.epochKey.secret.enc';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ClientFrameEpochKeySecretCiphertextFieldEvent {
        field: '$.epochKey.secret.ciphertext';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<ClientFrame>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ClientFrame>): ClientFrame;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ClientFrame>): Generator<ClientFrameOpenLegSessionIdFieldEvent | ClientFrameOpenLegLegFieldEvent | ClientFrameOpenLegClientFieldEvent | ClientFrameOpenLegClientPeerFieldEvent | ClientFrameOpenLegProviderFieldEvent | ClientFrameOpenLegProviderPeerFieldEvent | ClientFrameOpenLegModelIdFieldEvent | ClientFrameOpenLegPromptWeiFieldEvent | ClientFrameOpenLegCompletionWeiFieldEvent | ClientFrameOpenLegFromFieldEvent | ClientFrameOpenLegMaxToFieldEvent | ClientFrameOpenLegRequestHashFieldEvent | ClientFrameOpenLegPrevEndFieldEvent | ClientFrameOpenLegPrevHeadFieldEvent | ClientFrameOpenLegDeadlineFieldEvent | ClientFrameOpenSignatureFieldEvent | ClientFrameOpenSecretEncFieldEvent | ClientFrameOpenSecretCiphertextFieldEvent | ClientFrameOpenIdsFieldEvent | ClientFrameOpenSamplingTemperatureFieldEvent | ClientFrameOpenSamplingTopPFieldEvent | ClientFrameOpenSamplingTopKFieldEvent | ClientFrameOpenSamplingMinPFieldEvent | ClientFrameOpenSamplingRepetitionPenaltyFieldEvent | ClientFrameOpenSamplingFrequencyPenaltyFieldEvent | ClientFrameOpenSamplingPresencePenaltyFieldEvent | ClientFrameOpenSamplingLogitBiasIdFieldEvent | ClientFrameOpenSamplingLogitBiasBiasFieldEvent | ClientFrameOpenSamplingSeedFieldEvent | ClientFrameOpenSamplingLogprobsFieldEvent | ClientFrameOpenSamplingStopIdsFieldEvent | ClientFrameOpenSamplingCompletionFromFieldEvent | ClientFrameOpenSamplingGrammarKindFieldEvent | ClientFrameOpenSamplingGrammarSourceFieldEvent | ClientFrameOpenSuccessorsGrantIdFieldEvent | ClientFrameOpenSuccessorsPeerFieldEvent | ClientFrameOpenSuccessorsMultiaddrsFieldEvent | ClientFrameOpenGrantIdFieldEvent | ClientFrameOpenKvHeadFieldEvent | ClientFrameOpenExactTailFieldEvent | ClientFrameOpenReplicaFieldEvent | ClientFrameOpenParkKeyFieldEvent | ClientFrameCancelReasonFieldEvent | ClientFrameCancelToFieldEvent | ClientFrameSuccessorsSuccessorsGrantIdFieldEvent | ClientFrameSuccessorsSuccessorsPeerFieldEvent | ClientFrameSuccessorsSuccessorsMultiaddrsFieldEvent | ClientFrameEpochKeySecretEncFieldEvent | ClientFrameEpochKeySecretCiphertextFieldEvent>;
}
export interface Opened {
    credit: number;
}
export declare namespace Opened {
    const codec: () => Codec<Opened>;
    interface OpenedCreditFieldEvent {
        field: '$.credit';
        value: number;
    }
    function encode(obj: Partial<Opened>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Opened>): Opened;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Opened>): Generator<OpenedCreditFieldEvent>;
}
export interface Resume {
    tier: string;
    kept: number;
    recomputed: number;
}
export declare namespace Resume {
    const codec: () => Codec<Resume>;
    interface ResumeTierFieldEvent {
        field: '$.tier';
        value: string;
    }
    interface ResumeKeptFieldEvent {
        field: '$.kept';
        value: number;
    }
    interface ResumeRecomputedFieldEvent {
        field: '$.recomputed';
        value: number;
    }
    function encode(obj: Partial<Resume>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Resume>): Resume;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Resume>): Generator<ResumeTierFieldEvent | ResumeKeptFieldEvent | ResumeRecomputedFieldEvent>;
}
export interface KvMark {
    blocks: number;
    head: Uint8Array<ArrayBuffer>;
}
export declare namespace KvMark {
    const codec: () => Codec<KvMark>;
    interface KvMarkBlocksFieldEvent {
        field: '$.blocks';
        value: number;
    }
    interface KvMarkHeadFieldEvent {
        field: '$.head';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<KvMark>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvMark>): KvMark;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvMark>): Generator<KvMarkBlocksFieldEvent | KvMarkHeadFieldEvent>;
}
export interface TopLogprob {
    id: number;
    logprob: number;
}
export declare namespace TopLogprob {
    const codec: () => Codec<TopLogprob>;
    interface TopLogprobIdFieldEvent {
        field: '$.id';
        value: number;
    }
    interface TopLogprobLogprobFieldEvent {
        field: '$.logprob';
        value: number;
    }
    function encode(obj: Partial<TopLogprob>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TopLogprob>): TopLogprob;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TopLogprob>): Generator<TopLogprobIdFieldEvent | TopLogprobLogprobFieldEvent>;
}
export interface TokenLogprob {
    logprob: number;
    top: TopLogprob[];
}
export declare namespace TokenLogprob {
    const codec: () => Codec<TokenLogprob>;
    interface TokenLogprobLogprobFieldEvent {
        field: '$.logprob';
        value: number;
    }
    interface TokenLogprobTopIdFieldEvent {
        field: '$.top[].id';
        value: number;
        index: number;
    }
    interface TokenLogprobTopLogprobFieldEvent {
        field: '$.top[].logprob';
        value: number;
        index: number;
    }
    function encode(obj: Partial<TokenLogprob>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TokenLogprob>): TokenLogprob;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TokenLogprob>): Generator<TokenLogprobLogprobFieldEvent | TokenLogprobTopIdFieldEvent | TokenLogprobTopLogprobFieldEvent>;
}
export interface Tokens {
    from: number;
    ids: number[];
    logprobs: TokenLogprob[];
    mark?: KvMark;
    resume?: Resume;
    prints?: Uint8Array<ArrayBuffer>;
}
export declare namespace Tokens {
    const codec: () => Codec<Tokens>;
    interface TokensFromFieldEvent {
        field: '$.from';
        value: number;
    }
    interface TokensIdsFieldEvent {
        field: '$.ids[]';
        index: number;
        value: number;
    }
    interface TokensLogprobsLogprobFieldEvent {
        field: '$.logprobs[].logprob';
        value: number;
        index: number;
    }
    interface TokensLogprobsTopIdFieldEvent {
        field: '$.logprobs[].top[].id';
        value: number;
        index: number;
    }
    interface TokensLogprobsTopLogprobFieldEvent {
        field: '$.logprobs[].top[].logprob';
        value: number;
        index: number;
    }
    interface TokensMarkBlocksFieldEvent {
        field: '$.mark.blocks';
        value: number;
    }
    interface TokensMarkHeadFieldEvent {
        field: '$.mark.head';
        value: Uint8Array<ArrayBuffer>;
    }
    interface TokensResumeTierFieldEvent {
        field: '$.resume.tier';
        value: string;
    }
    interface TokensResumeKeptFieldEvent {
        field: '$.resume.kept';
        value: number;
    }
    interface TokensResumeRecomputedFieldEvent {
        field: '$.resume.recomputed';
        value: number;
    }
    interface TokensPrintsFieldEvent {
        field: '$.prints';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Tokens>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Tokens>): Tokens;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Tokens>): Generator<TokensFromFieldEvent | TokensIdsFieldEvent | TokensLogprobsLogprobFieldEvent | TokensLogprobsTopIdFieldEvent | TokensLogprobsTopLogprobFieldEvent | TokensMarkBlocksFieldEvent | TokensMarkHeadFieldEvent | TokensResumeTierFieldEvent | TokensResumeKeptFieldEvent | TokensResumeRecomputedFieldEvent | TokensPrintsFieldEvent>;
}
export interface Progress {
    done: number;
    total: number;
}
export declare namespace Progress {
    const codec: () => Codec<Progress>;
    interface ProgressDoneFieldEvent {
        field: '$.done';
        value: number;
    }
    interface ProgressTotalFieldEvent {
        field: '$.total';
        value: number;
    }
    function encode(obj: Partial<Progress>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Progress>): Progress;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Progress>): Generator<ProgressDoneFieldEvent | ProgressTotalFieldEvent>;
}
export interface Drain {
    withinMs: number;
}
export declare namespace Drain {
    const codec: () => Codec<Drain>;
    interface DrainWithinMsFieldEvent {
        field: '$.withinMs';
        value: number;
    }
    function encode(obj: Partial<Drain>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Drain>): Drain;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Drain>): Generator<DrainWithinMsFieldEvent>;
}
export interface End {
    reason: number;
    to: number;
    mark?: KvMark;
    detail: string;
}
export declare namespace End {
    const codec: () => Codec<End>;
    interface EndReasonFieldEvent {
        field: '$.reason';
        value: number;
    }
    interface EndToFieldEvent {
        field: '$.to';
        value: number;
    }
    interface EndMarkBlocksFieldEvent {
        field: '$.mark.blocks';
        value: number;
    }
    interface EndMarkHeadFieldEvent {
        field: '$.mark.head';
        value: Uint8Array<ArrayBuffer>;
    }
    interface EndDetailFieldEvent {
        field: '$.detail';
        value: string;
    }
    function encode(obj: Partial<End>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<End>): End;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<End>): Generator<EndReasonFieldEvent | EndToFieldEvent | EndMarkBlocksFieldEvent | EndMarkHeadFieldEvent | EndDetailFieldEvent>;
}
export interface ProviderFrame {
    opened?: Opened;
    refused?: Refusal;
    progress?: Progress;
    tokens?: Tokens;
    drain?: Drain;
    end?: End;
}
export declare namespace ProviderFrame {
    const codec: () => Codec<ProviderFrame>;
    interface ProviderFrameOpenedCreditFieldEvent {
        field: '$.opened.credit';
        value: number;
    }
    interface ProviderFrameRefusedCodeFieldEvent {
        field: '$.refused.code';
        value: string;
    }
    interface ProviderFrameRefusedMessageFieldEvent {
        field: '$.refused.message';
        value: string;
    }
    interface ProviderFrameRefusedAmountFieldEvent {
        field: '$.refused.amount';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ProviderFrameProgressDoneFieldEvent {
        field: '$.progress.done';
        value: number;
    }
    interface ProviderFrameProgressTotalFieldEvent {
        field: '$.progress.total';
        value: number;
    }
    interface ProviderFrameTokensFromFieldEvent {
        field: '$.tokens.from';
        value: number;
    }
    interface ProviderFrameTokensIdsFieldEvent {
        field: '$.tokens.ids[]';
        index: number;
        value: number;
    }
    interface ProviderFrameTokensLogprobsLogprobFieldEvent {
        field: '$.tokens.logprobs[].logprob';
        value: number;
        index: number;
    }
    interface ProviderFrameTokensLogprobsTopIdFieldEvent {
        field: '$.tokens.logprobs[].top[].id';
        value: number;
        index: number;
    }
    interface ProviderFrameTokensLogprobsTopLogprobFieldEvent {
        field: '$.tokens.logprobs[].top[].logprob';
        value: number;
        index: number;
    }
    interface ProviderFrameTokensMarkBlocksFieldEvent {
        field: '$.tokens.mark.blocks';
        value: number;
    }
    interface ProviderFrameTokensMarkHeadFieldEvent {
        field: '$.tokens.mark.head';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ProviderFrameTokensResumeTierFieldEvent {
        field: '$.tokens.resume.tier';
        value: string;
    }
    interface ProviderFrameTokensResumeKeptFieldEvent {
        field: '$.tokens.resume.kept';
        value: number;
    }
    interface ProviderFrameTokensResumeRecomputedFieldEvent {
        field: '$.tokens.resume.recomputed';
        value: number;
    }
    interface ProviderFrameTokensPrintsFieldEvent {
        field: '$.tokens.prints';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ProviderFrameDrainWithinMsFieldEvent {
        field: '$.drain.withinMs';
        value: number;
    }
    interface ProviderFrameEndReasonFieldEvent {
        field: '$.end.reason';
        value: number;
    }
    interface ProviderFrameEndToFieldEvent {
        field: '$.end.to';
        value: number;
    }
    interface ProviderFrameEndMarkBlocksFieldEvent {
        field: '$.end.mark.blocks';
        value: number;
    }
    interface ProviderFrameEndMarkHeadFieldEvent {
        field: '$.end.mark.head';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ProviderFrameEndDetailFieldEvent {
        field: '$.end.detail';
        value: string;
    }
    function encode(obj: Partial<ProviderFrame>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ProviderFrame>): ProviderFrame;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ProviderFrame>): Generator<ProviderFrameOpenedCreditFieldEvent | ProviderFrameRefusedCodeFieldEvent | ProviderFrameRefusedMessageFieldEvent | ProviderFrameRefusedAmountFieldEvent | ProviderFrameProgressDoneFieldEvent | ProviderFrameProgressTotalFieldEvent | ProviderFrameTokensFromFieldEvent | ProviderFrameTokensIdsFieldEvent | ProviderFrameTokensLogprobsLogprobFieldEvent | ProviderFrameTokensLogprobsTopIdFieldEvent | ProviderFrameTokensLogprobsTopLogprobFieldEvent | ProviderFrameTokensMarkBlocksFieldEvent | ProviderFrameTokensMarkHeadFieldEvent | ProviderFrameTokensResumeTierFieldEvent | ProviderFrameTokensResumeKeptFieldEvent | ProviderFrameTokensResumeRecomputedFieldEvent | ProviderFrameTokensPrintsFieldEvent | ProviderFrameDrainWithinMsFieldEvent | ProviderFrameEndReasonFieldEvent | ProviderFrameEndToFieldEvent | ProviderFrameEndMarkBlocksFieldEvent | ProviderFrameEndMarkHeadFieldEvent | ProviderFrameEndDetailFieldEvent>;
}
export interface GrantRequest {
    replica: Uint8Array<ArrayBuffer>;
    servingPeer: Uint8Array<ArrayBuffer>;
    modelId: Uint8Array<ArrayBuffer>;
    client: Uint8Array<ArrayBuffer>;
    bytesMax: number;
    keepMs: number;
}
export declare namespace GrantRequest {
    const codec: () => Codec<GrantRequest>;
    interface GrantRequestReplicaFieldEvent {
        field: '$.replica';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantRequestServingPeerFieldEvent {
        field: '$.servingPeer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantRequestModelIdFieldEvent {
        field: '$.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantRequestClientFieldEvent {
        field: '$.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantRequestBytesMaxFieldEvent {
        field: '$.bytesMax';
        value: number;
    }
    interface GrantRequestKeepMsFieldEvent {
        field: '$.keepMs';
        value: number;
    }
    function encode(obj: Partial<GrantRequest>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantRequest>): GrantRequest;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantRequest>): Generator<GrantRequestReplicaFieldEvent | GrantRequestServingPeerFieldEvent | GrantRequestModelIdFieldEvent | GrantRequestClientFieldEvent | GrantRequestBytesMaxFieldEvent | GrantRequestKeepMsFieldEvent>;
}
export interface Grant {
    grantId: Uint8Array<ArrayBuffer>;
    replica: Uint8Array<ArrayBuffer>;
    servingPeer: Uint8Array<ArrayBuffer>;
    modelId: Uint8Array<ArrayBuffer>;
    client: Uint8Array<ArrayBuffer>;
    provider: Uint8Array<ArrayBuffer>;
    peer: Uint8Array<ArrayBuffer>;
    numerics: Uint8Array<ArrayBuffer>;
    bytesMax: number;
    promptWei: Uint8Array<ArrayBuffer>;
    completionWei: Uint8Array<ArrayBuffer>;
    standbyWei: Uint8Array<ArrayBuffer>;
    resumeWei: Uint8Array<ArrayBuffer>;
    lockedUntilMs: number;
}
export declare namespace Grant {
    const codec: () => Codec<Grant>;
    interface GrantGrantIdFieldEvent {
        field: '$.grantId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantReplicaFieldEvent {
        field: '$.replica';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantServingPeerFieldEvent {
        field: '$.servingPeer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantModelIdFieldEvent {
        field: '$.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantClientFieldEvent {
        field: '$.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantProviderFieldEvent {
        field: '$.provider';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantPeerFieldEvent {
        field: '$.peer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantNumericsFieldEvent {
        field: '$.numerics';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantBytesMaxFieldEvent {
        field: '$.bytesMax';
        value: number;
    }
    interface GrantPromptWeiFieldEvent {
        field: '$.promptWei';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantCompletionWeiFieldEvent {
        field: '$.completionWei';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantStandbyWeiFieldEvent {
        field: '$.standbyWei';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantResumeWeiFieldEvent {
        field: '$.resumeWei';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantLockedUntilMsFieldEvent {
        field: '$.lockedUntilMs';
        value: number;
    }
    function encode(obj: Partial<Grant>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Grant>): Grant;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Grant>): Generator<GrantGrantIdFieldEvent | GrantReplicaFieldEvent | GrantServingPeerFieldEvent | GrantModelIdFieldEvent | GrantClientFieldEvent | GrantProviderFieldEvent | GrantPeerFieldEvent | GrantNumericsFieldEvent | GrantBytesMaxFieldEvent | GrantPromptWeiFieldEvent | GrantCompletionWeiFieldEvent | GrantStandbyWeiFieldEvent | GrantResumeWeiFieldEvent | GrantLockedUntilMsFieldEvent>;
}
export interface SignedGrant {
    body: Uint8Array<ArrayBuffer>;
    signature: Uint8Array<ArrayBuffer>;
}
export declare namespace SignedGrant {
    const codec: () => Codec<SignedGrant>;
    interface SignedGrantBodyFieldEvent {
        field: '$.body';
        value: Uint8Array<ArrayBuffer>;
    }
    interface SignedGrantSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<SignedGrant>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedGrant>): SignedGrant;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedGrant>): Generator<SignedGrantBodyFieldEvent | SignedGrantSignatureFieldEvent>;
}
export interface GrantAck {
    blocks: number;
    head: Uint8Array<ArrayBuffer>;
}
export declare namespace GrantAck {
    const codec: () => Codec<GrantAck>;
    interface GrantAckBlocksFieldEvent {
        field: '$.blocks';
        value: number;
    }
    interface GrantAckHeadFieldEvent {
        field: '$.head';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<GrantAck>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantAck>): GrantAck;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantAck>): Generator<GrantAckBlocksFieldEvent | GrantAckHeadFieldEvent>;
}
export interface GrantFence {
    leg: number;
}
export declare namespace GrantFence {
    const codec: () => Codec<GrantFence>;
    interface GrantFenceLegFieldEvent {
        field: '$.leg';
        value: number;
    }
    function encode(obj: Partial<GrantFence>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantFence>): GrantFence;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantFence>): Generator<GrantFenceLegFieldEvent>;
}
export interface GrantRelease {
}
export declare namespace GrantRelease {
    const codec: () => Codec<GrantRelease>;
    function encode(obj: Partial<GrantRelease>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantRelease>): GrantRelease;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantRelease>): Generator<{}>;
}
export interface GrantClientFrame {
    request?: GrantRequest;
    fence?: GrantFence;
    release?: GrantRelease;
}
export declare namespace GrantClientFrame {
    const codec: () => Codec<GrantClientFrame>;
    interface GrantClientFrameRequestReplicaFieldEvent {
        field: '$.request.replica';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantClientFrameRequestServingPeerFieldEvent {
        field: '$.request.servingPeer';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantClientFrameRequestModelIdFieldEvent {
        field: '$.request.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantClientFrameRequestClientFieldEvent {
        field: '$.request.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantClientFrameRequestBytesMaxFieldEvent {
        field: '$.request.bytesMax';
        value: number;
    }
    interface GrantClientFrameRequestKeepMsFieldEvent {
        field: '$.request.keepMs';
        value: number;
    }
    interface GrantClientFrameFenceLegFieldEvent {
        field: '$.fence.leg';
        value: number;
    }
    function encode(obj: Partial<GrantClientFrame>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantClientFrame>): GrantClientFrame;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantClientFrame>): Generator<GrantClientFrameRequestReplicaFieldEvent | GrantClientFrameRequestServingPeerFieldEvent | GrantClientFrameRequestModelIdFieldEvent | GrantClientFrameRequestClientFieldEvent | GrantClientFrameRequestBytesMaxFieldEvent | GrantClientFrameRequestKeepMsFieldEvent | GrantClientFrameFenceLegFieldEvent>;
}
export interface GrantServerFrame {
    grant?: SignedGrant;
    refused?: Refusal;
    ack?: GrantAck;
}
export declare namespace GrantServerFrame {
    const codec: () => Codec<GrantServerFrame>;
    interface GrantServerFrameGrantBodyFieldEvent {
        field: '$.grant.body';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantServerFrameGrantSignatureFieldEvent {
        field: '$.grant.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantServerFrameRefusedCodeFieldEvent {
        field: '$.refused.code';
        value: string;
    }
    interface GrantServerFrameRefusedMessageFieldEvent {
        field: '$.refused.message';
        value: string;
    }
    interface GrantServerFrameRefusedAmountFieldEvent {
        field: '$.refused.amount';
        value: Uint8Array<ArrayBuffer>;
    }
    interface GrantServerFrameAckBlocksFieldEvent {
        field: '$.ack.blocks';
        value: number;
    }
    interface GrantServerFrameAckHeadFieldEvent {
        field: '$.ack.head';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<GrantServerFrame>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantServerFrame>): GrantServerFrame;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantServerFrame>): Generator<GrantServerFrameGrantBodyFieldEvent | GrantServerFrameGrantSignatureFieldEvent | GrantServerFrameRefusedCodeFieldEvent | GrantServerFrameRefusedMessageFieldEvent | GrantServerFrameRefusedAmountFieldEvent | GrantServerFrameAckBlocksFieldEvent | GrantServerFrameAckHeadFieldEvent>;
}
export interface KvHello {
    grantId: Uint8Array<ArrayBuffer>;
    replica: Uint8Array<ArrayBuffer>;
    leg: number;
    fromBlock: number;
}
export declare namespace KvHello {
    const codec: () => Codec<KvHello>;
    interface KvHelloGrantIdFieldEvent {
        field: '$.grantId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface KvHelloReplicaFieldEvent {
        field: '$.replica';
        value: Uint8Array<ArrayBuffer>;
    }
    interface KvHelloLegFieldEvent {
        field: '$.leg';
        value: number;
    }
    interface KvHelloFromBlockFieldEvent {
        field: '$.fromBlock';
        value: number;
    }
    function encode(obj: Partial<KvHello>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvHello>): KvHello;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvHello>): Generator<KvHelloGrantIdFieldEvent | KvHelloReplicaFieldEvent | KvHelloLegFieldEvent | KvHelloFromBlockFieldEvent>;
}
export interface KvHeader {
    header: Uint8Array<ArrayBuffer>;
    tag: Uint8Array<ArrayBuffer>;
    signature: Uint8Array<ArrayBuffer>;
    cells: number;
}
export declare namespace KvHeader {
    const codec: () => Codec<KvHeader>;
    interface KvHeaderHeaderFieldEvent {
        field: '$.header';
        value: Uint8Array<ArrayBuffer>;
    }
    interface KvHeaderTagFieldEvent {
        field: '$.tag';
        value: Uint8Array<ArrayBuffer>;
    }
    interface KvHeaderSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface KvHeaderCellsFieldEvent {
        field: '$.cells';
        value: number;
    }
    function encode(obj: Partial<KvHeader>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvHeader>): KvHeader;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvHeader>): Generator<KvHeaderHeaderFieldEvent | KvHeaderTagFieldEvent | KvHeaderSignatureFieldEvent | KvHeaderCellsFieldEvent>;
}
export interface KvCell {
    body: Uint8Array<ArrayBuffer>;
}
export declare namespace KvCell {
    const codec: () => Codec<KvCell>;
    interface KvCellBodyFieldEvent {
        field: '$.body';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<KvCell>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvCell>): KvCell;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvCell>): Generator<KvCellBodyFieldEvent>;
}
export interface KvFrame {
    hello?: KvHello;
    header?: KvHeader;
    cell?: KvCell;
}
export declare namespace KvFrame {
    const codec: () => Codec<KvFrame>;
    interface KvFrameHelloGrantIdFieldEvent {
        field: '$.hello.grantId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface KvFrameHelloReplicaFieldEvent {
        field: '$.hello.replica';
        value: Uint8Array<ArrayBuffer>;
    }
    interface KvFrameHelloLegFieldEvent {
        field: '$.hello.leg';
        value: number;
    }
    interface KvFrameHelloFromBlockFieldEvent {
        field: '$.hello.fromBlock';
        value: number;
    }
    interface KvFrameHeaderHeaderFieldEvent {
        field: '$.header.header';
        value: Uint8Array<ArrayBuffer>;
    }
    interface KvFrameHeaderTagFieldEvent {
        field: '$.header.tag';
        value: Uint8Array<ArrayBuffer>;
    }
    interface KvFrameHeaderSignatureFieldEvent {
        field: '$.header.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface KvFrameHeaderCellsFieldEvent {
        field: '$.header.cells';
        value: number;
    }
    interface KvFrameCellBodyFieldEvent {
        field: '$.cell.body';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<KvFrame>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvFrame>): KvFrame;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvFrame>): Generator<KvFrameHelloGrantIdFieldEvent | KvFrameHelloReplicaFieldEvent | KvFrameHelloLegFieldEvent | KvFrameHelloFromBlockFieldEvent | KvFrameHeaderHeaderFieldEvent | KvFrameHeaderTagFieldEvent | KvFrameHeaderSignatureFieldEvent | KvFrameHeaderCellsFieldEvent | KvFrameCellBodyFieldEvent>;
}
export interface KvReply {
    ack?: GrantAck;
    refused?: Refusal;
}
export declare namespace KvReply {
    const codec: () => Codec<KvReply>;
    interface KvReplyAckBlocksFieldEvent {
        field: '$.ack.blocks';
        value: number;
    }
    interface KvReplyAckHeadFieldEvent {
        field: '$.ack.head';
        value: Uint8Array<ArrayBuffer>;
    }
    interface KvReplyRefusedCodeFieldEvent {
        field: '$.refused.code';
        value: string;
    }
    interface KvReplyRefusedMessageFieldEvent {
        field: '$.refused.message';
        value: string;
    }
    interface KvReplyRefusedAmountFieldEvent {
        field: '$.refused.amount';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<KvReply>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvReply>): KvReply;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<KvReply>): Generator<KvReplyAckBlocksFieldEvent | KvReplyAckHeadFieldEvent | KvReplyRefusedCodeFieldEvent | KvReplyRefusedMessageFieldEvent | KvReplyRefusedAmountFieldEvent>;
}
export interface BeatRequest {
    everyMs: number;
}
export declare namespace BeatRequest {
    const codec: () => Codec<BeatRequest>;
    interface BeatRequestEveryMsFieldEvent {
        field: '$.everyMs';
        value: number;
    }
    function encode(obj: Partial<BeatRequest>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BeatRequest>): BeatRequest;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BeatRequest>): Generator<BeatRequestEveryMsFieldEvent>;
}
export interface Beat {
    seq: number;
    sessions: number;
    draining: boolean;
}
export declare namespace Beat {
    const codec: () => Codec<Beat>;
    interface BeatSeqFieldEvent {
        field: '$.seq';
        value: number;
    }
    interface BeatSessionsFieldEvent {
        field: '$.sessions';
        value: number;
    }
    interface BeatDrainingFieldEvent {
        field: '$.draining';
        value: boolean;
    }
    function encode(obj: Partial<Beat>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Beat>): Beat;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Beat>): Generator<BeatSeqFieldEvent | BeatSessionsFieldEvent | BeatDrainingFieldEvent>;
}
export interface ModelRequest {
    modelId: Uint8Array<ArrayBuffer>;
    file: string;
}
export declare namespace ModelRequest {
    const codec: () => Codec<ModelRequest>;
    interface ModelRequestModelIdFieldEvent {
        field: '$.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ModelRequestFileFieldEvent {
        field: '$.file';
        value: string;
    }
    function encode(obj: Partial<ModelRequest>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ModelRequest>): ModelRequest;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ModelRequest>): Generator<ModelRequestModelIdFieldEvent | ModelRequestFileFieldEvent>;
}
export interface ModelChunk {
    refused?: Refusal;
    data?: Uint8Array<ArrayBuffer>;
    size: number;
    last: boolean;
}
export declare namespace ModelChunk {
    const codec: () => Codec<ModelChunk>;
    interface ModelChunkRefusedCodeFieldEvent {
        field: '$.refused.code';
        value: string;
    }
    interface ModelChunkRefusedMessageFieldEvent {
        field: '$.refused.message';
        value: string;
    }
    interface ModelChunkRefusedAmountFieldEvent {
        field: '$.refused.amount';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ModelChunkDataFieldEvent {
        field: '$.data';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ModelChunkSizeFieldEvent {
        field: '$.size';
        value: number;
    }
    interface ModelChunkLastFieldEvent {
        field: '$.last';
        value: boolean;
    }
    function encode(obj: Partial<ModelChunk>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ModelChunk>): ModelChunk;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ModelChunk>): Generator<ModelChunkRefusedCodeFieldEvent | ModelChunkRefusedMessageFieldEvent | ModelChunkRefusedAmountFieldEvent | ModelChunkDataFieldEvent | ModelChunkSizeFieldEvent | ModelChunkLastFieldEvent>;
}
export interface Voucher {
    client: Uint8Array<ArrayBuffer>;
    provider: Uint8Array<ArrayBuffer>;
    modelId: Uint8Array<ArrayBuffer>;
    cumulative: Uint8Array<ArrayBuffer>;
    units: number;
    workRoot: Uint8Array<ArrayBuffer>;
    signature: Uint8Array<ArrayBuffer>;
}
export declare namespace Voucher {
    const codec: () => Codec<Voucher>;
    interface VoucherClientFieldEvent {
        field: '$.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherProviderFieldEvent {
        field: '$.provider';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherModelIdFieldEvent {
        field: '$.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherCumulativeFieldEvent {
        field: '$.cumulative';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherUnitsFieldEvent {
        field: '$.units';
        value: number;
    }
    interface VoucherWorkRootFieldEvent {
        field: '$.workRoot';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Voucher>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Voucher>): Voucher;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Voucher>): Generator<VoucherClientFieldEvent | VoucherProviderFieldEvent | VoucherModelIdFieldEvent | VoucherCumulativeFieldEvent | VoucherUnitsFieldEvent | VoucherWorkRootFieldEvent | VoucherSignatureFieldEvent>;
}
export interface ReceiptDraft {
    sessionId: Uint8Array<ArrayBuffer>;
    leg: number;
    seq: number;
    from: number;
    to: number;
    promptUnits: number;
    amount: Uint8Array<ArrayBuffer>;
    outputHash: Uint8Array<ArrayBuffer>;
    kvHead: Uint8Array<ArrayBuffer>;
    fingerprint: Uint8Array<ArrayBuffer>;
    end: number;
}
export declare namespace ReceiptDraft {
    const codec: () => Codec<ReceiptDraft>;
    interface ReceiptDraftSessionIdFieldEvent {
        field: '$.sessionId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptDraftLegFieldEvent {
        field: '$.leg';
        value: number;
    }
    interface ReceiptDraftSeqFieldEvent {
        field: '$.seq';
        value: number;
    }
    interface ReceiptDraftFromFieldEvent {
        field: '$.from';
        value: number;
    }
    interface ReceiptDraftToFieldEvent {
        field: '$.to';
        value: number;
    }
    interface ReceiptDraftPromptUnitsFieldEvent {
        field: '$.promptUnits';
        value: number;
    }
    interface ReceiptDraftAmountFieldEvent {
        field: '$.amount';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptDraftOutputHashFieldEvent {
        field: '$.outputHash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptDraftKvHeadFieldEvent {
        field: '$.kvHead';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptDraftFingerprintFieldEvent {
        field: '$.fingerprint';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptDraftEndFieldEvent {
        field: '$.end';
        value: number;
    }
    function encode(obj: Partial<ReceiptDraft>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReceiptDraft>): ReceiptDraft;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReceiptDraft>): Generator<ReceiptDraftSessionIdFieldEvent | ReceiptDraftLegFieldEvent | ReceiptDraftSeqFieldEvent | ReceiptDraftFromFieldEvent | ReceiptDraftToFieldEvent | ReceiptDraftPromptUnitsFieldEvent | ReceiptDraftAmountFieldEvent | ReceiptDraftOutputHashFieldEvent | ReceiptDraftKvHeadFieldEvent | ReceiptDraftFingerprintFieldEvent | ReceiptDraftEndFieldEvent>;
}
export interface VoucherHello {
    client: Uint8Array<ArrayBuffer>;
    modelIds: Uint8Array<ArrayBuffer>[];
}
export declare namespace VoucherHello {
    const codec: () => Codec<VoucherHello>;
    interface VoucherHelloClientFieldEvent {
        field: '$.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherHelloModelIdsFieldEvent {
        field: '$.modelIds[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<VoucherHello>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<VoucherHello>): VoucherHello;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<VoucherHello>): Generator<VoucherHelloClientFieldEvent | VoucherHelloModelIdsFieldEvent>;
}
export interface ChannelState {
    modelId: Uint8Array<ArrayBuffer>;
    newest?: Voucher;
    tree: Uint8Array<ArrayBuffer>;
}
export declare namespace ChannelState {
    const codec: () => Codec<ChannelState>;
    interface ChannelStateModelIdFieldEvent {
        field: '$.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ChannelStateNewestClientFieldEvent {
        field: '$.newest.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ChannelStateNewestProviderFieldEvent {
        field: '$.newest.provider';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ChannelStateNewestModelIdFieldEvent {
        field: '$.newest.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ChannelStateNewestCumulativeFieldEvent {
        field: '$.newest.cumulative';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ChannelStateNewestUnitsFieldEvent {
        field: '$.newest.units';
        value: number;
    }
    interface ChannelStateNewestWorkRootFieldEvent {
        field: '$.newest.workRoot';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ChannelStateNewestSignatureFieldEvent {
        field: '$.newest.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ChannelStateTreeFieldEvent {
        field: '$.tree';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<ChannelState>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ChannelState>): ChannelState;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ChannelState>): Generator<ChannelStateModelIdFieldEvent | ChannelStateNewestClientFieldEvent | ChannelStateNewestProviderFieldEvent | ChannelStateNewestModelIdFieldEvent | ChannelStateNewestCumulativeFieldEvent | ChannelStateNewestUnitsFieldEvent | ChannelStateNewestWorkRootFieldEvent | ChannelStateNewestSignatureFieldEvent | ChannelStateTreeFieldEvent>;
}
export interface VoucherState {
    channels: ChannelState[];
}
export declare namespace VoucherState {
    const codec: () => Codec<VoucherState>;
    interface VoucherStateChannelsModelIdFieldEvent {
        field: '$.channels[].modelId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherStateChannelsNewestClientFieldEvent {
        field: '$.channels[].newest.client';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherStateChannelsNewestProviderFieldEvent {
        field: '$.channels[].newest.provider';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherStateChannelsNewestModelIdFieldEvent {
        field: '$.channels[].newest.modelId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherStateChannelsNewestCumulativeFieldEvent {
        field: '$.channels[].newest.cumulative';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherStateChannelsNewestUnitsFieldEvent {
        field: '$.channels[].newest.units';
        value: number;
        index: number;
    }
    interface VoucherStateChannelsNewestWorkRootFieldEvent {
        field: '$.channels[].newest.workRoot';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherStateChannelsNewestSignatureFieldEvent {
        field: '$.channels[].newest.signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherStateChannelsTreeFieldEvent {
        field: '$.channels[].tree';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    function encode(obj: Partial<VoucherState>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<VoucherState>): VoucherState;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<VoucherState>): Generator<VoucherStateChannelsModelIdFieldEvent | VoucherStateChannelsNewestClientFieldEvent | VoucherStateChannelsNewestProviderFieldEvent | VoucherStateChannelsNewestModelIdFieldEvent | VoucherStateChannelsNewestCumulativeFieldEvent | VoucherStateChannelsNewestUnitsFieldEvent | VoucherStateChannelsNewestWorkRootFieldEvent | VoucherStateChannelsNewestSignatureFieldEvent | VoucherStateChannelsTreeFieldEvent>;
}
export interface Ack {
    voucher?: Voucher;
    count: number;
    appended: ReceiptDraft[];
}
export declare namespace Ack {
    const codec: () => Codec<Ack>;
    interface AckVoucherClientFieldEvent {
        field: '$.voucher.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface AckVoucherProviderFieldEvent {
        field: '$.voucher.provider';
        value: Uint8Array<ArrayBuffer>;
    }
    interface AckVoucherModelIdFieldEvent {
        field: '$.voucher.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface AckVoucherCumulativeFieldEvent {
        field: '$.voucher.cumulative';
        value: Uint8Array<ArrayBuffer>;
    }
    interface AckVoucherUnitsFieldEvent {
        field: '$.voucher.units';
        value: number;
    }
    interface AckVoucherWorkRootFieldEvent {
        field: '$.voucher.workRoot';
        value: Uint8Array<ArrayBuffer>;
    }
    interface AckVoucherSignatureFieldEvent {
        field: '$.voucher.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface AckCountFieldEvent {
        field: '$.count';
        value: number;
    }
    interface AckAppendedSessionIdFieldEvent {
        field: '$.appended[].sessionId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface AckAppendedLegFieldEvent {
        field: '$.appended[].leg';
        value: number;
        index: number;
    }
    interface AckAppendedSeqFieldEvent {
        field: '$.appended[].seq';
        value: number;
        index: number;
    }
    interface AckAppendedFromFieldEvent {
        field: '$.appended[].from';
        value: number;
        index: number;
    }
    interface AckAppendedToFieldEvent {
        field: '$.appended[].to';
        value: number;
        index: number;
    }
    interface AckAppendedPromptUnitsFieldEvent {
        field: '$.appended[].promptUnits';
        value: number;
        index: number;
    }
    interface AckAppendedAmountFieldEvent {
        field: '$.appended[].amount';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface AckAppendedOutputHashFieldEvent {
        field: '$.appended[].outputHash';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface AckAppendedKvHeadFieldEvent {
        field: '$.appended[].kvHead';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface AckAppendedFingerprintFieldEvent {
        field: '$.appended[].fingerprint';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface AckAppendedEndFieldEvent {
        field: '$.appended[].end';
        value: number;
        index: number;
    }
    function encode(obj: Partial<Ack>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ack>): Ack;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ack>): Generator<AckVoucherClientFieldEvent | AckVoucherProviderFieldEvent | AckVoucherModelIdFieldEvent | AckVoucherCumulativeFieldEvent | AckVoucherUnitsFieldEvent | AckVoucherWorkRootFieldEvent | AckVoucherSignatureFieldEvent | AckCountFieldEvent | AckAppendedSessionIdFieldEvent | AckAppendedLegFieldEvent | AckAppendedSeqFieldEvent | AckAppendedFromFieldEvent | AckAppendedToFieldEvent | AckAppendedPromptUnitsFieldEvent | AckAppendedAmountFieldEvent | AckAppendedOutputHashFieldEvent | AckAppendedKvHeadFieldEvent | AckAppendedFingerprintFieldEvent | AckAppendedEndFieldEvent>;
}
export interface AckReply {
    modelId: Uint8Array<ArrayBuffer>;
    count: number;
    signatures: Uint8Array<ArrayBuffer>[];
    refused?: Refusal;
}
export declare namespace AckReply {
    const codec: () => Codec<AckReply>;
    interface AckReplyModelIdFieldEvent {
        field: '$.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface AckReplyCountFieldEvent {
        field: '$.count';
        value: number;
    }
    interface AckReplySignaturesFieldEvent {
        field: '$.signatures[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    interface AckReplyRefusedCodeFieldEvent {
        field: '$.refused.code';
        value: string;
    }
    interface AckReplyRefusedMessageFieldEvent {
        field: '$.refused.message';
        value: string;
    }
    interface AckReplyRefusedAmountFieldEvent {
        field: '$.refused.amount';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<AckReply>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AckReply>): AckReply;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AckReply>): Generator<AckReplyModelIdFieldEvent | AckReplyCountFieldEvent | AckReplySignaturesFieldEvent | AckReplyRefusedCodeFieldEvent | AckReplyRefusedMessageFieldEvent | AckReplyRefusedAmountFieldEvent>;
}
export interface VoucherClientFrame {
    hello?: VoucherHello;
    ack?: Ack;
}
export declare namespace VoucherClientFrame {
    const codec: () => Codec<VoucherClientFrame>;
    interface VoucherClientFrameHelloClientFieldEvent {
        field: '$.hello.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherClientFrameHelloModelIdsFieldEvent {
        field: '$.hello.modelIds[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherClientFrameAckVoucherClientFieldEvent {
        field: '$.ack.voucher.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherClientFrameAckVoucherProviderFieldEvent {
        field: '$.ack.voucher.provider';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherClientFrameAckVoucherModelIdFieldEvent {
        field: '$.ack.voucher.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherClientFrameAckVoucherCumulativeFieldEvent {
        field: '$.ack.voucher.cumulative';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherClientFrameAckVoucherUnitsFieldEvent {
        field: '$.ack.voucher.units';
        value: number;
    }
    interface VoucherClientFrameAckVoucherWorkRootFieldEvent {
        field: '$.ack.voucher.workRoot';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherClientFrameAckVoucherSignatureFieldEvent {
        field: '$.ack.voucher.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherClientFrameAckCountFieldEvent {
        field: '$.ack.count';
        value: number;
    }
    interface VoucherClientFrameAckAppendedSessionIdFieldEvent {
        field: '$.ack.appended[].sessionId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherClientFrameAckAppendedLegFieldEvent {
        field: '$.ack.appended[].leg';
        value: number;
        index: number;
    }
    interface VoucherClientFrameAckAppendedSeqFieldEvent {
        field: '$.ack.appended[].seq';
        value: number;
        index: number;
    }
    interface VoucherClientFrameAckAppendedFromFieldEvent {
        field: '$.ack.appended[].from';
        value: number;
        index: number;
    }
    interface VoucherClientFrameAckAppendedToFieldEvent {
        field: '$.ack.appended[].to';
        value: number;
        index: number;
    }
    interface VoucherClientFrameAckAppendedPromptUnitsFieldEvent {
        field: '$.ack.appended[].promptUnits';
        value: number;
        index: number;
    }
    interface VoucherClientFrameAckAppendedAmountFieldEvent {
        field: '$.ack.appended[].amount';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherClientFrameAckAppendedOutputHashFieldEvent {
        field: '$.ack.appended[].outputHash';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherClientFrameAckAppendedKvHeadFieldEvent {
        field: '$.ack.appended[].kvHead';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherClientFrameAckAppendedFingerprintFieldEvent {
        field: '$.ack.appended[].fingerprint';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherClientFrameAckAppendedEndFieldEvent {
        field: '$.ack.appended[].end';
        value: number;
        index: number;
    }
    function encode(obj: Partial<VoucherClientFrame>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<VoucherClientFrame>): VoucherClientFrame;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<VoucherClientFrame>): Generator<VoucherClientFrameHelloClientFieldEvent | VoucherClientFrameHelloModelIdsFieldEvent | VoucherClientFrameAckVoucherClientFieldEvent | VoucherClientFrameAckVoucherProviderFieldEvent | VoucherClientFrameAckVoucherModelIdFieldEvent | VoucherClientFrameAckVoucherCumulativeFieldEvent | VoucherClientFrameAckVoucherUnitsFieldEvent | VoucherClientFrameAckVoucherWorkRootFieldEvent | VoucherClientFrameAckVoucherSignatureFieldEvent | VoucherClientFrameAckCountFieldEvent | VoucherClientFrameAckAppendedSessionIdFieldEvent | VoucherClientFrameAckAppendedLegFieldEvent | VoucherClientFrameAckAppendedSeqFieldEvent | VoucherClientFrameAckAppendedFromFieldEvent | VoucherClientFrameAckAppendedToFieldEvent | VoucherClientFrameAckAppendedPromptUnitsFieldEvent | VoucherClientFrameAckAppendedAmountFieldEvent | VoucherClientFrameAckAppendedOutputHashFieldEvent | VoucherClientFrameAckAppendedKvHeadFieldEvent | VoucherClientFrameAckAppendedFingerprintFieldEvent | VoucherClientFrameAckAppendedEndFieldEvent>;
}
export interface VoucherServerFrame {
    state?: VoucherState;
    reply?: AckReply;
    refused?: Refusal;
}
export declare namespace VoucherServerFrame {
    const codec: () => Codec<VoucherServerFrame>;
    interface VoucherServerFrameStateChannelsModelIdFieldEvent {
        field: '$.state.channels[].modelId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherServerFrameStateChannelsNewestClientFieldEvent {
        field: '$.state.channels[].newest.client';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherServerFrameStateChannelsNewestProviderFieldEvent {
        field: '$.state.channels[].newest.provider';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherServerFrameStateChannelsNewestModelIdFieldEvent {
        field: '$.state.channels[].newest.modelId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherServerFrameStateChannelsNewestCumulativeFieldEvent {
        field: '$.state.channels[].newest.cumulative';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherServerFrameStateChannelsNewestUnitsFieldEvent {
        field: '$.state.channels[].newest.units';
        value: number;
        index: number;
    }
    interface VoucherServerFrameStateChannelsNewestWorkRootFieldEvent {
        field: '$.state.channels[].newest.workRoot';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherServerFrameStateChannelsNewestSignatureFieldEvent {
        field: '$.state.channels[].newest.signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherServerFrameStateChannelsTreeFieldEvent {
        field: '$.state.channels[].tree';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface VoucherServerFrameReplyModelIdFieldEvent {
        field: '$.reply.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherServerFrameReplyCountFieldEvent {
        field: '$.reply.count';
        value: number;
    }
    interface VoucherServerFrameReplySignaturesFieldEvent {
        field: '$.reply.signatures[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherServerFrameReplyRefusedCodeFieldEvent {
        field: '$.reply.refused.code';
        value: string;
    }
    interface VoucherServerFrameReplyRefusedMessageFieldEvent {
        field: '$.reply.refused.message';
        value: string;
    }
    interface VoucherServerFrameReplyRefusedAmountFieldEvent {
        field: '$.reply.refused.amount';
        value: Uint8Array<ArrayBuffer>;
    }
    interface VoucherServerFrameRefusedCodeFieldEvent {
        field: '$.refused.code';
        value: string;
    }
    interface VoucherServerFrameRefusedMessageFieldEvent {
        field: '$.refused.message';
        value: string;
    }
    interface VoucherServerFrameRefusedAmountFieldEvent {
        field: '$.refused.amount';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<VoucherServerFrame>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<VoucherServerFrame>): VoucherServerFrame;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<VoucherServerFrame>): Generator<VoucherServerFrameStateChannelsModelIdFieldEvent | VoucherServerFrameStateChannelsNewestClientFieldEvent | VoucherServerFrameStateChannelsNewestProviderFieldEvent | VoucherServerFrameStateChannelsNewestModelIdFieldEvent | VoucherServerFrameStateChannelsNewestCumulativeFieldEvent | VoucherServerFrameStateChannelsNewestUnitsFieldEvent | VoucherServerFrameStateChannelsNewestWorkRootFieldEvent | VoucherServerFrameStateChannelsNewestSignatureFieldEvent | VoucherServerFrameStateChannelsTreeFieldEvent | VoucherServerFrameReplyModelIdFieldEvent | VoucherServerFrameReplyCountFieldEvent | VoucherServerFrameReplySignaturesFieldEvent | VoucherServerFrameReplyRefusedCodeFieldEvent | VoucherServerFrameReplyRefusedMessageFieldEvent | VoucherServerFrameReplyRefusedAmountFieldEvent | VoucherServerFrameRefusedCodeFieldEvent | VoucherServerFrameRefusedMessageFieldEvent | VoucherServerFrameRefusedAmountFieldEvent>;
}
export interface ReceiptByHash {
    hash: Uint8Array<ArrayBuffer>;
}
export declare namespace ReceiptByHash {
    const codec: () => Codec<ReceiptByHash>;
    interface ReceiptByHashHashFieldEvent {
        field: '$.hash';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<ReceiptByHash>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReceiptByHash>): ReceiptByHash;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReceiptByHash>): Generator<ReceiptByHashHashFieldEvent>;
}
export interface ReceiptsOfSession {
    sessionId: Uint8Array<ArrayBuffer>;
    leg: number;
    seq: number;
    max: number;
}
export declare namespace ReceiptsOfSession {
    const codec: () => Codec<ReceiptsOfSession>;
    interface ReceiptsOfSessionSessionIdFieldEvent {
        field: '$.sessionId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptsOfSessionLegFieldEvent {
        field: '$.leg';
        value: number;
    }
    interface ReceiptsOfSessionSeqFieldEvent {
        field: '$.seq';
        value: number;
    }
    interface ReceiptsOfSessionMaxFieldEvent {
        field: '$.max';
        value: number;
    }
    function encode(obj: Partial<ReceiptsOfSession>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReceiptsOfSession>): ReceiptsOfSession;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReceiptsOfSession>): Generator<ReceiptsOfSessionSessionIdFieldEvent | ReceiptsOfSessionLegFieldEvent | ReceiptsOfSessionSeqFieldEvent | ReceiptsOfSessionMaxFieldEvent>;
}
export interface ReceiptsOfChannel {
    client: Uint8Array<ArrayBuffer>;
    modelId: Uint8Array<ArrayBuffer>;
    index: number;
    max: number;
}
export declare namespace ReceiptsOfChannel {
    const codec: () => Codec<ReceiptsOfChannel>;
    interface ReceiptsOfChannelClientFieldEvent {
        field: '$.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptsOfChannelModelIdFieldEvent {
        field: '$.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptsOfChannelIndexFieldEvent {
        field: '$.index';
        value: number;
    }
    interface ReceiptsOfChannelMaxFieldEvent {
        field: '$.max';
        value: number;
    }
    function encode(obj: Partial<ReceiptsOfChannel>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReceiptsOfChannel>): ReceiptsOfChannel;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReceiptsOfChannel>): Generator<ReceiptsOfChannelClientFieldEvent | ReceiptsOfChannelModelIdFieldEvent | ReceiptsOfChannelIndexFieldEvent | ReceiptsOfChannelMaxFieldEvent>;
}
export interface WorkProofRequest {
    client: Uint8Array<ArrayBuffer>;
    modelId: Uint8Array<ArrayBuffer>;
    workRoot: Uint8Array<ArrayBuffer>;
    indexes: number[];
}
export declare namespace WorkProofRequest {
    const codec: () => Codec<WorkProofRequest>;
    interface WorkProofRequestClientFieldEvent {
        field: '$.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface WorkProofRequestModelIdFieldEvent {
        field: '$.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface WorkProofRequestWorkRootFieldEvent {
        field: '$.workRoot';
        value: Uint8Array<ArrayBuffer>;
    }
    interface WorkProofRequestIndexesFieldEvent {
        field: '$.indexes[]';
        index: number;
        value: number;
    }
    function encode(obj: Partial<WorkProofRequest>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<WorkProofRequest>): WorkProofRequest;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<WorkProofRequest>): Generator<WorkProofRequestClientFieldEvent | WorkProofRequestModelIdFieldEvent | WorkProofRequestWorkRootFieldEvent | WorkProofRequestIndexesFieldEvent>;
}
export interface PendingRequest {
    before: number;
    max: number;
}
export declare namespace PendingRequest {
    const codec: () => Codec<PendingRequest>;
    interface PendingRequestBeforeFieldEvent {
        field: '$.before';
        value: number;
    }
    interface PendingRequestMaxFieldEvent {
        field: '$.max';
        value: number;
    }
    function encode(obj: Partial<PendingRequest>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PendingRequest>): PendingRequest;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PendingRequest>): Generator<PendingRequestBeforeFieldEvent | PendingRequestMaxFieldEvent>;
}
export interface ReceiptRequest {
    hash?: ReceiptByHash;
    session?: ReceiptsOfSession;
    channel?: ReceiptsOfChannel;
    prove?: WorkProofRequest;
    pending?: PendingRequest;
}
export declare namespace ReceiptRequest {
    const codec: () => Codec<ReceiptRequest>;
    interface ReceiptRequestHashHashFieldEvent {
        field: '$.hash.hash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptRequestSessionSessionIdFieldEvent {
        field: '$.session.sessionId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptRequestSessionLegFieldEvent {
        field: '$.session.leg';
        value: number;
    }
    interface ReceiptRequestSessionSeqFieldEvent {
        field: '$.session.seq';
        value: number;
    }
    interface ReceiptRequestSessionMaxFieldEvent {
        field: '$.session.max';
        value: number;
    }
    interface ReceiptRequestChannelClientFieldEvent {
        field: '$.channel.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptRequestChannelModelIdFieldEvent {
        field: '$.channel.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptRequestChannelIndexFieldEvent {
        field: '$.channel.index';
        value: number;
    }
    interface ReceiptRequestChannelMaxFieldEvent {
        field: '$.channel.max';
        value: number;
    }
    interface ReceiptRequestProveClientFieldEvent {
        field: '$.prove.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptRequestProveModelIdFieldEvent {
        field: '$.prove.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptRequestProveWorkRootFieldEvent {
        field: '$.prove.workRoot';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptRequestProveIndexesFieldEvent {
        field: '$.prove.indexes[]';
        index: number;
        value: number;
    }
    interface ReceiptRequestPendingBeforeFieldEvent {
        field: '$.pending.before';
        value: number;
    }
    interface ReceiptRequestPendingMaxFieldEvent {
        field: '$.pending.max';
        value: number;
    }
    function encode(obj: Partial<ReceiptRequest>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReceiptRequest>): ReceiptRequest;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReceiptRequest>): Generator<ReceiptRequestHashHashFieldEvent | ReceiptRequestSessionSessionIdFieldEvent | ReceiptRequestSessionLegFieldEvent | ReceiptRequestSessionSeqFieldEvent | ReceiptRequestSessionMaxFieldEvent | ReceiptRequestChannelClientFieldEvent | ReceiptRequestChannelModelIdFieldEvent | ReceiptRequestChannelIndexFieldEvent | ReceiptRequestChannelMaxFieldEvent | ReceiptRequestProveClientFieldEvent | ReceiptRequestProveModelIdFieldEvent | ReceiptRequestProveWorkRootFieldEvent | ReceiptRequestProveIndexesFieldEvent | ReceiptRequestPendingBeforeFieldEvent | ReceiptRequestPendingMaxFieldEvent>;
}
export interface ServedReceipt {
    client: Uint8Array<ArrayBuffer>;
    provider: Uint8Array<ArrayBuffer>;
    modelId: Uint8Array<ArrayBuffer>;
    receipt?: ReceiptDraft;
    signature: Uint8Array<ArrayBuffer>;
    index: number;
    cumAfter: Uint8Array<ArrayBuffer>;
}
export declare namespace ServedReceipt {
    const codec: () => Codec<ServedReceipt>;
    interface ServedReceiptClientFieldEvent {
        field: '$.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ServedReceiptProviderFieldEvent {
        field: '$.provider';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ServedReceiptModelIdFieldEvent {
        field: '$.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ServedReceiptReceiptSessionIdFieldEvent {
        field: '$.receipt.sessionId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ServedReceiptReceiptLegFieldEvent {
        field: '$.receipt.leg';
        value: number;
    }
    interface ServedReceiptReceiptSeqFieldEvent {
        field: '$.receipt.seq';
        value: number;
    }
    interface ServedReceiptReceiptFromFieldEvent {
        field: '$.receipt.from';
        value: number;
    }
    interface ServedReceiptReceiptToFieldEvent {
        field: '$.receipt.to';
        value: number;
    }
    interface ServedReceiptReceiptPromptUnitsFieldEvent {
        field: '$.receipt.promptUnits';
        value: number;
    }
    interface ServedReceiptReceiptAmountFieldEvent {
        field: '$.receipt.amount';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ServedReceiptReceiptOutputHashFieldEvent {
        field: '$.receipt.outputHash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ServedReceiptReceiptKvHeadFieldEvent {
        field: '$.receipt.kvHead';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ServedReceiptReceiptFingerprintFieldEvent {
        field: '$.receipt.fingerprint';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ServedReceiptReceiptEndFieldEvent {
        field: '$.receipt.end';
        value: number;
    }
    interface ServedReceiptSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ServedReceiptIndexFieldEvent {
        field: '$.index';
        value: number;
    }
    interface ServedReceiptCumAfterFieldEvent {
        field: '$.cumAfter';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<ServedReceipt>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ServedReceipt>): ServedReceipt;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ServedReceipt>): Generator<ServedReceiptClientFieldEvent | ServedReceiptProviderFieldEvent | ServedReceiptModelIdFieldEvent | ServedReceiptReceiptSessionIdFieldEvent | ServedReceiptReceiptLegFieldEvent | ServedReceiptReceiptSeqFieldEvent | ServedReceiptReceiptFromFieldEvent | ServedReceiptReceiptToFieldEvent | ServedReceiptReceiptPromptUnitsFieldEvent | ServedReceiptReceiptAmountFieldEvent | ServedReceiptReceiptOutputHashFieldEvent | ServedReceiptReceiptKvHeadFieldEvent | ServedReceiptReceiptFingerprintFieldEvent | ServedReceiptReceiptEndFieldEvent | ServedReceiptSignatureFieldEvent | ServedReceiptIndexFieldEvent | ServedReceiptCumAfterFieldEvent>;
}
export interface ReceiptPage {
    receipts: ServedReceipt[];
    more: boolean;
}
export declare namespace ReceiptPage {
    const codec: () => Codec<ReceiptPage>;
    interface ReceiptPageReceiptsClientFieldEvent {
        field: '$.receipts[].client';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptPageReceiptsProviderFieldEvent {
        field: '$.receipts[].provider';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptPageReceiptsModelIdFieldEvent {
        field: '$.receipts[].modelId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptPageReceiptsReceiptSessionIdFieldEvent {
        field: '$.receipts[].receipt.sessionId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptPageReceiptsReceiptLegFieldEvent {
        field: '$.receipts[].receipt.leg';
        value: number;
        index: number;
    }
    interface ReceiptPageReceiptsReceiptSeqFieldEvent {
        field: '$.receipts[].receipt.seq';
        value: number;
        index: number;
    }
    interface ReceiptPageReceiptsReceiptFromFieldEvent {
        field: '$.receipts[].receipt.from';
        value: number;
        index: number;
    }
    interface ReceiptPageReceiptsReceiptToFieldEvent {
        field: '$.receipts[].receipt.to';
        value: number;
        index: number;
    }
    interface ReceiptPageReceiptsReceiptPromptUnitsFieldEvent {
        field: '$.receipts[].receipt.promptUnits';
        value: number;
        index: number;
    }
    interface ReceiptPageReceiptsReceiptAmountFieldEvent {
        field: '$.receipts[].receipt.amount';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptPageReceiptsReceiptOutputHashFieldEvent {
        field: '$.receipts[].receipt.outputHash';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptPageReceiptsReceiptKvHeadFieldEvent {
        field: '$.receipts[].receipt.kvHead';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptPageReceiptsReceiptFingerprintFieldEvent {
        field: '$.receipts[].receipt.fingerprint';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptPageReceiptsReceiptEndFieldEvent {
        field: '$.receipts[].receipt.end';
        value: number;
        index: number;
    }
    interface ReceiptPageReceiptsSignatureFieldEvent {
        field: '$.receipts[].signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptPageReceiptsIndexFieldEvent {
        field: '$.receipts[].index';
        value: number;
        index: number;
    }
    interface ReceiptPageReceiptsCumAfterFieldEvent {
        field: '$.receipts[].cumAfter';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptPageMoreFieldEvent {
        field: '$.more';
        value: boolean;
    }
    function encode(obj: Partial<ReceiptPage>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReceiptPage>): ReceiptPage;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReceiptPage>): Generator<ReceiptPageReceiptsClientFieldEvent | ReceiptPageReceiptsProviderFieldEvent | ReceiptPageReceiptsModelIdFieldEvent | ReceiptPageReceiptsReceiptSessionIdFieldEvent | ReceiptPageReceiptsReceiptLegFieldEvent | ReceiptPageReceiptsReceiptSeqFieldEvent | ReceiptPageReceiptsReceiptFromFieldEvent | ReceiptPageReceiptsReceiptToFieldEvent | ReceiptPageReceiptsReceiptPromptUnitsFieldEvent | ReceiptPageReceiptsReceiptAmountFieldEvent | ReceiptPageReceiptsReceiptOutputHashFieldEvent | ReceiptPageReceiptsReceiptKvHeadFieldEvent | ReceiptPageReceiptsReceiptFingerprintFieldEvent | ReceiptPageReceiptsReceiptEndFieldEvent | ReceiptPageReceiptsSignatureFieldEvent | ReceiptPageReceiptsIndexFieldEvent | ReceiptPageReceiptsCumAfterFieldEvent | ReceiptPageMoreFieldEvent>;
}
export interface WorkPath {
    siblings: Uint8Array<ArrayBuffer>;
}
export declare namespace WorkPath {
    const codec: () => Codec<WorkPath>;
    interface WorkPathSiblingsFieldEvent {
        field: '$.siblings';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<WorkPath>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<WorkPath>): WorkPath;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<WorkPath>): Generator<WorkPathSiblingsFieldEvent>;
}
export interface WorkProofs {
    count: number;
    paths: WorkPath[];
}
export declare namespace WorkProofs {
    const codec: () => Codec<WorkProofs>;
    interface WorkProofsCountFieldEvent {
        field: '$.count';
        value: number;
    }
    interface WorkProofsPathsSiblingsFieldEvent {
        field: '$.paths[].siblings';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    function encode(obj: Partial<WorkProofs>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<WorkProofs>): WorkProofs;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<WorkProofs>): Generator<WorkProofsCountFieldEvent | WorkProofsPathsSiblingsFieldEvent>;
}
export interface PendingVoucher {
    voucher?: Voucher;
    place: number;
}
export declare namespace PendingVoucher {
    const codec: () => Codec<PendingVoucher>;
    interface PendingVoucherVoucherClientFieldEvent {
        field: '$.voucher.client';
        value: Uint8Array<ArrayBuffer>;
    }
    interface PendingVoucherVoucherProviderFieldEvent {
        field: '$.voucher.provider';
        value: Uint8Array<ArrayBuffer>;
    }
    interface PendingVoucherVoucherModelIdFieldEvent {
        field: '$.voucher.modelId';
        value: Uint8Array<ArrayBuffer>;
    }
    interface PendingVoucherVoucherCumulativeFieldEvent {
        field: '$.voucher.cumulative';
        value: Uint8Array<ArrayBuffer>;
    }
    interface PendingVoucherVoucherUnitsFieldEvent {
        field: '$.voucher.units';
        value: number;
    }
    interface PendingVoucherVoucherWorkRootFieldEvent {
        field: '$.voucher.workRoot';
        value: Uint8Array<ArrayBuffer>;
    }
    interface PendingVoucherVoucherSignatureFieldEvent {
        field: '$.voucher.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface PendingVoucherPlaceFieldEvent {
        field: '$.place';
        value: number;
    }
    function encode(obj: Partial<PendingVoucher>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PendingVoucher>): PendingVoucher;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PendingVoucher>): Generator<PendingVoucherVoucherClientFieldEvent | PendingVoucherVoucherProviderFieldEvent | PendingVoucherVoucherModelIdFieldEvent | PendingVoucherVoucherCumulativeFieldEvent | PendingVoucherVoucherUnitsFieldEvent | PendingVoucherVoucherWorkRootFieldEvent | PendingVoucherVoucherSignatureFieldEvent | PendingVoucherPlaceFieldEvent>;
}
export interface PendingPage {
    vouchers: PendingVoucher[];
    more: boolean;
}
export declare namespace PendingPage {
    const codec: () => Codec<PendingPage>;
    interface PendingPageVouchersVoucherClientFieldEvent {
        field: '$.vouchers[].voucher.client';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface PendingPageVouchersVoucherProviderFieldEvent {
        field: '$.vouchers[].voucher.provider';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface PendingPageVouchersVoucherModelIdFieldEvent {
        field: '$.vouchers[].voucher.modelId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface PendingPageVouchersVoucherCumulativeFieldEvent {
        field: '$.vouchers[].voucher.cumulative';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface PendingPageVouchersVoucherUnitsFieldEvent {
        field: '$.vouchers[].voucher.units';
        value: number;
        index: number;
    }
    interface PendingPageVouchersVoucherWorkRootFieldEvent {
        field: '$.vouchers[].voucher.workRoot';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface PendingPageVouchersVoucherSignatureFieldEvent {
        field: '$.vouchers[].voucher.signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface PendingPageVouchersPlaceFieldEvent {
        field: '$.vouchers[].place';
        value: number;
        index: number;
    }
    interface PendingPageMoreFieldEvent {
        field: '$.more';
        value: boolean;
    }
    function encode(obj: Partial<PendingPage>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PendingPage>): PendingPage;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PendingPage>): Generator<PendingPageVouchersVoucherClientFieldEvent | PendingPageVouchersVoucherProviderFieldEvent | PendingPageVouchersVoucherModelIdFieldEvent | PendingPageVouchersVoucherCumulativeFieldEvent | PendingPageVouchersVoucherUnitsFieldEvent | PendingPageVouchersVoucherWorkRootFieldEvent | PendingPageVouchersVoucherSignatureFieldEvent | PendingPageVouchersPlaceFieldEvent | PendingPageMoreFieldEvent>;
}
export interface ReceiptReply {
    page?: ReceiptPage;
    proofs?: WorkProofs;
    refused?: Refusal;
    pending?: PendingPage;
}
export declare namespace ReceiptReply {
    const codec: () => Codec<ReceiptReply>;
    interface ReceiptReplyPageReceiptsClientFieldEvent {
        field: '$.page.receipts[].client';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPageReceiptsProviderFieldEvent {
        field: '$.page.receipts[].provider';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPageReceiptsModelIdFieldEvent {
        field: '$.page.receipts[].modelId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPageReceiptsReceiptSessionIdFieldEvent {
        field: '$.page.receipts[].receipt.sessionId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPageReceiptsReceiptLegFieldEvent {
        field: '$.page.receipts[].receipt.leg';
        value: number;
        index: number;
    }
    interface ReceiptReplyPageReceiptsReceiptSeqFieldEvent {
        field: '$.page.receipts[].receipt.seq';
        value: number;
        index: number;
    }
    interface ReceiptReplyPageReceiptsReceiptFromFieldEvent {
        field: '$.page.receipts[].receipt.from';
        value: number;
        index: number;
    }
    interface ReceiptReplyPageReceiptsReceiptToFieldEvent {
        field: '$.page.receipts[].receipt.to';
        value: number;
        index: number;
    }
    interface ReceiptReplyPageReceiptsReceiptPromptUnitsFieldEvent {
        field: '$.page.receipts[].receipt.promptUnits';
        value: number;
        index: number;
    }
    interface ReceiptReplyPageReceiptsReceiptAmountFieldEvent {
        field: '$.page.receipts[].receipt.amount';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPageReceiptsReceiptOutputHashFieldEvent {
        field: '$.page.receipts[].receipt.outputHash';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPageReceiptsReceiptKvHeadFieldEvent {
        field: '$.page.receipts[].receipt.kvHead';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPageReceiptsReceiptFingerprintFieldEvent {
        field: '$.page.receipts[].receipt.fingerprint';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPageReceiptsReceiptEndFieldEvent {
        field: '$.page.receipts[].receipt.end';
        value: number;
        index: number;
    }
    interface ReceiptReplyPageReceiptsSignatureFieldEvent {
        field: '$.page.receipts[].signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPageReceiptsIndexFieldEvent {
        field: '$.page.receipts[].index';
        value: number;
        index: number;
    }
    interface ReceiptReplyPageReceiptsCumAfterFieldEvent {
        field: '$.page.receipts[].cumAfter';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPageMoreFieldEvent {
        field: '$.page.more';
        value: boolean;
    }
    interface ReceiptReplyProofsCountFieldEvent {
        field: '$.proofs.count';
        value: number;
    }
    interface ReceiptReplyProofsPathsSiblingsFieldEvent {
        field: '$.proofs.paths[].siblings';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyRefusedCodeFieldEvent {
        field: '$.refused.code';
        value: string;
    }
    interface ReceiptReplyRefusedMessageFieldEvent {
        field: '$.refused.message';
        value: string;
    }
    interface ReceiptReplyRefusedAmountFieldEvent {
        field: '$.refused.amount';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ReceiptReplyPendingVouchersVoucherClientFieldEvent {
        field: '$.pending.vouchers[].voucher.client';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPendingVouchersVoucherProviderFieldEvent {
        field: '$.pending.vouchers[].voucher.provider';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPendingVouchersVoucherModelIdFieldEvent {
        field: '$.pending.vouchers[].voucher.modelId';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPendingVouchersVoucherCumulativeFieldEvent {
        field: '$.pending.vouchers[].voucher.cumulative';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPendingVouchersVoucherUnitsFieldEvent {
        field: '$.pending.vouchers[].voucher.units';
        value: number;
        index: number;
    }
    interface ReceiptReplyPendingVouchersVoucherWorkRootFieldEvent {
        field: '$.pending.vouchers[].voucher.workRoot';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPendingVouchersVoucherSignatureFieldEvent {
        field: '$.pending.vouchers[].voucher.signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ReceiptReplyPendingVouchersPlaceFieldEvent {
        field: '$.pending.vouchers[].place';
        value: number;
        index: number;
    }
    interface ReceiptReplyPendingMoreFieldEvent {
        field: '$.pending.more';
        value: boolean;
    }
    function encode(obj: Partial<ReceiptReply>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReceiptReply>): ReceiptReply;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReceiptReply>): Generator<ReceiptReplyPageReceiptsClientFieldEvent | ReceiptReplyPageReceiptsProviderFieldEvent | ReceiptReplyPageReceiptsModelIdFieldEvent | ReceiptReplyPageReceiptsReceiptSessionIdFieldEvent | ReceiptReplyPageReceiptsReceiptLegFieldEvent | ReceiptReplyPageReceiptsReceiptSeqFieldEvent | ReceiptReplyPageReceiptsReceiptFromFieldEvent | ReceiptReplyPageReceiptsReceiptToFieldEvent | ReceiptReplyPageReceiptsReceiptPromptUnitsFieldEvent | ReceiptReplyPageReceiptsReceiptAmountFieldEvent | ReceiptReplyPageReceiptsReceiptOutputHashFieldEvent | ReceiptReplyPageReceiptsReceiptKvHeadFieldEvent | ReceiptReplyPageReceiptsReceiptFingerprintFieldEvent | ReceiptReplyPageReceiptsReceiptEndFieldEvent | ReceiptReplyPageReceiptsSignatureFieldEvent | ReceiptReplyPageReceiptsIndexFieldEvent | ReceiptReplyPageReceiptsCumAfterFieldEvent | ReceiptReplyPageMoreFieldEvent | ReceiptReplyProofsCountFieldEvent | ReceiptReplyProofsPathsSiblingsFieldEvent | ReceiptReplyRefusedCodeFieldEvent | ReceiptReplyRefusedMessageFieldEvent | ReceiptReplyRefusedAmountFieldEvent | ReceiptReplyPendingVouchersVoucherClientFieldEvent | ReceiptReplyPendingVouchersVoucherProviderFieldEvent | ReceiptReplyPendingVouchersVoucherModelIdFieldEvent | ReceiptReplyPendingVouchersVoucherCumulativeFieldEvent | ReceiptReplyPendingVouchersVoucherUnitsFieldEvent | ReceiptReplyPendingVouchersVoucherWorkRootFieldEvent | ReceiptReplyPendingVouchersVoucherSignatureFieldEvent | ReceiptReplyPendingVouchersPlaceFieldEvent | ReceiptReplyPendingMoreFieldEvent>;
}
