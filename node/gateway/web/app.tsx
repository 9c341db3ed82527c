import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Bar } from '../../web/bar.tsx'
import { Answer } from './answer.tsx'
import { Composer } from './composer.tsx'
import { billOf, type Exchange, isRunning } from './conversation.ts'
import { NamesContext, namesOf } from './names.tsx'
import { Side } from './side.tsx'
import { useConversation } from './use-conversation.ts'
import { useMarket } from './use-market.ts'
import { KeyForm, Welcome } from './welcome.tsx'

const NEAR_END_PX = 160

/** Said to who cannot see the colours: a change of hands, the end; never the tokens. */
const news = (exchange: Exchange | undefined, nameOf: (peer: string) => string): string => {
  if (exchange === undefined) return ''
  const { phase, spans, tokens, problem } = exchange
  if (phase === 'failed') return `The answer failed: ${problem?.message ?? ''}`
  if (phase === 'stopped') return 'Stopped.'
  if (phase === 'done')
    return `The answer is complete: ${tokens} tokens by ${new Set(spans.map(({ provider }) => provider)).size} providers.`
  const last = spans.at(-1)
  if (last === undefined) return 'Choosing a provider.'
  return last.moved === undefined
    ? `${nameOf(last.provider)} is writing.`
    : `${nameOf(last.moved.from)} is gone. ${nameOf(last.provider)} goes on.`
}

/** Keeps the end in view while the reader is there; who scrolled up to read is left alone. */
const useFollow = (signal: unknown): void => {
  useEffect(() => {
    const page = document.documentElement
    if (page.scrollHeight - page.scrollTop - page.clientHeight < NEAR_END_PX) page.scrollTop = page.scrollHeight
  }, [signal])
}

export const App = (): ReactNode => {
  const market = useMarket()
  const { exchanges, running, ask, stop, clear } = useConversation()
  const [chosen, setChosen] = useState('')
  const [text, setText] = useState('')
  const [sideOpen, setSideOpen] = useState(false)
  const input = useRef<HTMLTextAreaElement>(null)

  const model = chosen || (market.models[0]?.id ?? '')
  const machines = market.playground.devnet?.providers
  const last = exchanges.at(-1)
  const names = useMemo(
    () =>
      namesOf(
        machines ?? [],
        exchanges.flatMap(({ spans }) => spans.map(({ provider }) => provider))
      ),
    [machines, exchanges]
  )
  useFollow(exchanges)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') stop()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })

  const send = (): void => {
    if (running || text.trim() === '' || model === '') return
    setText('')
    void ask(text.trim(), model, market.key)
  }
  const pick = (sample: string): void => {
    setText(sample)
    input.current?.focus()
  }

  return (
    <NamesContext value={names}>
      <Bar title='playground'>
        {exchanges.length > 0 && (
          <button type='button' className='button' onClick={clear} disabled={running}>
            New<span className='wide'> conversation</span>
          </button>
        )}
        {market.playground.explorer !== null && (
          <a className='wide' href={market.playground.explorer} target='_blank' rel='noreferrer'>
            Explorer
          </a>
        )}
        <button type='button' className='button side-toggle' aria-expanded={sideOpen} onClick={() => setSideOpen(!sideOpen)}>
          <Amount wei={billOf(exchanges)} /> OPEN
        </button>
      </Bar>
      <div className='columns'>
        <main>
          <div className='transcript'>
            {market.keyWanted && <KeyForm hadKey={market.key !== ''} onKey={market.setKey} />}
            {market.problem !== '' && <p className='notice bad'>{market.problem}</p>}
            {last === undefined && !market.keyWanted && <Welcome isDevnet={machines !== undefined} onPick={pick} />}
            {last !== undefined && <h1 className='hidden-label'>Conversation</h1>}
            {exchanges.map((exchange, i) => (
              <Answer key={i} exchange={exchange} explorer={market.playground.explorer} />
            ))}
            <p className='hidden-label' role='status'>
              {news(last, names.nameOf)}
            </p>
          </div>
          <Composer
            models={market.models}
            model={model}
            text={text}
            running={last !== undefined && isRunning(last) ? last : undefined}
            machines={machines}
            input={input}
            onModel={setChosen}
            onText={setText}
            onSend={send}
            onStop={stop}
            onChange={market.refresh}
          />
        </main>
        <aside className={sideOpen ? 'side open' : 'side'} aria-label='Bill and providers'>
          <Side
            explorer={market.playground.explorer}
            exchanges={exchanges}
            machines={machines}
            writing={last !== undefined && isRunning(last) ? last.spans.at(-1)?.provider : undefined}
            onChange={market.refresh}
          />
        </aside>
      </div>
    </NamesContext>
  )
}
