/** Encoding and decoding of the contracts' calls. Addresses and hashes come out in lower case, as everywhere in openseam. */
import { AbiCoder, Interface, type Result } from 'ethers'
import { type Hex, hexToBytes } from '../protocol/eth.ts'
import { Committee, Court, Ledger, Models, OpenToken, Registry } from './artifacts.ts'
import type { Rpc } from './rpc.ts'

export const ledgerAbi = new Interface(Ledger.abi)
export const registryAbi = new Interface(Registry.abi)
export const modelsAbi = new Interface(Models.abi)
export const courtAbi = new Interface(Court.abi)
export const committeeAbi = new Interface(Committee.abi)
export const tokenAbi = new Interface(OpenToken.abi)

export const encodeCall = (abi: Interface, name: string, args: readonly unknown[]): Hex =>
  abi.encodeFunctionData(name, args) as Hex

export const encodeDeploy = (bytecode: Hex, abi: Interface, args: readonly unknown[]): Hex =>
  `${bytecode}${abi.encodeDeploy(args).slice(2)}` as Hex

export const encodeAbi = (types: readonly string[], values: readonly unknown[]): Uint8Array =>
  hexToBytes(AbiCoder.defaultAbiCoder().encode(types, values))

/** Calls a view and gives its results as plain arrays. */
export const view = async (
  rpc: Rpc,
  abi: Interface,
  to: Hex,
  name: string,
  args: readonly unknown[] = []
): Promise<unknown[]> => {
  const data = await rpc.call({ to, data: encodeCall(abi, name, args) })
  return plainResult(abi.decodeFunctionResult(name, data))
}

export const plainResult = (result: Result): unknown[] => result.toArray(true).map(lower)

const lower = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(lower)
  return typeof value === 'string' && value.startsWith('0x') ? value.toLowerCase() : value
}
