/** An address for a camera, drawn when its reader asks for it. */
import { t } from '@lingui/core/macro'
import { type ReactNode, useState } from 'react'
import type { QrCode } from './qr-code.ts'

type Drawn = { code: QrCode } | { failed: true } | undefined

/** `text` does not change: whoever shows another mounts another. */
export const Qr = ({ text }: { text: string }): ReactNode => {
  const [isOpen, setOpen] = useState(false)
  const [drawn, setDrawn] = useState<Drawn>(undefined)
  const toggle = (): void => {
    setOpen(!isOpen)
    if (isOpen || (drawn !== undefined && 'code' in drawn)) return
    void import('./qr-code.ts').then(
      ({ qrCodeOf }) => setDrawn({ code: qrCodeOf(text) }),
      () => setDrawn({ failed: true }) // this explorer is gone, or serves newer pages
    )
  }
  return (
    <div className='screen-only'>
      <button type='button' className='button' aria-expanded={isOpen} onClick={toggle}>
        {isOpen ? t`Hide the QR code` : t`QR code`}
      </button>
      <div role='status'>{isOpen && drawn !== undefined && <Drawing of={drawn} text={text} />}</div>
    </div>
  )
}

const Drawing = ({ of: drawn, text }: { of: NonNullable<Drawn>; text: string }): ReactNode => {
  if ('failed' in drawn) return <p className='notice bad'>{t`The QR code cannot be drawn now: load the page again.`}</p>
  const { size, path } = drawn.code
  return (
    <svg
      className='qr'
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering='crispEdges'
      role='img'
      aria-label={t`QR code of ${{ address: text }}`}
    >
      <rect width={size} height={size} />
      <path d={path} />
    </svg>
  )
}
