/** Who made how much of an answer and what they were paid for it, with the proof of every leg. */
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Id } from '../../web/id.tsx'
import { type Exchange, legsOf } from './conversation.ts'
import { Peer, useNames } from './names.tsx'
import type { Leg } from './wire.ts'

const PROOFS_SHOWN = 4

export const Gap = ({ ms }: { ms: number }): ReactNode => (
  <span className='numeric'>{ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms</span>
)

/** The row of tokens, cut where hands changed. */
const Cloth = ({ legs }: { legs: Leg[] }): ReactNode => {
  const { hueOf } = useNames()
  return (
    <div className='cloth' aria-hidden='true'>
      {legs
        .filter(({ from, to }) => to > from)
        .map(({ leg, provider, from, to }) => (
          <span key={leg} className={hueOf(provider)} style={{ flexGrow: to - from }} />
        ))}
    </div>
  )
}

/** A receipt each: the newest ends the leg and says how. */
const Proofs = ({ leg: { leg, receipts }, explorer }: { leg: Leg; explorer: string | null }): ReactNode => {
  if (receipts.length === 0) return <span className='quiet proofs'>receipt to come</span>
  const shown = receipts.slice(-PROOFS_SHOWN)
  const first = receipts.length - shown.length + 1
  const label = (i: number): string => (receipts.length === 1 ? 'proof' : `${first + i}`)
  return (
    <span className='proofs'>
      {receipts.length > 1 && <span className='quiet'>proofs</span>}
      {shown.map((hash, i) =>
        explorer === null ? (
          <Id key={hash} id={hash} />
        ) : (
          <a key={hash} href={`${explorer}/receipt/${hash}`} target='_blank' rel='noreferrer' title={hash}>
            {label(i)}
            <span className='hidden-label'>{` of leg ${leg}, in the explorer`}</span>
          </a>
        )
      )}
    </span>
  )
}

const Row = ({ leg, explorer }: { leg: Leg; explorer: string | null }): ReactNode => (
  <li className='leg' data-provider={leg.provider} data-amount={leg.amount}>
    <Peer id={leg.provider} />
    <span className='numeric'>
      {leg.to - leg.from} <span className='quiet'>tokens</span>
    </span>
    <span className='quiet how'>
      {leg.end === 'running' ? 'writing' : leg.end}
      {leg.gapMs > 0 && (
        <>
          {' '}
          · took over in <Gap ms={leg.gapMs} />, {leg.kept} kept, {leg.recomputed} recomputed
        </>
      )}
    </span>
    <span className='pay'>
      <Amount wei={leg.amount} /> <span className='quiet'>OPEN</span>
    </span>
    <Proofs leg={leg} explorer={explorer} />
  </li>
)

export const Account = ({ exchange, explorer }: { exchange: Exchange; explorer: string | null }): ReactNode => {
  const legs = legsOf(exchange)
  if (legs.length === 0) return null
  return (
    <section className='account' aria-label='Account of this answer'>
      <Cloth legs={legs} />
      <ol>
        {legs.map((leg) => (
          <Row key={leg.leg} leg={leg} explorer={explorer} />
        ))}
      </ol>
    </section>
  )
}
