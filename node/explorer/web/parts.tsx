/** Small things that every page is made of. */
import { t } from '@lingui/core/macro'
import { type ReactNode, useState } from 'react'
import { count, locale, timeOf } from '../../web/locale.ts'
import { Named } from './named.tsx'
import type { Loaded } from './use-load.ts'

export const utc = (seconds: number): string => `${new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ')} UTC`

/** In the reader's zone; UTC on hover. */
export const Time = ({ at }: { at: number }): ReactNode => (
  <time className='numeric' dateTime={new Date(at * 1_000).toISOString()} title={utc(at)}>
    {timeOf(new Date(at * 1_000))}
  </time>
)

const units: [name: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1]
]
const ago = new Intl.RelativeTimeFormat(locale(), { style: 'short' })

/** Seconds from now, before it where they are negative, in whole units of the largest that there is one of. */
export const relative = (seconds: number): string => {
  const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1]
  return ago.format(Math.trunc(seconds / length), unit)
}

/** How long ago, for what is read as it happens; the exact time on hover. */
export const Ago = ({ at }: { at: number }): ReactNode => {
  const age = Math.max(0, Math.floor(Date.now() / 1_000) - at)
  return (
    <time className='numeric' dateTime={new Date(at * 1_000).toISOString()} title={utc(at)}>
      {relative(-age)}
    </time>
  )
}

export const Count = ({ of }: { of: number | bigint }): ReactNode => <span className='numeric'>{count(of)}</span>

export const To = ({ page, id, children }: { page: string; id: string; children?: ReactNode }): ReactNode => (
  <a href={`/${page}/${id}`}>{children ?? <Named id={id} />}</a>
)

export const Figure = ({ name, children, note }: { name: string; children: ReactNode; note?: ReactNode }): ReactNode => (
  <div className='card figure'>
    <dt>{name}</dt>
    <dd>
      <span className='big'>{children}</span>
      {note !== undefined && <span className='quiet small'>{note}</span>}
    </dd>
  </div>
)

export const Facts = ({ rows }: { rows: [name: string, value: ReactNode][] }): ReactNode => (
  <dl className='facts'>
    {rows.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

/** Browsers give pages no clipboard over plain HTTP from afar: then there is no button. */
export const Copy = ({ text }: { text: string }): ReactNode => {
  const [copied, setCopied] = useState<string | undefined>(undefined)
  if (navigator.clipboard === undefined) return null
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied(text),
      () => setCopied(undefined)
    )
  return (
    <button type='button' className='button copy' onClick={copy}>
      {copied === text ? t`Copied` : t`Copy`}
    </button>
  )
}

export const AsJson = ({ path }: { path: string }): ReactNode => (
  <p className='small'>
    <a href={path}>{t`This as JSON`}</a>
  </p>
)

export const Title = ({ kind, id, children }: { kind: string; id?: string; children?: ReactNode }): ReactNode => (
  <div className='title'>
    <h1>{kind}</h1>
    {id !== undefined && (
      <p className='mono quiet whole'>
        {id} <Copy text={id} />
      </p>
    )}
    {children}
  </div>
)

export const Empty = ({ children }: { children: ReactNode }): ReactNode => <p className='empty quiet'>{children}</p>

export const Loading = (): ReactNode => (
  <p className='loading' role='status'>
    <span className='hidden-label'>{t`Loading`}</span>
  </p>
)

/** The value once it is there; until then, or instead of it, what a reader has to know. */
export const Shown = <Value,>({
  of,
  missing = t`Nothing of that name is in the index.`,
  children
}: {
  of: Loaded<Value>
  missing?: ReactNode
  children: (value: Value) => ReactNode
}): ReactNode => {
  if (of.phase === 'ready') return children(of.value)
  if (of.phase === 'loading') return <Loading />
  if (of.status === 404) return <Empty>{missing}</Empty>
  return (
    <p className='notice bad' role='alert'>
      {of.message}
    </p>
  )
}
