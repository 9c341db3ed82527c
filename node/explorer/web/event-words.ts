/** The contracts' events and what is in them, in words: in English, their own names taken apart. */
import { t } from '@lingui/core/macro'

export const eventWords: ReadonlyMap<string, string> = new Map([
  ['Deposited', t({ message: 'deposited', context: 'event of a contract' })],
  [
    'ExitChanged',
    t({
      message: 'exit changed',
      context: 'event of a contract',
      comment: 'A client told when it wants its deposit back, or took that back'
    })
  ],
  ['Withdrawn', t({ message: 'withdrawn', context: 'event of a contract' })],
  [
    'SignerSet',
    t({ message: 'signer set', context: 'event of a contract', comment: 'A client named the key that signs for it' })
  ],
  [
    'Prefunded',
    t({ message: 'prefunded', context: 'event of a contract', comment: 'A client set money aside for one provider' })
  ],
  [
    'ReleaseStarted',
    t({
      message: 'release started',
      context: 'event of a contract',
      comment: 'A client wants back what it had set aside for a provider'
    })
  ],
  [
    'Released',
    t({
      message: 'released',
      context: 'event of a contract',
      comment: 'What was set aside for a provider went back to the client'
    })
  ],
  ['OperatorSet', t({ message: 'operator set', context: 'event of a contract', comment: 'A provider named who may act for it' })],
  [
    'GroupSettled',
    t({ message: 'group settled', context: 'event of a contract', comment: 'The payments for one model in a batch' })
  ],
  ['BatchSettled', t({ message: 'batch settled', context: 'event of a contract' })],
  ['Claimed', t({ message: 'claimed', context: 'event of a contract' })],
  ['RoyaltyClaimed', t({ message: 'royalty claimed', context: 'event of a contract' })],
  ['ModelRegistered', t({ message: 'model registered', context: 'event of a contract' })],
  ['Registered', t({ message: 'registered', context: 'event of a contract', comment: 'A provider' })],
  ['PayoutSet', t({ message: 'payout set', context: 'event of a contract', comment: 'The account that a provider is paid to' })],
  ['StakeChanged', t({ message: 'stake changed', context: 'event of a contract' })],
  [
    'UnbondChanged',
    t({
      message: 'unbond changed',
      context: 'event of a contract',
      comment: 'A provider told when it wants its stake back, or took that back'
    })
  ],
  [
    'CasesChanged',
    t({ message: 'cases changed', context: 'event of a contract', comment: 'The number of open cases against a provider' })
  ],
  ['Slashed', t({ message: 'slashed', context: 'event of a contract' })],
  ['KeyAdded', t({ message: 'key added', context: 'event of a contract' })],
  ['KeyRevoked', t({ message: 'key revoked', context: 'event of a contract' })],
  ['CaseOpened', t({ message: 'case opened', context: 'event of a contract' })],
  ['CaseAnswered', t({ message: 'case answered', context: 'event of a contract' })],
  ['CaseClosed', t({ message: 'case closed', context: 'event of a contract' })],
  ['Punished', t({ message: 'punished', context: 'event of a contract' })]
])

export const fieldWords: ReadonlyMap<string, string> = new Map([
  ['client', t({ message: 'client', context: 'in an event' })],
  ['provider', t({ message: 'provider', context: 'in an event' })],
  ['from', t({ message: 'from', context: 'in an event', comment: 'The account that money came from' })],
  ['to', t({ message: 'to', context: 'in an event', comment: 'The account that money went to' })],
  ['amount', t({ message: 'amount', context: 'in an event' })],
  ['readyAt', t({ message: 'ready at', context: 'in an event', comment: 'The time from which it can be done' })],
  ['signer', t({ message: 'signer', context: 'in an event', comment: 'A key' })],
  ['oldSigner', t({ message: 'old signer', context: 'in an event', comment: 'The key before' })],
  [
    'oldValidUntil',
    t({ message: 'old valid until', context: 'in an event', comment: 'The time until which the key before is good' })
  ],
  ['modelId', t({ message: 'model id', context: 'in an event' })],
  ['upTo', t({ message: 'up to', context: 'in an event', comment: 'The sum up to which money is set aside' })],
  ['downTo', t({ message: 'down to', context: 'in an event', comment: 'The sum down to which money was given back' })],
  ['operator', t({ message: 'operator', context: 'in an event' })],
  ['batch', t({ message: 'batch', context: 'in an event', comment: 'The number of a batch' })],
  ['royalty', t({ message: 'royalty', context: 'in an event' })],
  ['paid', t({ message: 'paid', context: 'in an event', comment: 'Who paid how much' })],
  ['root', t({ message: 'root', context: 'in an event', comment: 'The root of the Merkle tree of a batch' })],
  ['total', t({ message: 'total', context: 'in an event' })],
  ['count', t({ message: 'count', context: 'in an event', comment: 'How many payments' })],
  ['payee', t({ message: 'payee', context: 'in an event', comment: 'Who gets a share of the royalties' })],
  ['payees', t({ message: 'payees', context: 'in an event' })],
  ['manifestHash', t({ message: 'manifest hash', context: 'in an event' })],
  ['bps', t({ message: 'bps', context: 'in an event', comment: 'Basis points, hundredths of a percent' })],
  ['payout', t({ message: 'payout', context: 'in an event', comment: 'The account that a provider is paid to' })],
  ['stake', t({ message: 'stake', context: 'in an event' })],
  ['key', t({ message: 'key', context: 'in an event' })],
  ['openCases', t({ message: 'open cases', context: 'in an event' })],
  ['id', t({ message: 'id', context: 'in an event' })],
  ['receiptHash', t({ message: 'receipt hash', context: 'in an event' })],
  ['verdict', t({ message: 'verdict', context: 'in an event', comment: 'The contract that judges' })],
  ['respondBy', t({ message: 'respond by', context: 'in an event', comment: 'The time until which the accused may answer' })],
  ['verdictBy', t({ message: 'verdict by', context: 'in an event', comment: 'The time until which it is judged' })],
  ['answerHash', t({ message: 'answer hash', context: 'in an event' })],
  ['state', t({ message: 'state', context: 'in an event' })],
  ['fault', t({ message: 'fault', context: 'in an event' })],
  ['taken', t({ message: 'taken', context: 'in an event', comment: 'The amount that was taken from the stake' })]
])
