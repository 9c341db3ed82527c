/** The reader's clock, in seconds, as time goes by while the page is looked at. */
import { useEffect, useState } from 'react'

export const secondsNow = (): number => Math.floor(Date.now() / 1_000)

export const useNow = (): number => {
  const [now, setNow] = useState(secondsNow)
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && setNow(secondsNow()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
