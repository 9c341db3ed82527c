/** One exchange: the question, the answer in its providers' colours with a seam at every change of hands, and its account. */
import type { ReactNode } from 'react'
import { Account, Gap } from './account.tsx'
import { type Exchange, isRunning, type Problem, type Span } from './conversation.ts'
import { Peer, useNames } from './names.tsx'
import type { SwitchView } from './wire.ts'

const reasons: Record<string, string> = {
  died: 'is gone',
  silent: 'fell silent',
  drained: 'handed over',
  refused: 'refused',
  moved: 'handed over',
  unpaid: 'stopped'
}

/** Stands in the text where hands changed, and lets it read on. */
const Seam = ({ moved: { from, to, reason, gapMs, kept, recomputed } }: { moved: SwitchView }): ReactNode => (
  <span className='seam' title={`${kept} positions kept, ${recomputed} recomputed`}>
    <Peer id={from} /> {reasons[reason] ?? reason}, <Peer id={to} /> goes on{' '}
    <span className='quiet'>
      <Gap ms={gapMs} />
    </span>
  </span>
)

const Text = ({ span: { provider, text, moved }, writing }: { span: Span; writing: boolean }): ReactNode => {
  const { hueOf } = useNames()
  return (
    <>
      {moved !== undefined && <Seam moved={moved} />}
      <span className={`made ${hueOf(provider)}`} data-provider={provider}>
        {text}
        {writing && <span className='caret' aria-hidden='true' />}
      </span>
    </>
  )
}

const Failure = ({ problem: { code, message, excluded } }: { problem: Problem }): ReactNode => (
  <div className='notice bad'>
    <p>
      <strong>{code}</strong> {message}
    </p>
    {excluded.length > 0 && (
      <ul className='excluded'>
        {excluded.map(({ provider, code: why, detail }) => (
          <li key={provider}>
            <Peer id={provider} /> {why}: {detail}
          </li>
        ))}
      </ul>
    )}
  </div>
)

export const Answer = ({ exchange, explorer }: { exchange: Exchange; explorer: string | null }): ReactNode => {
  const { question, spans, phase, finish, problem } = exchange
  return (
    <article className='exchange' aria-label={question.slice(0, 80)} data-phase={phase}>
      <p className='question'>{question}</p>
      <div className='answer'>
        {phase === 'waiting' && <p className='quiet waiting'>Choosing a provider</p>}
        {spans.map((span, i) => (
          <Text key={span.leg} span={span} writing={isRunning(exchange) && i === spans.length - 1} />
        ))}
      </div>
      {phase === 'stopped' && <p className='quiet small'>Stopped here. What was written is paid, and no more.</p>}
      {finish === 'length' && <p className='quiet small'>The answer reached the end of what the model can hold.</p>}
      {problem !== undefined && <Failure problem={problem} />}
      <Account exchange={exchange} explorer={explorer} />
    </article>
  )
}
