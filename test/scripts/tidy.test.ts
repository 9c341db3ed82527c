import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { type Findings, tidy } from '../../scripts/tidy.ts'

/** What tidy finds in a repository of these files; `node/cli/main.ts` reaches `sdk/index.ts`. */
const find = (files: Record<string, string>): Findings => {
  const root = mkdtempSync(join(tmpdir(), 'openseam-tidy-'))
  try {
    for (const [path, text] of Object.entries({ 'sdk/index.ts': '', ...files })) {
      mkdirSync(join(root, dirname(path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    execFileSync('git', ['init', '-q'], { cwd: root })
    return tidy(root)
  } finally {
    rmSync(root, { recursive: true })
  }
}

describe('tidy', () => {
  it('lets arrows point inward', () => {
    const { failures } = find({
      'sdk/index.ts': "export { a } from './session/a.ts'\n",
      'sdk/session/a.ts': "import type { B } from '../market/b.ts'\nimport {\n  c\n} from '../protocol/c.ts'\n",
      'sdk/market/b.ts': "import '../protocol/c.ts'\n",
      'sdk/protocol/c.ts': "import { x } from '../components.ts'\n",
      'sdk/components.ts': ''
    })
    expect(failures).to.deep.equal([])
  })

  const wrong: [what: string, path: string, text: string, says: RegExp][] = [
    [
      'market -> session',
      'sdk/market/a.ts',
      "import { s } from '../session/s.ts'",
      /sdk\/market may not import sdk\/session\/s\.ts/
    ],
    ['protocol -> net, types only', 'sdk/protocol/a.ts', "import type { s } from '../net/s.ts'", /may not import sdk\/net/],
    ['protocol -> chain, re-exported', 'sdk/protocol/a.ts', "export * from '../chain/s.ts'", /may not import sdk\/chain/],
    [
      'engine -> net by name',
      'node/engine/a.ts',
      "import { h } from 'openseam/net/host'",
      /node\/engine may not import sdk\/net\/host\.ts/
    ],
    [
      'engine -> chain, dynamic',
      'node/engine/a.ts',
      "const c = await import('openseam/chain/index')",
      /may not import sdk\/chain/
    ],
    ['kv -> a socket', 'node/kv/a.ts', "import { connect } from 'node:net'", /may not name node:net/],
    [
      'libp2p outside its file',
      'sdk/net/host.ts',
      "import { createLibp2p } from 'libp2p'",
      /only sdk\/net\/libp2p may name libp2p/
    ],
    ['ethers outside its folder', 'node/settle/a.ts', "import { Wallet } from 'ethers'", /only sdk\/chain\/ may name ethers/],
    ['onnxruntime outside its folder', 'node/engine/a.ts', "import 'onnxruntime-node'", /only node\/engine\/ort\//],
    ['React outside a page', 'node/gateway/a.ts', "import { useState } from 'react'", /only node\/web\/.* may name React/],
    ['sdk -> node', 'sdk/client.ts', "import '../node/gateway/index.ts'", /the sdk imports/],
    ['shipped -> test', 'node/lib/a.ts', "import '../../test/helper.ts'", /shipped code imports/],
    [
      'an import that git does not carry',
      'node/lib/a.ts',
      "import '../models/hub.ts'",
      /imports node\/models\/hub\.ts, which is not there or ignored/
    ],
    ['a file too long', 'node/lib/a.ts', '\n'.repeat(601), /601 lines, over 600/],
    ['a dead file', 'node/lib/a.ts', '', /nothing reaches this file/]
  ]
  for (const [what, path, text, says] of wrong) {
    it(`fails on ${what}`, () => {
      const { failures } = find({ [path]: text })
      expect(
        failures.some((failure) => failure.startsWith(path) && says.test(failure)),
        failures.join('\n')
      ).to.equal(true)
    })
  }

  it('follows workers, children and tests, and reports what grows', () => {
    const { failures, notes } = find({
      'node/cli/main.ts': "new Worker(new URL('../engine/worker.ts', import.meta.url))\n",
      'node/engine/worker.ts': '\n'.repeat(400),
      'test/sdk/a.test.ts': "import '../../sdk/net/libp2p.ts'\n",
      'sdk/net/libp2p.ts': "import { createLibp2p } from 'libp2p'\n"
    })
    expect(failures).to.deep.equal([])
    expect(notes).to.deep.equal(['node/engine/worker.ts: 400 lines, over 350'])
  })
})
