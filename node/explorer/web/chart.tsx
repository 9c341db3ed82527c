/** A drawing as wide as its place, by Observable Plot, which is fetched with the first one and is no part of the first load. */
import { t } from '@lingui/core/macro'
import { type ReactNode, useEffect, useRef } from 'react'
import { numberTick, timeTick } from './axes.ts'
import { saveFile } from './save-file.ts'

type Plot = typeof import('./plot.ts')
export type Draw = (plot: Plot, width: number) => Element

interface ChartProps {
  /** Of the file that the picture is kept in. */
  name: string
  /** For who cannot see it. */
  label: string
  caption: ReactNode
  /** The same function until what it draws changes. */
  draw: Draw
  /** The numbers, folded away below. */
  children: ReactNode
}

export const Chart = ({ name, label, caption, draw, children }: ChartProps): ReactNode => {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const at = place.current
    if (at === null) return
    let plot: Plot | undefined
    let isCurrent = true
    const again = (): void => {
      if (plot === undefined || at.clientWidth === 0) return
      const drawn = draw(plot, at.clientWidth)
      drawn.querySelector('style')?.remove() // the policy of the page allows none that stands in it
      drawn.setAttribute('aria-hidden', 'true') // its place says what it is
      at.replaceChildren(drawn)
    }
    const resized = new ResizeObserver(again)
    resized.observe(at)
    void import('./plot.ts').then((loaded) => {
      if (!isCurrent) return
      plot = loaded
      again()
    })
    return () => {
      isCurrent = false
      resized.disconnect()
    }
  }, [draw])
  const keep = async (): Promise<void> => {
    const drawn = place.current?.firstElementChild
    if (!drawn) return
    const { pictureOf } = await import('./plot.ts') // it is here: it drew this
    saveFile(`openseam-${name}.svg`, 'image/svg+xml', pictureOf(drawn, label))
  }
  return (
    <>
      <figure className='card chart'>
        <div ref={place} dir='ltr' role='img' aria-label={t`${label}; the numbers are below`} />
        <figcaption className='quiet small'>
          <span>{caption}</span>
          <button type='button' className='button quiet-button' onClick={() => void keep()}>
            {t`Picture (SVG)`}
          </button>
        </figcaption>
      </figure>
      <details>
        <summary className='small'>{t`The numbers`}</summary>
        {children}
      </details>
    </>
  )
}

const HEIGHT = 220
const DAY_WIDTH = 110 // of a date below the axis

/** Amounts of something over time, in UTC. */
export const overTime = (width: number, label: string) => ({
  width,
  height: HEIGHT,
  marginLeft: 56,
  marginBottom: 40,
  x: { type: 'utc' as const, label: null, ticks: Math.max(2, Math.floor(width / DAY_WIDTH)), tickFormat: timeTick },
  y: { label, grid: true, zero: true, ticks: 4, tickFormat: numberTick }
})

/** For a drawing alone, to six places. */
export const toDraw = (wei: bigint): number => Number(wei / 1_000_000_000_000n) / 1_000_000

/** A day of the API, of whatever kind, as a date. */
export const dateOf = ({ day }: { day: number }): string => new Date(day * 1_000).toISOString().slice(0, 10)
