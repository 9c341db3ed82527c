/** The offline verifier: a page of one file that checks a proof with the code that every node runs, and says what only a chain can tell. */
import { batchCommit } from 'openseam/protocol/batch-tree'
import { SeamError } from 'openseam/protocol/errors'
import { checkProof, type Proof } from 'openseam/protocol/proof'
import { PROOF_BYTES_MAX, readProof } from 'openseam/protocol/proof-file'

const element = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind

const show = (name: string, outcome: string, detail: string): void => {
  const item = document.createElement('li')
  const title = document.createElement('b')
  item.className = outcome
  title.textContent = `${name} ${outcome}`
  item.append(title, ` ${detail}`)
  element('steps').append(item)
}

const verdict = (text: string, outcome: 'holds' | 'fails' | 'empty'): void => {
  const line = element('verdict')
  line.dataset['outcome'] = outcome
  line.textContent = text
}

/** What is left to ask of any node of the chain: the reader compares one word. */
const ask = ({ domain, receipt, batch, transaction }: Proof): void => {
  const text = document.createElement('p')
  text.textContent =
    `What only the chain can say: on chain ${domain.chainId}, the ledger ${domain.ledger} must answer ` +
    `batchCommit(${receipt.provider}, ${batch.number}) with ${batchCommit(batch.header)}; ` +
    `it was settled by transaction ${transaction.hash} in block ${transaction.block}.`
  element('ask').append(text)
}

const check = (text: string): void => {
  element('steps').replaceChildren()
  element('ask').replaceChildren()
  if (text.trim() === '') return verdict('', 'empty')
  try {
    const proof = readProof(text)
    const checks = checkProof(proof)
    for (const { step, outcome, detail } of checks) show(step, outcome, detail)
    const failed = checks.find(({ outcome }) => outcome === 'fails')
    if (failed !== undefined) return verdict(`This proof fails at the step “${failed.step}”.`, 'fails')
    verdict('Everything in this file holds. Compare one word with the chain to know that it was paid.', 'holds')
    ask(proof)
  } catch (error) {
    show('format', 'fails', error instanceof SeamError ? error.message : 'it cannot be read')
    verdict('This proof fails at the step “format”.', 'fails')
  }
}

const file = element<HTMLInputElement>('file')
const text = element<HTMLTextAreaElement>('text')
text.addEventListener('input', () => check(text.value))
file.addEventListener('change', async () => {
  const chosen = file.files?.[0]
  if (chosen === undefined) return
  // A file of any size may be chosen: what is over a proof's is not read.
  text.value = chosen.size > PROOF_BYTES_MAX ? '' : await chosen.text()
  check(chosen.size > PROOF_BYTES_MAX ? ' {' : text.value)
})
