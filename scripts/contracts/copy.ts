/** A copy of the contracts and their tests in which files may be changed. Whoever asks for it removes it. */
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const copyOfContracts = (root: string): string => {
  const copy = mkdtempSync(join(tmpdir(), 'openseam-contracts-'))
  for (const part of ['contracts', 'test/contracts', 'test/vectors', 'hardhat.config.ts', 'package.json'])
    cpSync(join(root, part), join(copy, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}
