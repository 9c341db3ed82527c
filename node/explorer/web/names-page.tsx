/** Every name that this reader gave, to take along or to bring. */
import { type ChangeEvent, type ReactNode, useState } from 'react'
import { LABELS_FILE_BYTES_MAX, LABELS_MAX, type Label, writeLabels } from './labels.ts'
import { OwnName } from './named.tsx'
import { importLabels, removeLabel, useIsKept, useLabels } from './own-labels.ts'
import { Title, To } from './parts.tsx'
import { saveFile } from './save-file.ts'
import { type Column, Table } from './table.tsx'

const columns: Column<Label>[] = [
  {
    name: 'Name',
    value: ({ name }) => name,
    cell: ({ kind, id, name }) => (
      <To page={kind} id={id}>
        <OwnName id={id} name={name} />
      </To>
    )
  },
  { name: 'Of', value: ({ kind }) => kind, cell: ({ kind }) => kind },
  { name: 'Id', value: ({ id }) => id, cell: ({ id }) => <span className='mono whole'>{id}</span> },
  {
    name: 'Remove',
    value: () => '',
    cell: ({ id, name }) => (
      <button type='button' className='button copy' aria-label={`Remove ${name}`} onClick={() => removeLabel(id)}>
        Remove
      </button>
    )
  }
]

export const NamesPage = (): ReactNode => {
  const labels = useLabels()
  const isKept = useIsKept()
  const rows = [...labels.values()]
  return (
    <>
      <Title kind='Your names' />
      <p className='quiet'>
        Names you gave accounts, models and sessions, at most {LABELS_MAX}. They are kept in this browser alone: no server is told
        of them, and nobody else sees them. They are lost with the browser’s data, so take them along as a file.
      </p>
      {!isKept && <p className='notice warn'>This browser keeps nothing for this page: your names hold until it is closed.</p>}
      <Table
        name='names'
        columns={columns}
        rows={rows}
        keyOf={({ id }) => id}
        empty='None yet. The page of an account, a model or a session has “Give it a name”.'
      />
      <p className='under'>
        <button
          type='button'
          className='button'
          disabled={rows.length === 0}
          onClick={() => saveFile('openseam-names.json', 'application/json', writeLabels(labels))}
        >
          Export as JSON
        </button>
        <Import />
      </p>
    </>
  )
}

const Import = (): ReactNode => {
  const [said, setSaid] = useState<{ good: boolean; text: string } | undefined>(undefined)
  const bring = async ({ target }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const [file] = target.files ?? []
    if (file === undefined) return
    try {
      // Its size before its text: what is too long is never read.
      if (file.size > LABELS_FILE_BYTES_MAX) throw new Error(`A file of names has at most ${LABELS_FILE_BYTES_MAX / 1024} KiB.`)
      const count = importLabels(await file.text())
      setSaid({ good: true, text: `${count} ${count === 1 ? 'name' : 'names'} read from ${file.name}.` })
    } catch (error) {
      setSaid({ good: false, text: (error as Error).message })
    } finally {
      target.value = '' // the same file can be chosen again
    }
  }
  return (
    <>
      <label className='button file'>
        Import a file
        <input className='hidden-label' type='file' accept='application/json,.json' onChange={bring} />
      </label>
      <span role='status'>{said !== undefined && <span className={said.good ? 'quiet' : 'refused'}>{said.text}</span>}</span>
    </>
  )
}
