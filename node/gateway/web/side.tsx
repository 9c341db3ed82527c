/** The running bill, and the machines behind it: in a devnet with power over them. */
import { type ReactNode, useState } from 'react'
import { Amount } from '../../web/amount.tsx'
import { act } from './api.ts'
import { billOf, type Exchange, earnedBy } from './conversation.ts'
import { Peer } from './names.tsx'
import type { DevnetAction, DevnetProvider } from './wire.ts'

const Bill = ({ exchanges, explorer }: { exchanges: readonly Exchange[]; explorer: string | null }): ReactNode => {
  const bill = billOf(exchanges)
  const last = exchanges.at(-1)
  const tokens = exchanges.reduce((sum, exchange) => sum + exchange.tokens, 0)
  return (
    <section className='card panel bill' aria-label='Bill'>
      <h2>Bill</h2>
      <p className='total' data-wei={bill.toString()}>
        <Amount wei={bill} /> <span className='unit'>OPEN</span>
      </p>
      <dl className='figures'>
        <dt>Exactly</dt>
        <dd className='numeric'>{bill.toString()} wei</dd>
        <dt>This answer</dt>
        <dd>
          <Amount wei={last?.account?.amount ?? '0'} />
        </dd>
        <dt>Tokens written</dt>
        <dd className='numeric'>{tokens}</dd>
      </dl>
      <p className='quiet small'>
        Each provider is paid for the tokens it wrote, and for what it read to go on. Nobody is paid for a token that did not
        arrive.
        {explorer !== null && (
          <>
            {' '}
            <a href={explorer} target='_blank' rel='noreferrer'>
              Everything that was settled
            </a>
          </>
        )}
      </p>
    </section>
  )
}

type Role = 'writing' | 'holding' | 'idle'
const roles: Record<Role, string> = { writing: 'writing', holding: 'ready to take over', idle: 'idle' }

interface MachineProps {
  machine: DevnetProvider
  earned: { tokens: number; amount: bigint } | undefined
  role: Role
  onAct(name: string, action: DevnetAction): void
}

const Machine = ({ machine: { name, peerId, state }, earned, role, onAct }: MachineProps): ReactNode => {
  const button = (action: DevnetAction, label: string): ReactNode => (
    <button
      type='button'
      className={action === 'kill' ? 'button danger' : 'button'}
      disabled={state === 'starting'}
      onClick={() => onAct(name, action)}
    >
      {label}
      <span className='hidden-label'> {name}</span>
    </button>
  )
  return (
    <li data-state={state}>
      {peerId === null ? <span className='peer'>{name}</span> : <Peer id={peerId} />}
      <span className={`chip ${state} ${role}`}>{state === 'ready' ? roles[role] : state}</span>
      <p className='quiet small numeric'>
        {earned === undefined ? (
          'nothing yet'
        ) : (
          <>
            {earned.tokens} tokens, <Amount wei={earned.amount} /> OPEN
          </>
        )}
      </p>
      <span className='acts'>
        {state === 'down' ? (
          button('start', 'Start')
        ) : (
          <>
            {button('kill', 'Kill')}
            {button('drain', 'Drain')}
          </>
        )}
      </span>
    </li>
  )
}

export interface SideProps {
  explorer: string | null
  exchanges: readonly Exchange[]
  machines: readonly DevnetProvider[] | undefined
  writing: string | undefined
  onChange(): void
}

export const Side = ({ explorer, exchanges, machines, writing, onChange }: SideProps): ReactNode => {
  const [problem, setProblem] = useState('')
  const earned = earnedBy(exchanges)
  const holders = new Set(exchanges.at(-1)?.successors.map(({ provider }) => provider))
  const onAct = (name: string, action: DevnetAction): void => {
    act(name, action)
      .then(
        () => setProblem(''),
        (error: Error) => setProblem(error.message)
      )
      .then(onChange)
  }
  const roleOf = (peer: string | null): Role => {
    if (peer === null) return 'idle'
    return peer === writing ? 'writing' : holders.has(peer) ? 'holding' : 'idle'
  }
  return (
    <>
      <Bill exchanges={exchanges} explorer={explorer} />
      <section className='card panel' aria-label='Providers'>
        <h2>Providers</h2>
        {machines === undefined ? (
          <Strangers earned={earned} />
        ) : (
          <ul className='machines'>
            {machines.map((machine) => (
              <Machine
                key={machine.name}
                machine={machine}
                earned={machine.peerId === null ? undefined : earned.get(machine.peerId)}
                role={roleOf(machine.peerId)}
                onAct={onAct}
              />
            ))}
          </ul>
        )}
        {problem !== '' && <p className='notice bad'>{problem}</p>}
        {machines !== undefined && (
          <p className='quiet small'>
            These are processes on this machine. Kill is SIGKILL: no goodbye. Drain hands over, collects, and goes.
          </p>
        )}
      </section>
    </>
  )
}

/** On a real market: those that were met in this conversation. */
const Strangers = ({ earned }: { earned: ReturnType<typeof earnedBy> }): ReactNode =>
  earned.size === 0 ? (
    <p className='quiet small'>Whoever writes for you is listed here with what it was paid.</p>
  ) : (
    <ul className='machines'>
      {[...earned].map(([peer, { tokens, amount }]) => (
        <li key={peer}>
          <Peer id={peer} />
          <p className='quiet small numeric'>
            {tokens} tokens, <Amount wei={amount} /> OPEN
          </p>
        </li>
      ))}
    </ul>
  )
