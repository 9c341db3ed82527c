/** Every bound and default of the protocols in one place; relations between them are asserted on load. */

// KV blocks (docs/spec/kv.md)
export const BLOCK_TOKENS = 32
export const CELL_BYTES = 65_536
export const BLOCK_CELLS_MAX = 256 // 16 MiB of KV in 32 positions: an 8B model in fp32
export const KV_FRAME_BYTES_MAX = CELL_BYTES + 1024
export const GENERATION_MS_MAX = 30 * 60_000 // session.md: keys rotate inside a leg
export const GENERATION_BYTES_MAX = 2 ** 32
export const REPLICATE_FIRST_MS = 250 // the first token waits this long for the prompt's blocks to be stored ...
export const REPLICATE_FIRST_SHARE = 0.1 // ... or this share of the prefill, whichever is longer
export const STANDBY_KEEP_MS = 60_000 // sealed blocks outlive their streams by this
export const STANDBY_BYTES_MAX = 8 * 1024 ** 3 // all grants of one peer
export const STANDBY_GRANTS_MAX = 1024
export const GRANTS_PER_CLIENT_PEER_MAX = 256

// Sessions (docs/spec/session.md)
export const CONTEXT_MAX = 131_072
export const OPEN_BYTES_MAX = CONTEXT_MAX * 4 + 64 * 1024
export const SESSION_FRAME_BYTES_MAX = OPEN_BYTES_MAX
export const CREDIT_POSITIONS = 64 // W: completion positions a provider lends ahead of acknowledgement ...
export const CREDIT_MS = 250 // ... or this much of its output, whichever is larger
export const ACK_POSITIONS = 32 // acknowledge every 32 positions of a session ...
export const ACK_MS = 100 // ... or 100 ms of a channel, whichever is later
export const UNPAID_WAIT_MS = 10_000 // a peer past its credit window this long frees the slot
export const OPEN_RACE_MS = 300 // no answer by then: the next leg number may be opened elsewhere
export const SUCCESSORS_MAX = 4
export const TAKEOVERS_MAX = 16
export const STRANGER_PROMPT_MAX = 2_048
export const STRANGER_UNSECURED_POSITIONS = 20_000
export const STRANGER_ESCROW_FACTOR = 100n
export const STRANGERS_UNSECURED_POSITIONS = 200_000 // all of them together

// Grammars (docs/spec/grammar.md)
export const GRAMMAR_BYTES_MAX = 16 * 1024
export const GRAMMAR_DEPTH_MAX = 32
export const GRAMMAR_COMPILE_MS = 2_000 // an honest schema takes tens of milliseconds
export const GRAMMAR_MASK_MS = 2_000 // the same for one token's mask, which takes tens of microseconds
export const GRAMMAR_MEMORY_BYTES_MAX = 256 * 1024 ** 2 // of one answer's compiler and matcher

// Offers (docs/spec/offer.md)
export const OFFER_BYTES_MAX = 16 * 1024
export const OFFER_TTL_MS_MAX = 600_000
export const OFFER_EVERY_MS = 30_000
export const CLOCK_SKEW_MS = 120_000
export const OFFERS_PER_PEER_MAX = 4
export const OFFERS_MAX = 10_000
export const OFFERS_PER_REPLY_MAX = 64
export const NEIGHBOURS = 16 // providers one stays connected to, so that none is dialled cold when it is needed
export const BINDING_SECONDS_MAX = 30 * 24 * 3600

// Liveness (docs/spec/beat.md)
export const BEAT_MS = 250
export const SUSPECT_MS = 300
export const COMMIT_MS = 1_500
export const OWN_FAULT_WINDOW_MS = 250 // streams to two peers closing within it: probably our own network

// Models (docs/spec/model.md)
export const MODEL_FILE_BYTES_MAX = 32 * 1024 ** 2 // manifest and tokenizer files, never weights
export const MODEL_FILES_BYTES_MAX = 4 * MODEL_FILE_BYTES_MAX // all that a client fetches of one model
export const MODEL_CHUNK_BYTES = 64 * 1024

// Vouchers and settling (docs/spec/voucher.md)
export const RECEIPTS_PER_ACK_MAX = 256
export const VOUCHER_FRAME_BYTES_MAX = 128 * 1024
export const SETTLE_EVERY_MS = 600_000
export const SETTLE_GAS_FACTOR = 100n // settle when a batch is worth this many times its gas
export const SETTLE_ITEMS_MAX = 256
export const SIGNER_MARGIN_MS = 2 * SETTLE_EVERY_MS + 3600_000 // a key that ends sooner opens no leg: its vouchers might not land in time

// Receipts and proofs (docs/spec/receipt.md)
export const RECEIPTS_PER_PAGE_MAX = 256
export const WORK_PROOFS_PER_REPLY_MAX = 64
export const VOUCHERS_PER_PAGE_MAX = 256
export const SESSION_RECEIPTS_MAX = 16_384 // what a reader takes of one session from one peer: four times what a whole context needs
export const EVIDENCE_AGE_MS = 7 * 24 * 3600_000 // a batch may be questioned this long after it was posted
export const RECEIPT_KEEP_MS = 30 * 24 * 3600_000 // receipts are served this long, and at least EVIDENCE_AGE_MS after they were settled

// Explorer (docs/spec/explorer.md)
export const EXPLORER_RECEIPTS_PER_BATCH_MAX = 65_536 // who signs both sides of a voucher can put any number of receipts under one wei
export const EXPLORER_PAGE_MAX = 200
export const EXPLORER_READERS_MAX = 256 // open event streams
export const EXPLORER_COLLECTS_MAX = 4 // providers asked for receipts at a time
export const EXPLORER_PUBLISH_PER_SECOND = 50 // each costs two signature checks at most
export const EXPLORER_TRANSACTIONS_READ_MAX = 8 // of batches, from the chain's node at a time
export const EXPLORER_INPUT_BYTES_MAX = 128 * 1024 // shown in hex; 256 vouchers are 50 KB
export const EXPLORER_PENDING_PER_PROVIDER_MAX = 512 // its newest vouchers: each costs a signature check once, a few hundred bytes while it is kept
export const EXPLORER_PENDING_MAX = 8_192 // of all providers
export const EXPLORER_PENDING_CHECKS_MAX = 64 // signatures of one answer, of about 2 ms each
export const EXPLORER_ASKS_MAX = 8 // providers asked for vouchers at a time

// Fingerprints (docs/spec/fingerprint.md), in steps of 1/1024 logit: tolerances for models in float32
export const FINGERPRINT_STEPS_MAX = 16 // of any position
export const FINGERPRINT_STEPS_MEAN = 2 // of the positions of a block
export const FINGERPRINT_NOISE = 16 / 1024 // logits: how far an honest machine's may be off when an id is drawn

// Requests
export const DIAL_MS = 5_000
export const REQUEST_MS = 5_000
export const SMALL_FRAME_BYTES_MAX = 64 * 1024

const assert = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`limits.ts: ${what}`)
}
assert(KV_FRAME_BYTES_MAX > CELL_BYTES, 'a cell fits its frame')
assert(ACK_POSITIONS < CREDIT_POSITIONS, 'an acknowledgement can arrive before credit ends')
assert(OFFER_EVERY_MS * 2 < OFFER_TTL_MS_MAX, 'a lost announcement does not hide a provider')
assert(COMMIT_MS > SUSPECT_MS && SUSPECT_MS > BEAT_MS, 'two stages, each longer than a beat')
assert(WORK_PROOFS_PER_REPLY_MAX * 1100 <= VOUCHER_FRAME_BYTES_MAX, 'the proofs of a reply fit its frame')
assert(VOUCHERS_PER_PAGE_MAX * 256 <= VOUCHER_FRAME_BYTES_MAX, 'the vouchers of a page fit its frame')
assert(SESSION_RECEIPTS_MAX * ACK_POSITIONS >= 4 * CONTEXT_MAX, 'a reader takes the receipts of any session')
assert(RECEIPT_KEEP_MS > EVIDENCE_AGE_MS, 'what may be questioned is still there')
assert(OFFERS_PER_REPLY_MAX * OFFER_BYTES_MAX <= 2 * 1024 ** 2, 'an offer reply fits 2 MiB')
