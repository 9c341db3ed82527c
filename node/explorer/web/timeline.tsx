/** The legs of a conversation: each a band in its provider's colour, as long as what it read and wrote. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Amount } from '../../web/amount.tsx'
import { count } from '../../web/locale.ts'
import { wordsOfEnd } from './ends.tsx'
import { ProviderLink, useHue } from './hues.tsx'
import type { Leg, Receipt } from './wire.ts'

export const Timeline = ({ legs, receipts }: { legs: Leg[]; receipts: Receipt[] }): ReactNode => {
  const hueOf = useHue()
  const from = Math.min(...legs.map((leg) => leg.from))
  const to = Math.max(...legs.map((leg) => leg.to))
  const share = (position: number): number => ((position - from) * 100) / Math.max(1, to - from)
  const first = count(from)
  const last = count(to)
  return (
    <figure className='card timeline'>
      <ol>
        {legs.map((leg) => {
          const left = share(leg.from)
          const width = Math.max(0.6, share(leg.to) - left)
          const points = receipts.filter(
            ({ leg: number, provider, client, settled }) =>
              settled && number === leg.leg && provider === leg.provider && client === leg.client
          )
          return (
            <li key={`${leg.leg}${leg.provider}${leg.client}`} className={`hue-${hueOf(leg.provider)}`}>
              <span className='lane-name small'>
                <span className='quiet'>{t`leg ${{ leg: count(leg.leg) }}`}</span> <ProviderLink account={leg.provider} />
              </span>
              <span className='lane'>
                <svg viewBox='0 0 100 10' preserveAspectRatio='none' role='img' aria-label={wordsOfBand(leg)}>
                  <rect className='band' x={left} width={width} y='1' height='8' rx='0.6' />
                  {points.map((receipt) => (
                    <rect
                      key={receipt.hash}
                      className='point'
                      x={Math.max(0, share(receipt.to) - 0.25)}
                      width='0.25'
                      y='1'
                      height='8'
                    />
                  ))}
                </svg>
              </span>
              <span className='lane-end small'>
                <Work of={leg} />
                <span className='quiet'> · {wordsOfEnd(leg.end, t`end not proven`)} · </span>
                <Amount wei={leg.amount} />
              </span>
            </li>
          )
        })}
      </ol>
      <figcaption className='quiet small'>
        <Trans>
          Positions {first} to {last}, from left to right. A line in a band is where a signed receipt ends. How long a hand-over
          took only its client knows: receipts carry no times.
        </Trans>
      </figcaption>
    </figure>
  )
}

const wordsOfBand = ({ leg, from, to, end }: Leg): string => {
  const why = wordsOfEnd(end, t`its end is not proven`)
  return t({
    message: `leg ${{ leg: count(leg) }}: positions ${{ first: count(from) }} to ${{ last: count(to) }}, ${{ end: why }}`,
    comment: '{end} is why the leg ended, such as: the provider died'
  })
}

const Work = ({ of: { completionUnits, promptUnits } }: { of: Leg }): ReactNode => {
  const written = count(completionUnits)
  const read = count(promptUnits)
  return promptUnits > 0 ? (
    <Trans comment='How many tokens a leg wrote and read'>
      <b className='numeric'>{written}</b> written<span className='quiet'>, {read} read</span>
    </Trans>
  ) : (
    <Trans comment='How many tokens a leg wrote'>
      <b className='numeric'>{written}</b> written
    </Trans>
  )
}
