// `npm run soak -- NAME`: what takes too long for every run of the tests. Progress goes to stderr, one JSON line comes last.
const soaks: Record<string, () => Promise<() => Promise<object>>> = {
  'index-kills': async () => (await import('./soak/index-kills.ts')).indexKills,
  kills: async () => (await import('./soak/kills.ts')).kills,
  invariants: async () => (await import('./soak/invariants.ts')).invariants,
  'gateway-streams': async () => (await import('./soak/gateway-streams.ts')).gatewayStreams,
  'gateway-fuzz': async () => (await import('./soak/gateway-fuzz.ts')).gatewayFuzz
}

const name = process.argv[2] ?? ''
const load = soaks[name]
if (load === undefined) {
  process.stderr.write(`usage: npm run soak -- NAME\nNAME is one of: ${Object.keys(soaks).join(', ')}\n`)
  process.exit(2)
}
const soak = await load()
process.stdout.write(`${JSON.stringify({ soak: name, results: await soak() })}\n`)
process.exit(0)
