/** Light, dark, or what the system says: kept in this browser, `data-theme` on the root. */
import { type ReactNode, useEffect, useState } from 'react'

const KEY = 'openseam-theme'
const themes = ['system', 'light', 'dark'] as const
type Theme = (typeof themes)[number]
const signs: Record<Theme, string> = { system: '◐', light: '☀', dark: '☾' }

const stored = (): Theme => {
  try {
    const value = localStorage.getItem(KEY)
    return themes.find((theme) => theme === value) ?? 'system'
  } catch {
    return 'system' // storage may be forbidden
  }
}

const apply = (theme: Theme): void => {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  try {
    localStorage.setItem(KEY, theme)
  } catch {
    // it holds for this page then
  }
}

export interface ThemeWords {
  names: Record<Theme, string>
  title: (theme: string) => string
  label: (theme: string, next: string) => string
}

const english: ThemeWords = {
  names: { system: 'system', light: 'light', dark: 'dark' },
  title: (theme) => `Colours: ${theme}`,
  label: (theme, next) => `Colours: ${theme}. Change to ${next}.`
}

export const ThemeButton = ({ words: { names, title, label } = english }: { words?: ThemeWords | undefined }): ReactNode => {
  const [theme, setTheme] = useState(stored)
  useEffect(() => apply(theme), [theme])
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] as Theme
  return (
    <button type='button' className='button icon' title={title(names[theme])} onClick={() => setTheme(next)}>
      <span aria-hidden='true'>{signs[theme]}</span>
      <span className='hidden-label'>{label(names[theme], names[next])}</span>
    </button>
  )
}
