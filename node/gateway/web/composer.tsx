/** Where one writes: model, text, send and stop; while an answer runs, who is writing it and what may be done to them. */
import { type KeyboardEvent, type ReactNode, type RefObject, useState } from 'react'
import { shortOpen } from '../../web/short.ts'
import { act } from './api.ts'
import type { Exchange } from './conversation.ts'
import { Peer } from './names.tsx'
import type { DevnetProvider, Model } from './wire.ts'

export interface ComposerProps {
  models: readonly Model[]
  model: string
  text: string
  running: Exchange | undefined
  machines: readonly DevnetProvider[] | undefined
  input: RefObject<HTMLTextAreaElement | null>
  onModel(model: string): void
  onText(text: string): void
  onSend(): void
  onStop(): void
  onChange(): void
}

const Live = ({
  running,
  machines,
  onChange
}: {
  running: Exchange
  machines: readonly DevnetProvider[] | undefined
  onChange(): void
}): ReactNode => {
  const [problem, setProblem] = useState('')
  const writer = running.spans.at(-1)?.provider
  const machine = machines?.find(({ peerId }) => peerId !== null && peerId === writer)
  const heirs = running.successors.filter(({ blocks }) => blocks > 0)
  const run = (action: 'kill' | 'drain') => (): void => {
    if (machine === undefined) return
    act(machine.name, action)
      .then(
        () => setProblem(''),
        (error: Error) => setProblem(error.message)
      )
      .then(onChange)
  }
  if (writer === undefined) return null
  return (
    <div className='live'>
      <p className='small'>
        <Peer id={writer} /> is writing, token <span className='numeric'>{running.tokens}</span>.
        {heirs.map(({ provider, blocks }) => (
          <span key={provider} className='quiet heir'>
            {' '}
            <Peer id={provider} /> holds {blocks} sealed {blocks === 1 ? 'block' : 'blocks'}.
          </span>
        ))}
        {problem !== '' && <strong> {problem}</strong>}
      </p>
      {machine?.state === 'ready' && (
        <span className='acts'>
          <button type='button' className='button danger' onClick={run('kill')}>
            Kill {machine.name}
          </button>
          <button type='button' className='button' onClick={run('drain')}>
            Drain {machine.name}
          </button>
        </span>
      )}
    </div>
  )
}

const offerOf = ({ openseam: { providers, price, contextMax } }: Model): string =>
  `${providers} ${providers === 1 ? 'provider' : 'providers'}, from ${shortOpen(BigInt(price.completion))} OPEN a token, context ${contextMax}`

export const Composer = (props: ComposerProps): ReactNode => {
  const { models, model, text, running, machines, input, onModel, onText, onSend, onStop, onChange } = props
  const offer = models.find(({ id }) => id === model)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    onSend()
  }
  return (
    <form
      className='composer'
      onSubmit={(event) => {
        event.preventDefault()
        onSend()
      }}
    >
      {running !== undefined && <Live running={running} machines={machines} onChange={onChange} />}
      <div className='card box'>
        <label className='hidden-label' htmlFor='prompt'>
          Your message
        </label>
        <textarea
          id='prompt'
          ref={input}
          rows={1}
          value={text}
          placeholder='Write a message'
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className='tools'>
          <label className='hidden-label' htmlFor='model'>
            Model
          </label>
          <select id='model' className='field' value={model} onChange={(event) => onModel(event.target.value)}>
            {models.length === 0 && <option value=''>no model on offer</option>}
            {models.map(({ id }) => (
              <option key={id}>{id}</option>
            ))}
          </select>
          <span className='quiet small offer numeric'>{offer === undefined ? '' : offerOf(offer)}</span>
          {running === undefined ? (
            <button type='submit' className='button primary' disabled={text.trim() === '' || model === ''}>
              Send
            </button>
          ) : (
            <button type='button' className='button' onClick={onStop} aria-keyshortcuts='Escape'>
              Stop
            </button>
          )}
        </div>
      </div>
    </form>
  )
}
