import { expect } from 'chai'
import { memoryStore } from 'openseam/components'
import { codeOf } from 'openseam/protocol/errors'
import { memoryOwners, type Owners, ownerOfKey, storeOwners } from '../../../node/gateway/index.ts'
import { requireOwner } from '../../../node/gateway/owners.ts'

const kinds: Record<string, () => Owners> = { memory: () => memoryOwners(), store: () => storeOwners(memoryStore()) }

describe('session owners', () => {
  for (const [kind, make] of Object.entries(kinds)) {
    it(`in ${kind}: known to the key that claimed, unknown to others`, async () => {
      const owners = make()
      await owners.claim('handle', ownerOfKey('mine'))
      await requireOwner(owners, 'handle', ownerOfKey('mine'))
      for (const [session, key] of [
        ['handle', 'other'],
        ['handle', undefined],
        ['none', 'mine']
      ] as const) {
        const refused = await requireOwner(owners, session, ownerOfKey(key)).catch(codeOf)
        expect(refused).to.equal('SESSION_UNKNOWN')
      }
    })
  }

  it('in memory: the longest unused goes first', async () => {
    const owners = memoryOwners(2)
    for (const session of ['a', 'b', 'a', 'c']) await owners.claim(session, 'x')
    expect(await Promise.all(['a', 'b', 'c'].map((session) => owners.ownerOf(session)))).to.deep.equal(['x', undefined, 'x'])
  })
})
