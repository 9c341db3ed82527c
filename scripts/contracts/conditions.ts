/**
 * Finds every condition in Solidity sources, and wraps each in a call of a probe of its own, a function that returns what it is given: which of
 * its two lines ran says which ways the condition went. Hardhat counts lines only. No line moves, so the lines of the sources count as they are.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

export interface Condition {
  file: string
  line: number
  text: string
}

export interface Probed {
  /** In the order of their probes. */
  conditions: Condition[]
  /** New text by file; the probes are a file among them. */
  files: Map<string, string>
  /** Lines of the probes' file that run where condition i holds, and where it does not. */
  linesOf(i: number): { yes: number; no: number }
}

export const PROBES = 'contracts/Probes.sol'
const PROBE_LINES = 6
const HEADER_LINES = 2

interface Node {
  nodeType: string
  src: string
  [field: string]: unknown
}

/** `files` are paths below `root`. */
export const probe = (root: string, files: readonly string[]): Probed => {
  const trees = parse(root, files)
  const conditions: Condition[] = []
  const changed = new Map<string, string>()
  for (const file of files) {
    const source = readFileSync(join(root, file))
    const found = new Map<string, [start: number, end: number]>()
    visit(trees[file] as Node, (node) => {
      for (const leaf of conditionsOf(node)) found.set(leaf.src, rangeOf(leaf))
    })
    const ranges = [...found.values()].toSorted((a, b) => a[0] - b[0] || b[1] - a[1])
    const first = conditions.length
    for (const [start, end] of ranges) {
      const line = source.subarray(0, start).toString().split('\n').length
      conditions.push({ file, line, text: source.subarray(start, end).toString().replaceAll(/\s+/g, ' ') })
    }
    if (ranges.length > 0) changed.set(file, wrap(source, ranges, first, importOf(file)))
  }
  const probes = conditions.map((_, i) => `function probe${i}(bool holds) pure returns (bool) {\n${BODY}`)
  changed.set(PROBES, `// SPDX-License-Identifier: Apache-2.0\npragma solidity ^0.8.34;\n${probes.join('')}`)
  const lineOf = (i: number): number => HEADER_LINES + PROBE_LINES * i + 1
  return { conditions, files: changed, linesOf: (i) => ({ yes: lineOf(i) + 2, no: lineOf(i) + 4 }) }
}

const BODY = '    if (holds)\n        return true;\n    else\n        return false;\n}\n'

/** The parser of the compiler that the contracts are built with; nothing is compiled. */
const parse = (root: string, files: readonly string[]): Record<string, Node> => {
  const require = createRequire(import.meta.url)
  const solc = require('solc') as { compile(input: string, on: { import(path: string): { contents: string } }): string }
  const sources = Object.fromEntries(files.map((file) => [file, { content: readFileSync(join(root, file), 'utf8') }]))
  const settings = { evmVersion: 'cancun', outputSelection: { '*': { '': ['ast'] } } }
  const input = JSON.stringify({ language: 'Solidity', sources, settings })
  const found = (path: string): string => (path.startsWith('@') ? join(root, 'node_modules', path) : join(root, path))
  const output = JSON.parse(solc.compile(input, { import: (path) => ({ contents: readFileSync(found(path), 'utf8') }) })) as {
    errors?: { severity: string; formattedMessage: string }[]
    sources: Record<string, { ast: Node }>
  }
  const fault = output.errors?.find(({ severity }) => severity === 'error')
  if (fault !== undefined) throw new Error(fault.formattedMessage)
  return Object.fromEntries(files.map((file) => [file, output.sources[file]?.ast as Node]))
}

const visit = (node: Node, on: (node: Node) => void): void => {
  on(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child === 'object' && child !== null && 'nodeType' in child && 'src' in child) visit(child as Node, on)
  }
}

/** What this node decides by, taken apart at && and ||. */
const conditionsOf = (node: Node): Node[] => {
  if (['IfStatement', 'Conditional', 'WhileStatement', 'DoWhileStatement', 'ForStatement'].includes(node.nodeType))
    return node['condition'] === null ? [] : leaves(node['condition'] as Node)
  if (node.nodeType === 'BinaryOperation') return isShort(node) ? leaves(node) : []
  const called = node.nodeType === 'FunctionCall' && (node['expression'] as Node)['name']
  return called === 'require' || called === 'assert' ? leaves((node['arguments'] as Node[])[0] as Node) : []
}

const isShort = ({ operator }: Node): boolean => operator === '&&' || operator === '||'

const leaves = (node: Node): Node[] => {
  if (node.nodeType === 'BinaryOperation' && isShort(node))
    return [...leaves(node['leftExpression'] as Node), ...leaves(node['rightExpression'] as Node)]
  if (node.nodeType === 'TupleExpression') return leaves((node['components'] as Node[])[0] as Node)
  return [node]
}

/** Bytes, half-open. */
const rangeOf = ({ src }: Node): [number, number] => {
  const [start, length] = src.split(':').map(Number) as [number, number]
  return [start, start + length]
}

const importOf = (file: string): string => ` import "${relative(dirname(file), PROBES).replace(/^(?!\.)/, './')}";`

const wrap = (source: Buffer, ranges: [number, number][], first: number, importing: string): string => {
  const inserts = ranges.flatMap(([start, end], i) => [
    { at: start, text: `probe${first + i}(`, order: 1 },
    { at: end, text: ')', order: 0 }
  ])
  // A range that ends where another starts is closed first; of those that start together the wider one was found first.
  inserts.sort((a, b) => a.at - b.at || a.order - b.order)
  let text = ''
  let at = 0
  for (const insert of inserts) {
    text += source.subarray(at, insert.at).toString() + insert.text
    at = insert.at
  }
  text += source.subarray(at).toString()
  return text.replace(/^pragma [^;]+;/m, (pragma) => pragma + importing)
}
