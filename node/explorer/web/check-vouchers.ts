/**
 * Whether decoded vouchers are those that a batch was settled with, by the code of sdk/protocol: hashed to its root, held against its
 * payments, and looked for in the input data. The server that decoded them is believed nothing.
 */
import { plural, t } from '@lingui/core/macro'
import { batchLeaf, batchRoot } from 'openseam/protocol/batch-tree'
import { type Address, type Bytes32, bytesToHex } from 'openseam/protocol/eth'
import { encodeWords } from 'openseam/protocol/words'
import { count } from '../../web/locale.ts'
import type { Batch, Voucher } from './wire.ts'

type Field = 'client' | 'modelId' | 'from' | 'to'

const wordsOf: Record<Field, (voucher: string) => string> = {
  client: (voucher) => t`Of voucher ${voucher}, the client is not what was paid.`,
  modelId: (voucher) => t`Of voucher ${voucher}, the model is not what was paid.`,
  from: (voucher) => t`Of voucher ${voucher}, the channel’s total before is not what was paid.`,
  to: (voucher) => t`Of voucher ${voucher}, the channel’s total after is not what was paid.`
}
const fields = Object.keys(wordsOf) as Field[]

/** What is not as it has to be, in words; empty where all is. An `input` that is not shown (null) is not looked into. */
export const differencesOf = (batch: Batch, vouchers: readonly Voucher[], input: string | null): string[] => {
  const { payments, provider, header } = batch
  const found = differenceOfRoots(header.root, provider, vouchers)
  if (vouchers.length !== payments.length) found.push(wordsOfNumbers(count(vouchers.length), payments.length))
  const paid = vouchers.reduce((sum, { from, to }) => sum + BigInt(to) - BigInt(from), 0n)
  if (paid !== BigInt(header.total)) found.push(wordsOfTotals(String(paid), header.total))
  for (const [i, voucher] of vouchers.entries()) {
    const place = count(i + 1)
    const payment = payments[i]
    for (const field of payment === undefined ? [] : fields) {
      if (voucher[field] !== payment?.[field]) found.push(wordsOf[field](place))
    }
    if (input !== null && !standsIn(input, voucher)) found.push(wordsOfStanding(place))
  }
  return found
}

const wordsOfNumbers = (vouchers: string, paid: number): string =>
  t({
    message: plural({ paid }, { one: `They are ${vouchers}, and # was paid.`, other: `They are ${vouchers}, and # were paid.` }),
    comment: 'They: the vouchers that were decoded; and how many vouchers the batch paid'
  })

const wordsOfStanding = (voucher: string): string => t`Voucher ${voucher} does not stand in the input data.`

// In all digits: the two may differ in the last.
const wordsOfTotals = (paid: string, total: string): string => t`They paid ${paid} wei, and the batch’s total is ${total}.`

const differenceOfRoots = (root: string, provider: string, vouchers: readonly Voucher[]): string[] => {
  try {
    const made = rootOf(provider, vouchers)
    return made === root ? [] : [t`The root they make is ${made}, and the batch’s is ${root}.`]
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [t`The root they make is none (${reason}), and the batch’s is ${root}.`]
  }
}

const rootOf = (provider: string, vouchers: readonly Voucher[]): string =>
  batchRoot(
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
