/** A page that is fetched when it is first opened, so that the first load is what everyone needs. It may be fetched at once where it is the first to be opened. */
import { t } from '@lingui/core/macro'
import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { Loading } from './parts.tsx'

export const later = <Props extends object>(
  fetchPage: () => Promise<ComponentType<Props>>,
  isFirst = false
): ComponentType<Props> => {
  let page: ComponentType<Props> | undefined
  if (isFirst) void fetchPage().catch(() => {}) // it says so when it is shown
  return (props: Props): ReactNode => {
    const [state, setState] = useState<'fetching' | 'here' | 'failed'>(page === undefined ? 'fetching' : 'here')
    useEffect(() => {
      if (page !== undefined) return
      fetchPage().then(
        (fetched) => {
          page = fetched
          setState('here')
        },
        () => setState('failed')
      )
    }, [])
    const Page = page
    if (Page !== undefined) return <Page {...props} />
    if (state === 'fetching') return <Loading />
    return (
      <p className='notice bad' role='alert'>
        {t`This part of the explorer could not be fetched. Load the page again.`}
      </p>
    )
  }
}
