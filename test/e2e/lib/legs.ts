/** What must hold for the legs of any answer, however often it moved. */
import { expect } from 'chai'
import type { LegObject } from '../../../node/devnet/sse.ts'
import type { Answer } from './http.ts'

/** Legs tile [0, completion tokens), and are paid by position; empty ones are failed attempts and cost nothing. */
export const expectTiled = ({ result, completionTokens }: Answer): void => {
  expect(result.tokenIds).to.have.length(completionTokens)
  let at = 0
  for (const leg of result.legs) {
    expect(leg.from, `leg ${leg.leg} starts where the one before ended`).to.equal(at)
    expect(leg.to).to.be.at.least(leg.from)
    at = leg.to
  }
  expect(at).to.equal(completionTokens)
  const sum = result.legs.reduce((wei, leg) => wei + BigInt(leg.amount), 0n)
  expect(sum.toString()).to.equal(result.amount)
}

/** The legs that delivered something. */
export const served = ({ result }: Answer): LegObject[] => result.legs.filter((leg) => leg.to > leg.from)

export const expectSame = (answer: Answer, calm: Answer): void => {
  expect(answer.result.tokenIds).to.deep.equal(calm.result.tokenIds)
  expect(answer.text).to.equal(calm.text)
  expect(answer.finish).to.equal(calm.finish)
}
