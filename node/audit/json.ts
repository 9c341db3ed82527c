/** Reports as JSON: wei are decimal strings, proofs are proof files. */
import type { Proof } from 'openseam/protocol/proof'
import { proofToJson } from 'openseam/protocol/proof-file'

export const toJsonReport = (report: object): string =>
  JSON.stringify(
    report,
    (key, value: unknown) => {
      if (typeof value === 'bigint') return value.toString()
      return key === 'proof' && value !== null ? proofToJson(value as Proof) : value
    },
    2
  )
