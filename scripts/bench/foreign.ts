/**
 * Answers made on one processor, run again on another: for the calibration of fingerprints (docs/bench.md) beyond the machine at hand. `make FILE`
 * there, `check FILE` here, or under an emulator of an older processor, for which the runtime takes other kernels.
 *
 *   node --conditions=source scripts/bench/foreign.ts make /tmp/answers.json 40
 *   qemu-x86_64 -cpu Nehalem $(which node) --conditions=source scripts/bench/foreign.ts check /tmp/answers.json
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { bytesToHex, hexToBytes } from 'openseam/protocol/eth'
import { Sampling } from 'openseam/protocol/pb'
import { openEngine } from '../../node/engine/index.ts'
import { Replay } from '../../node/engine/replay.ts'
import { answerOf, type BlockFigures, checked, requestOf, summed } from './fingerprint.ts'
import { benchModel } from './models.ts'

interface Row {
  ids: number[]
  completionFrom: number
  sampling: string
  prints: string
}

const [action, file = '', count = '40'] = process.argv.slice(2)
const model = await benchModel('seam-chat')

if (action === 'make') {
  const engine = await openEngine({ modelDir: model.dir, slots: 4 })
  const rows: Row[] = []
  for (let seed = 1; seed <= Number(count); seed++) {
    const { ids, completionFrom, sampling, prints } = await answerOf(engine, requestOf(model, seed), {})
    rows.push({ ids, completionFrom, sampling: bytesToHex(Sampling.encode(sampling)), prints: bytesToHex(prints) })
  }
  await engine.close()
  writeFileSync(file, JSON.stringify(rows))
} else if (action === 'check') {
  const replay = new Replay({ modelDir: model.dir })
  const figures: BlockFigures[] = []
  for (const row of JSON.parse(readFileSync(file, 'utf8')) as Row[]) {
    const answer = { ...row, sampling: Sampling.decode(hexToBytes(row.sampling)), prints: hexToBytes(row.prints) }
    figures.push(...(await checked(replay, model.dir, answer)))
    process.stderr.write(`${figures.length} blocks, ${JSON.stringify(summed(figures))}\n`)
  }
  replay.close()
  process.stdout.write(`${JSON.stringify(summed(figures))}\n`)
} else {
  process.stderr.write('foreign.ts make FILE [COUNT] | check FILE\n')
  process.exitCode = 2
}
