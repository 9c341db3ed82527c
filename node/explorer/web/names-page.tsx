/** Every name that this reader gave, to take along or to bring. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { type ChangeEvent, type ReactNode, useState } from 'react'
import { count } from '../../web/locale.ts'
import { faultWords } from './label-faults.ts'
import { bad, LABELS_FILE_BYTES_MAX, LABELS_MAX, type Label, type LabelKind, writeLabels } from './labels.ts'
import { giveIt } from './name-it.tsx'
import { OwnName } from './named.tsx'
import { importLabels, removeLabel, useIsKept, useLabels } from './own-labels.ts'
import { Title, To } from './parts.tsx'
import { saveFile } from './save-file.ts'
import { type Column, Table } from './table.tsx'

const kinds: Record<LabelKind, string> = {
  account: t({ message: 'account', context: 'what a name is of' }),
  model: t({ message: 'model', context: 'what a name is of' }),
  session: t({ message: 'session', context: 'what a name is of' })
}
const most = count(LABELS_MAX)

const columns: Column<Label>[] = [
  {
    name: t`Name`,
    value: ({ name }) => name,
    cell: ({ kind, id, name }) => (
      <To page={kind} id={id}>
        <OwnName id={id} name={name} />
      </To>
    )
  },
  {
    name: t({ message: 'Of', context: 'a column: what a name is of, an account, a model or a session' }),
    value: ({ kind }) => kind,
    cell: ({ kind }) => kinds[kind]
  },
  { name: t`Id`, value: ({ id }) => id, cell: ({ id }) => <span className='mono whole'>{id}</span> },
  {
    name: t`Remove`,
    value: () => '',
    cell: ({ id, name }) => (
      <button type='button' className='button copy' aria-label={t`Remove ${name}`} onClick={() => removeLabel(id)}>
        {t`Remove`}
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
      <Title kind={t`Your names`} />
      <p className='quiet'>
        <Trans>
          Names you gave accounts, models and sessions, at most {most}. They are kept in this browser alone: no server is told of
          them, and nobody else sees them. They are lost with the browser’s data, so take them along as a file.
        </Trans>
      </p>
      {!isKept && (
        <p className='notice warn'>{t`This browser keeps nothing for this page: your names hold until it is closed.`}</p>
      )}
      <Table
        name='names'
        label={t({ message: 'names', comment: 'what a table is of: the names that its reader gave' })}
        columns={columns}
        rows={rows}
        keyOf={({ id }) => id}
        empty={t`None yet. The page of an account, a model or a session has “${{ button: giveIt }}”.`}
      />
      <p className='under'>
        <button
          type='button'
          className='button'
          disabled={rows.length === 0}
          onClick={() => saveFile('openseam-names.json', 'application/json', writeLabels(labels))}
        >
          {t`Export as JSON`}
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
      if (file.size > LABELS_FILE_BYTES_MAX) throw bad('too large')
      const names = importLabels(await file.text())
      const from = file.name
      setSaid({ good: true, text: plural(names, { one: `# name read from ${from}.`, other: `# names read from ${from}.` }) })
    } catch (error) {
      setSaid({ good: false, text: faultWords(error) })
    } finally {
      target.value = '' // the same file can be chosen again
    }
  }
  return (
    <>
      <label className='button file'>
        {t`Import a file`}
        <input className='hidden-label' type='file' accept='application/json,.json' onChange={bring} />
      </label>
      <span role='status'>{said !== undefined && <span className={said.good ? 'quiet' : 'refused'}>{said.text}</span>}</span>
    </>
  )
}
