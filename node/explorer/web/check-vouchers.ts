/**
 * Whether decoded vouchers are those that a batch was settled with, by the code of sdk/protocol: hashed to its root, held against its
 * payments, and looked for in the input data. The server that decoded them is believed nothing.
 */
import { batchLeaf, batchRoot } from 'openseam/protocol/batch-tree'
import { type Address, type Bytes32, bytesToHex } from 'openseam/protocol/eth'
import { encodeWords } from 'openseam/protocol/words'
import type { Batch, Voucher } from './wire.ts'

const names = { client: 'the client', modelId: 'the model', from: 'the channel’s total before', to: 'the channel’s total after' }
const fields = Object.keys(names) as (keyof typeof names)[]

/** What is not as it has to be, in words; empty where all is. An `input` that is not shown (null) is not looked into. */
export const differencesOf = (batch: Batch, vouchers: readonly Voucher[], input: string | null): string[] => {
  const { payments, provider, header } = batch
  const root = rootOf(provider, vouchers)
  const found = root === header.root ? [] : [`The root they make is ${root}, and the batch’s is ${header.root}.`]
  if (vouchers.length !== payments.length) found.push(`They are ${vouchers.length}, and ${payments.length} were paid.`)
  const paid = vouchers.reduce((sum, { from, to }) => sum + BigInt(to) - BigInt(from), 0n)
  if (paid !== BigInt(header.total)) found.push(`They paid ${paid} wei, and the batch’s total is ${header.total}.`)
  for (const [i, voucher] of vouchers.entries()) {
    const payment = payments[i]
    for (const field of payment === undefined ? [] : fields) {
      if (voucher[field] !== payment?.[field]) found.push(`Of voucher ${i + 1}, ${names[field]} is not what was paid.`)
    }
    if (input !== null && !standsIn(input, voucher)) found.push(`Voucher ${i + 1} does not stand in the input data.`)
  }
  return found
}

const rootOf = (provider: string, vouchers: readonly Voucher[]): string => {
  try {
    return batchRoot(
      vouchers.map(({ client, modelId, from, to, units, workRoot }) =>
        batchLeaf({
          client: client as Address,
          provider: provider as Address,
          modelId: modelId as Bytes32,
          from: BigInt(from),
          to: BigInt(to),
          units,
          workRoot: workRoot as Bytes32
        })
      )
    )
  } catch (error) {
    return `none (${error instanceof Error ? error.message : String(error)})`
  }
}

/** Calldata has a voucher's six words one behind the other. */
const standsIn = (input: string, { client, cumulative, units, workRoot, signature }: Voucher): boolean => {
  try {
    const words = encodeWords(
      ['address', client, 'client'],
      ['uint96', BigInt(cumulative), 'cumulative'],
      ['uint64', units, 'units'],
      ['bytes32', workRoot, 'workRoot']
    )
    return input.includes(bytesToHex(words).slice(2) + signature.slice(2))
  } catch {
    return false // no voucher that could stand anywhere
  }
}
