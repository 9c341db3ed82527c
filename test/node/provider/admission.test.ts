import { expect } from 'chai'
import fc from 'fast-check'
import type { SeamError } from 'openseam/protocol/errors'
import {
  STRANGER_ESCROW_FACTOR,
  STRANGER_PROMPT_MAX,
  STRANGER_UNSECURED_POSITIONS,
  STRANGERS_UNSECURED_POSITIONS
} from 'openseam/protocol/limits'
import { type AccountView, type AdmissionRequest, admit, unsecured } from '../../../node/provider/admission.ts'
import { codeThrown } from '../../sdk/session/support.ts'

const request: AdmissionRequest = { promptPositions: 100, exposure: 1_000n, completionWei: 7n }
/** A good client: a voucher seen, nothing owed, and escrow enough to be lent on. */
const account = (changes: Partial<AccountView> = {}): AccountView => ({
  balance: STRANGER_ESCROW_FACTOR * request.exposure,
  left: 0n,
  settled: 0n,
  signed: 0n,
  exitPending: false,
  known: true,
  openLegs: 0,
  unpaidLegs: 0,
  unpaid: 0n,
  lent: 0n,
  lentToAll: 0n,
  ...changes
})
const LINE = BigInt(STRANGER_UNSECURED_POSITIONS) * request.completionWei

const refusal = (view: AccountView, asked = request): SeamError | null => {
  try {
    admit(view, asked)
    return null
  } catch (error) {
    return error as SeamError
  }
}

describe('admission', () => {
  it('lends to an account with escrow of a hundred times the sum, not with one wei less', () => {
    expect(refusal(account())).to.equal(null)
    expect(refusal(account({ balance: account().balance - 1n }))?.code).to.equal('CREDIT_EXHAUSTED')
  })

  it('serves an account without free escrow as far as it has prefunded this provider', () => {
    expect(refusal(account({ balance: 0n, left: 1_000n }))).to.equal(null)
    const short = refusal(account({ balance: 0n, left: 999n }))
    expect(short?.code).to.equal('CREDIT_EXHAUSTED')
    expect(short?.detail).to.deep.equal({ amount: '1' })
  })

  it('counts what is signed and not settled, what is lent now, and what is asked for', () => {
    const covered = { balance: 0n, left: 5_000n }
    expect(refusal(account({ ...covered, signed: 6_000n, settled: 4_000n, lent: 2_000n }))).to.equal(null)
    for (const more of [{ signed: 6_001n }, { lent: 2_001n }, { settled: 3_999n }]) {
      expect(refusal(account({ ...covered, signed: 6_000n, settled: 4_000n, lent: 2_000n, ...more }))?.code).to.equal(
        'CREDIT_EXHAUSTED'
      )
    }
    expect(
      refusal(account({ ...covered, signed: 6_000n, settled: 4_000n, lent: 2_000n }), { ...request, exposure: 1_001n })?.code
    ).to.equal('CREDIT_EXHAUSTED')
  })

  it('never lends more than its line, however rich the account', () => {
    expect(refusal(account({ balance: 10n ** 30n, lent: LINE - 1_000n }))).to.equal(null)
    expect(refusal(account({ balance: 10n ** 30n, lent: LINE - 999n }))?.code).to.equal('CREDIT_EXHAUSTED')
  })

  it('never lends more than is in escrow, however good the account', () => {
    const { balance } = account()
    expect(refusal(account({ lent: balance - 1_000n }))).to.equal(null)
    expect(refusal(account({ lent: balance - 999n }))?.code).to.equal('CREDIT_EXHAUSTED')
    expect(refusal(account({ left: 1n, lent: balance - 999n }))).to.equal(null)
  })

  it('halves the line after each leg that ended unpaid, down to nothing', () => {
    const lines = [0, 1, 2, 14, 15, 1_000].map((unpaidLegs) => unsecured({ balance: 10n ** 30n, unpaidLegs }, request))
    expect(lines).to.deep.equal([LINE, LINE / 2n, LINE / 4n, 7n, 0n, 0n])
  })

  it('all accounts together get no more on credit than its whole line; what is prefunded does not count', () => {
    const whole = BigInt(STRANGERS_UNSECURED_POSITIONS) * request.completionWei
    expect(refusal(account({ lentToAll: whole - 1_000n }))).to.equal(null)
    expect(refusal(account({ lentToAll: whole - 999n }))?.code).to.equal('BUSY')
    expect(refusal(account({ lentToAll: whole, left: 1_000n }))).to.equal(null)
  })

  it('an unpaid leg is paid first, and the refusal says how much', () => {
    const refused = refusal(account({ unpaid: 42n, left: 10n ** 20n }))
    expect(refused?.code).to.equal('UNPAID_LEG')
    expect(refused?.detail).to.deep.equal({ amount: '42' })
  })

  it('C6: an account that is leaving is served only on what is prefunded', () => {
    expect(refusal(account({ exitPending: true }))?.code).to.equal('WALLET_UNFUNDED')
    expect(refusal(account({ exitPending: true, left: 999n }))?.code).to.equal('WALLET_UNFUNDED')
    expect(refusal(account({ exitPending: true, left: 1_000n }))).to.equal(null)
  })

  it('a stranger gets one leg at a time, and a short first prompt', () => {
    const stranger = { known: false, left: 10n ** 20n }
    expect(refusal(account({ ...stranger }))).to.equal(null)
    expect(refusal(account({ ...stranger, openLegs: 1 }))?.code).to.equal('BUSY')
    expect(refusal(account({ ...stranger }), { ...request, promptPositions: STRANGER_PROMPT_MAX })).to.equal(null)
    expect(refusal(account({ ...stranger }), { ...request, promptPositions: STRANGER_PROMPT_MAX + 1 })?.code).to.equal(
      'CREDIT_EXHAUSTED'
    )
    expect(refusal(account({ openLegs: 9 }), { ...request, promptPositions: 100_000 })).to.equal(null)
  })

  it('whatever it admits, what is owed then is covered by prefund and line', () => {
    const wei = fc.bigInt({ min: 0n, max: 10n ** 6n })
    const views = fc.record({ balance: wei, left: wei, settled: wei, lent: wei, unpaidLegs: fc.nat(20) })
    fc.assert(
      fc.property(views, wei, wei, (view, unsettled, exposure) => {
        const asked = { ...request, exposure }
        const full = account({ ...view, signed: view.settled + unsettled })
        const admitted = codeThrown(() => admit(full, asked)) === 'none'
        const line = (BigInt(STRANGER_UNSECURED_POSITIONS) * request.completionWei) / 2n ** BigInt(view.unpaidLegs)
        const bound = view.left + (line < view.balance ? line : view.balance)
        if (admitted) expect(unsettled + view.lent + exposure <= bound).to.equal(true)
      })
    )
  })
})
