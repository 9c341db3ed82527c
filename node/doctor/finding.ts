/** What a doctor finds: one line a question, and what to do about it. */
export interface Finding {
  name: string
  /** `bad` keeps a rig from earning; `warn` makes it earn less; `unknown`: what it hangs on is bad. */
  state: 'good' | 'warn' | 'bad' | 'unknown'
  says: string
  /** What to do. */
  help?: string
}

export const good = (name: string, says: string): Finding => ({ name, state: 'good', says })
export const warn = (name: string, says: string, help: string): Finding => ({ name, state: 'warn', says, help })
export const bad = (name: string, says: string, help: string): Finding => ({ name, state: 'bad', says, help })
