/** What may import what (docs/ARCHITECTURE.md). Arrows point inward; vendors stay at the rim. */

/** The parts of a folder that its files may import besides their own; what is not listed may not. */
export const edges: Record<string, readonly string[]> = {
  'sdk/components.ts': ['sdk/protocol'],
  'sdk/protocol': ['sdk/components.ts'],
  'sdk/text': ['sdk/protocol', 'sdk/components.ts'],
  'sdk/market': ['sdk/protocol', 'sdk/components.ts'],
  'sdk/net': ['sdk/protocol', 'sdk/market', 'sdk/components.ts'],
  'sdk/chain': ['sdk/protocol', 'sdk/components.ts'],
  'sdk/session': ['sdk/protocol', 'sdk/market', 'sdk/text', 'sdk/components.ts'],
  'sdk/openai': ['sdk/protocol', 'sdk/session', 'sdk/text'],
  'node/engine': ['sdk/protocol', 'sdk/text', 'sdk/session', 'sdk/components.ts'],
  'node/kv': ['sdk/protocol', 'sdk/session', 'sdk/components.ts'],
  'node/web': ['sdk/protocol'],
  'node/gateway/web': ['sdk/protocol', 'sdk/openai'],
  'node/explorer/web': ['sdk/protocol'],
  'node/gateway/client-root.ts': ['sdk'], // the one place that builds the gateway's client; the rest sees its interface
  'node/gateway/x402/deposits.ts': ['sdk/chain', 'sdk/protocol'],
  'node/gateway': ['sdk/protocol', 'sdk/session', 'sdk/openai', 'sdk/components.ts'],
  'node/explorer': [
    'sdk/protocol',
    'sdk/chain',
    'sdk/components.ts',
    'node/lib',
    'node/catalog/onlooker.ts', // who sells, and what
    'sdk/net', // receipts from whoever sells
    'node/gateway/serve.ts', // plain HTTP, the same for both
    'node/gateway/sse.ts'
  ],
  'node/lib': ['sdk/protocol', 'sdk/components.ts']
}

/** What runs in a browser and is built by `scripts/pages.ts` (docs/pages.md). */
const pages = ['node/web/', 'node/gateway/web/', 'node/explorer/web/']

/** Whoever needs one of these goes through the place that may name it. `within` are path prefixes. */
export const vendors: { name: string; package: RegExp; within: readonly string[] }[] = [
  { name: 'libp2p', package: /^(libp2p|@libp2p\/|@chainsafe\/libp2p|@multiformats\/multiaddr)/, within: ['sdk/net/libp2p'] },
  { name: 'ethers', package: /^ethers(\/|$)/, within: ['sdk/chain/'] },
  { name: 'onnxruntime and koffi', package: /^(onnxruntime|koffi)/, within: ['node/engine/ort/'] },
  { name: 'React, Plot and QR codes', package: /^(react|@observablehq\/plot|uqr$)/, within: pages },
  { name: 'the translations of pages', package: /^@lingui\//, within: ['node/explorer/web/', 'scripts/words/'] },
  { name: 'the model hub', package: /^@huggingface\/hub/, within: ['node/catalog/hub.ts'] },
  { name: 'PostgreSQL', package: /^pg(\/|$)/, within: ['node/lib/postgres-store.ts'] },
  { name: 'the grammar library', package: /^@mlc-ai\/web-xgrammar/, within: ['node/engine/grammar/xgrammar'] }
]

/** Folders that decide and never act: no socket, no file, no process. */
export const pure: Record<string, RegExp> = {
  'sdk/protocol': /^node:/,
  'sdk/market': /^node:/,
  'sdk/text': /^node:/,
  'sdk/session': /^node:/,
  'sdk/api': /^node:/,
  'sdk/browser': /^node:/,
  'sdk/openai': /^node:/,
  'node/web': /^node:/,
  'node/gateway/web': /^node:/,
  'node/explorer/web': /^node:/,
  'node/kv': /^(node:(net|dgram|tls|https?|http2)$|ws$|undici$)/
}

/** Where execution starts, apart from tests, benches and scripts, which are starts of their own. */
export const entries = ['node/cli/main.ts', 'sdk/index.ts', 'sdk/browser.ts', 'node/explorer/verify/main.ts', 'hardhat.config.ts']

export const LINES_REPORTED = 350
export const LINES_MAX = 600
