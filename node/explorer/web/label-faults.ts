/** What a reader is told of a name, or a file of names, that cannot be taken. */
import { plural, t } from '@lingui/core/macro'
import { SeamError } from 'openseam/protocol/errors'
import { count } from '../../web/locale.ts'
import { LABEL_CHARACTERS_MAX, LABELS_FILE_BYTES_MAX, LABELS_FORMAT, LABELS_MAX, type LabelFault } from './labels.ts'

const KIB = 1_024

const words: Record<LabelFault, (id: string) => string> = {
  'too long': () =>
    plural({ max: LABEL_CHARACTERS_MAX }, { one: 'A name has at most # character.', other: 'A name has at most # characters.' }),
  empty: () => t`A name has at least one character.`,
  'not seen': () => t`A name is made of characters that can be seen.`,
  'like an id': () => t`A name begins with something else than an id, which it stands for.`,
  incomplete: () => t`A label has a kind, an id and a name.`,
  'no account': (id) => t`${id} is the id of no account.`,
  'no model': (id) => t`${id} is the id of no model.`,
  'no session': (id) => t`${id} is the id of no session.`,
  'too large': () => t`A file of names has at most ${{ size: count(LABELS_FILE_BYTES_MAX / KIB) }} KiB.`,
  'no JSON': () => t`This is no file of names: it is no JSON.`,
  'wrong format': () => t`This is no file of names: its format is not ${{ format: LABELS_FORMAT }}.`,
  'too many': () => plural({ max: LABELS_MAX }, { one: 'There is at most # name.', other: 'There are at most # names.' }),
  'too many: remove some first': () =>
    plural(
      { max: LABELS_MAX },
      { one: 'There is at most # name: remove some first.', other: 'There are at most # names: remove some first.' }
    )
}

/** What is no fault of a name, such as a file that cannot be read, says it itself. */
export const faultWords = (error: unknown): string => {
  const { fault, id = '' } = (error instanceof SeamError ? error.detail : {}) as { fault?: LabelFault; id?: string }
  return fault === undefined ? (error as Error).message : words[fault](id)
}
