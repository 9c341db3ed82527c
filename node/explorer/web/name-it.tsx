/** The reader's own name for what a page is about, or the way to give it one. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { type FormEvent, type ReactNode, useState } from 'react'
import { faultWords } from './label-faults.ts'
import { LABEL_CHARACTERS_MAX, type LabelKind } from './labels.ts'
import { OwnName } from './named.tsx'
import { removeLabel, setLabel, useLabels } from './own-labels.ts'

export const giveIt = t`Give it a name`

export const NameIt = ({ kind, id: given }: { kind: LabelKind; id: string }): ReactNode => {
  const id = given.toLowerCase()
  const own = useLabels().get(id)
  const [isOpen, setOpen] = useState(false)
  const name = own && <OwnName id={id} name={own.name} />
  if (isOpen) return <Form kind={kind} id={id} name={own?.name ?? ''} close={() => setOpen(false)} />
  return (
    <p className='under small screen-only'>
      {name !== undefined && (
        <span>
          <Trans>You call it {name}</Trans>
        </span>
      )}
      <button type='button' className='button' onClick={() => setOpen(true)}>
        {own === undefined ? giveIt : t`Change the name`}
      </button>
      {own !== undefined && (
        <button type='button' className='button' onClick={() => removeLabel(id)}>
          {t`Remove the name`}
        </button>
      )}
    </p>
  )
}

const Form = ({ kind, id, name, close }: { kind: LabelKind; id: string; name: string; close(): void }): ReactNode => {
  const [text, setText] = useState(name)
  const [reason, setReason] = useState<string | undefined>(undefined)
  const save = (event: FormEvent): void => {
    event.preventDefault()
    try {
      setLabel({ kind, id, name: text })
      close()
    } catch (error) {
      setReason(faultWords(error))
    }
  }
  return (
    <form className='name-it screen-only' onSubmit={save}>
      <div className='ask'>
        <input
          className='field'
          aria-label={t`Your name for it`}
          placeholder={t`Your name for it`}
          // biome-ignore lint/a11y/noAutofocus: the reader just asked for this field
          autoFocus
          autoComplete='off'
          dir='auto'
          maxLength={4 * LABEL_CHARACTERS_MAX}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <button type='submit' className='button primary'>
          {t({ message: 'Keep', context: 'a button that saves a name' })}
        </button>
        <button type='button' className='button' onClick={close}>
          {t`Cancel`}
        </button>
      </div>
      <p className='quiet small'>
        {t`Kept in this browser alone, and sent nowhere.`} <a href='/names'>{t`All your names`}</a>
      </p>
      <div role='status'>{reason !== undefined && <p className='notice bad'>{reason}</p>}</div>
    </form>
  )
}
