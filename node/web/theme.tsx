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

export const ThemeButton = (): ReactNode => {
  const [theme, setTheme] = useState(stored)
  useEffect(() => apply(theme), [theme])
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] as Theme
  return (
    <button type='button' className='button icon' title={`Colours: ${theme}`} onClick={() => setTheme(next)}>
      <span aria-hidden='true'>{signs[theme]}</span>
      <span className='hidden-label'>{`Colours: ${theme}. Change to ${next}.`}</span>
    </button>
  )
}
