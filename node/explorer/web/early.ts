/** Answers that are asked for while the code that shows them is still on its way. */
import { getText } from './api.ts'

interface Early {
  text: Promise<string>
  hasFailed?: boolean
}

const asked = new Map<string, Early>()

export const askEarly = (paths: readonly string[]): void => {
  for (const path of paths) {
    const early: Early = { text: getText(path) }
    early.text.catch(() => {
      early.hasFailed = true
    })
    asked.set(path, early)
  }
}

/** The answer to what was asked early, or else is asked now. A failure is told once: who comes later asks again. */
export const firstText = (path: string): Promise<string> => {
  const early = asked.get(path)
  if (early?.hasFailed === true) asked.delete(path)
  return early?.text ?? getText(path)
}

/** From now on everything is asked again: something may have changed. */
export const forgetEarly = (): void => asked.clear()
