/** What is said before the first word is sent: who will read it. */
import { type FormEvent, type ReactNode, useState } from 'react'

const SAMPLES = [
  'My name is Ada. Tell me a story about a blue lamp.',
  'Tell me a long story about a red kite.',
  'My name is Noor. Tell me a story about a boat.'
]

export const Welcome = ({ isDevnet, onPick }: { isDevnet: boolean; onPick(text: string): void }): ReactNode => (
  <section className='welcome'>
    <h1>{isDevnet ? 'Ask for a story, then kill whoever tells it.' : 'Ask. The machine may change, the answer does not.'}</h1>
    <p className='quiet'>
      Strangers’ machines answer here, each paid for the tokens it writes. When one of them dies in mid-sentence, another goes on
      with the same text. Every change of colour is a change of hands.
    </p>
    <ul className='samples'>
      {SAMPLES.map((text) => (
        <li key={text}>
          <button type='button' className='card' onClick={() => onPick(text)}>
            {text}
          </button>
        </li>
      ))}
    </ul>
    <p className='notice warn'>
      <strong>The provider that answers reads what you write.</strong> So does any other that takes over. Machines that only stand
      by hold sealed state and can read none of it. Send nothing here that a stranger must not see.
    </p>
  </section>
)

export const KeyForm = ({ hadKey, onKey }: { hadKey: boolean; onKey(key: string): void }): ReactNode => {
  const [key, setKey] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onKey(key.trim())
  }
  return (
    <form className='card panel key' onSubmit={submit}>
      <h2>{hadKey ? 'This gateway does not know that key' : 'This gateway asks for a key'}</h2>
      <p className='quiet small'>Whoever runs it hands them out. It is kept in this tab only and sent to this gateway only.</p>
      <label className='small' htmlFor='key'>
        API key
      </label>
      <input
        id='key'
        className='field'
        type='password'
        autoComplete='off'
        spellCheck={false}
        value={key}
        onChange={(event) => setKey(event.target.value)}
      />
      <button type='submit' className='button primary' disabled={key.trim() === ''}>
        Use this key
      </button>
    </form>
  )
}
