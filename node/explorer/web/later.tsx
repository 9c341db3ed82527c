/** A page that is fetched when it is first opened, so that the first load is what everyone needs. */
import { t } from '@lingui/core/macro'
import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { Loading } from './parts.tsx'

export const later = <Props extends object>(fetchPage: () => Promise<ComponentType<Props>>): ComponentType<Props> => {
  let page: ComponentType<Props> | undefined
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
