import { openBareLoop, promptId } from './bare-loop.ts'
import { openEngine } from '../../node/engine/engine.ts'
const [context, tokens] = [128, 400]
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000 }
const engine = await openEngine({ modelDir: 'models/seam-chat', slots: 2 })
const loop = openBareLoop('models/seam-chat', 1)
const eng = () => new Promise<number>((resolve) => { let t0 = 0, n0 = 0, n = 0
  engine.start({ key: 'k' + Math.random(), ids: Array.from({ length: context }, (_, i) => promptId(i)), from: 0, completionFrom: context, maxTo: context + tokens,
    sampling: { temperature: 0, topP: 1, topK: 0, minP: 0, repetitionPenalty: 1, frequencyPenalty: 0, presencePenalty: 0, logitBias: [], seed: 0n, logprobs: 0 }, stopIds: [] }, (e) => {
    if (e.kind === 'tokens') { n += e.ids.length; if (!t0) { t0 = performance.now(); n0 = n } }
    if (e.kind === 'end') resolve((n - n0) * 1000 / (performance.now() - t0)) }) })
for (let i = 0; i < 6; i++) {
  let c = cpu(); const b = loop.run({ context, tokens }); const bc = (cpu() - c) / tokens
  c = cpu(); const e = await eng(); const ec = (cpu() - c) / tokens
  console.log(`bare ${b.toFixed(0)}/s cpu ${bc.toFixed(3)} ms/token; engine ${e.toFixed(0)}/s cpu ${ec.toFixed(3)} ms/token (prefill included in both)`)
}
process.exit(0)
