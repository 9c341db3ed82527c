import type { ReactNode } from 'react'
import { ThemeButton, type ThemeWords } from './theme.tsx'

/** Two pieces of cloth and the stitches between them. */
const Mark = (): ReactNode => (
  <svg width='26' height='22' viewBox='0 0 26 22' aria-hidden='true'>
    <rect x='0' y='1' width='11.5' height='20' rx='3.5' fill='var(--hue-0)' />
    <rect x='14.5' y='1' width='11.5' height='20' rx='3.5' fill='var(--hue-1)' />
    <path d='M8 6h10M8 11h10M8 16h10' stroke='var(--surface)' strokeWidth='4.4' strokeLinecap='round' />
    <path d='M8 6h10M8 11h10M8 16h10' stroke='var(--ink)' strokeWidth='1.8' strokeLinecap='round' />
  </svg>
)

interface BarProps {
  title: string
  /** What its links are called together, for who cannot see it. */
  label?: string
  themeWords?: ThemeWords
  children?: ReactNode
}

/** The bar above every page; `children` are its links. Its words are English where no others are given. */
export const Bar = ({ title, label = 'Main', themeWords, children }: BarProps): ReactNode => (
  <header className='bar'>
    <a className='mark' href='/'>
      <Mark />
      openseam
    </a>
    <span className='quiet small'>{title}</span>
    <nav aria-label={label}>
      {children}
      <ThemeButton words={themeWords} />
    </nav>
  </header>
)
