#!/usr/bin/env node
// Published, the commands are JavaScript beside this file. In the repository they are TypeScript, which needs a Node that strips types
// and the condition under which the workspace's packages export their sources: the process becomes that Node, same pid, same streams.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const source = join(here, '../cli/main.ts')

if (existsSync(source)) becomeSourceRunner()
else await import(pathToFileURL(join(here, '../dist/cli/main.js')).href)

function becomeSourceRunner() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const stripsTypes = major > 22 || (major === 22 && minor >= 18)
  const node = stripsTypes
    ? process.execPath
    : join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin/node')
  const args = [...process.execArgv, '--conditions=source', source, ...process.argv.slice(2)]
  if (typeof process.execve === 'function') process.execve(node, [node, ...args], process.env)
  // Older Nodes cannot become another process: stand in between, passing signals down and the end up.
  const child = spawn(node, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(`cannot run ${node}: ${error.message}`))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}

function fail(reason) {
  process.stderr.write(`${reason}\n`)
  process.exit(1)
}
