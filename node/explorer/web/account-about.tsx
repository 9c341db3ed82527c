/** Which account it is: its address, also for a camera, what the chain says of it, what its reader calls it. */
import type { ReactNode } from 'react'
import { NameIt } from './name-it.tsx'
import { Copy } from './parts.tsx'
import { Qr } from './qr.tsx'
import { TagList } from './tags.tsx'

export const About = ({ account }: { account: string }): ReactNode => (
  <div className='about'>
    <p className='mono quiet whole'>
      {account} <Copy text={account} />
    </p>
    <TagList account={account} />
    <div className='about-ways'>
      <Qr text={account} />
      <NameIt kind='account' id={account} />
    </div>
  </div>
)
