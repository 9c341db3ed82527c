/** The driver of a turn against peers that do what the test says: what is opened, stored and paid, and in which order. */
import { expect } from 'chai'
import { memoryStore } from 'openseam/components'
import { unpackIds } from 'openseam/protocol/bytes'
import { legFromWire } from 'openseam/protocol/convert'
import { type Bytes32, ZERO_BYTES32 } from 'openseam/protocol/eth'
import { fingerprintOf, PRINT_BYTES, printBase } from 'openseam/protocol/fingerprint'
import { OPEN_RACE_MS } from 'openseam/protocol/limits'
import type { ClientFrame } from 'openseam/protocol/pb'
import { EndReason, recoverTyped } from 'openseam/protocol/typed-data'
import { outputHash } from 'openseam/protocol/work'
import type { SessionRecord } from 'openseam/session/record'
import type { TurnEvent } from 'openseam/session/types'
import { opened, PROMPT, play, type Script, STOP, target, tokens } from './playing.ts'
import { clientPeer, clientSigner, domain, settle, type TestClock } from './support.ts'

const idsOf = (events: TurnEvent[]): number[] => events.flatMap((event) => (event.kind === 'token' ? [event.id] : []))
const legsOf = ({ record }: { record: SessionRecord }): unknown[] =>
  record.legs.map(({ open, to, end, closed }) => [open.leg, open.from, to, end, closed])
const { died, finished, refused, cancelled, drained } = EndReason

/** Time passes until it is done: sealing and opening take turns of the loop that no clock counts. */
const passUntil = async (clock: TestClock, work: Promise<unknown>): Promise<void> => {
  let isDone = false
  void work.finally(() => (isDone = true)).catch(() => undefined)
  while (!isDone) await clock.advance(100)
}

describe('a turn', () => {
  it('one leg to the end: shown, closed and paid', async () => {
    const turn = await play([
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [10], 'none'))
        await line.send(tokens(5, [11, STOP]))
      }
    ])
    await turn.running
    expect(await turn.failed).to.equal(null)
    expect(idsOf(turn.events)).to.deep.equal([10, 11, STOP])
    expect(turn.events.at(-1)).to.deep.equal({ kind: 'finish', reason: 'stop', text: '' })
    expect(legsOf(turn)).to.deep.equal([[0, 0, 7, finished, true]])
    const rows = await turn.receipts('p0')
    expect(rows.reduce((sum, { amount }) => sum + amount, 0n)).to.equal(4n * 3n + 3n * 7n)
    expect(rows.at(-1)?.end).to.equal(finished)
    expect(turn.record.stopEnded).to.equal(true)
    expect(turn.record.parkedAt).to.equal(target('p0').peer)
  })

  it('its opening frame is signed, and holds what both sides know', async () => {
    const turn = await play([
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [STOP]))
      }
    ])
    await turn.running
    expect(await turn.failed).to.equal(null)
    const open = turn.opens[0]!
    const leg = legFromWire(open.leg!)
    expect(unpackIds(open.ids)).to.deep.equal(PROMPT)
    expect(leg).to.include({
      leg: 0,
      from: 0,
      maxTo: 100,
      promptWei: 3n,
      completionWei: 7n,
      clientPeer,
      provider: target('p0').account
    })
    expect(recoverTyped(domain, 'LegOpen', leg, open.signature)).to.equal(clientSigner.account)
    expect(turn.fences).to.deep.equal([0])
  })

  it('tells of a successor whose grant came late while the prompt is still being read', async () => {
    const late = { grantId: new Uint8Array(16).fill(1), peer: new Uint8Array(32).fill(2), multiaddrs: [] }
    const told: (ClientFrame | undefined)[] = []
    const turn = await play(
      [
        async (line) => {
          const frames = line.receive()[Symbol.asyncIterator]()
          await line.send(opened)
          await line.send({ progress: { done: 2, total: 4 } })
          told.push((await frames.next()).value)
          await line.send(tokens(4, [STOP]))
        }
      ],
      100,
      {},
      memoryStore(),
      [[], [late]]
    )
    await turn.running
    expect(await turn.failed).to.equal(null)
    expect(turn.opens[0]?.successors).to.deep.equal([])
    expect(told[0]?.successors?.successors).to.deep.equal([late])
  })

  it('a peer that dies: its leg is closed on disk before the next one hears of it, and the row of ids has no seam', async () => {
    const turn = await play([
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [10, 11, 12]))
        await line.close()
      },
      async (line) => {
        await line.send(opened)
        await line.send(tokens(7, [13, STOP], 'warm'))
      }
    ])
    await turn.running
    expect(await turn.failed).to.equal(null)
    expect(idsOf(turn.events)).to.deep.equal([10, 11, 12, 13, STOP])
    expect(legsOf(turn)).to.deep.equal([
      [0, 0, 7, died, true],
      [1, 7, 9, finished, true]
    ])
    expect(unpackIds(turn.opens[1]!.ids)).to.deep.equal([...PROMPT, 10, 11, 12])
    expect(legFromWire(turn.opens[1]!.leg!)).to.include({ leg: 1, from: 7, prevEnd: died })
    const lost = await turn.receipts('p0')
    expect(turn.onDisk[1]).to.equal(lost.length)
    expect(lost.at(-1)).to.include({ to: 7, end: died })
    expect(lost.reduce((sum, { amount }) => sum + amount, 0n)).to.equal(4n * 3n + 3n * 7n)
    expect((await turn.receipts('p1')).reduce((sum, { amount }) => sum + amount, 0n)).to.equal(2n * 7n)
    expect(turn.events.find(({ kind }) => kind === 'switch')).to.include({
      from: 'p0',
      to: 'p1',
      reason: 'died',
      resumed: 'warm'
    })
    expect(turn.fences).to.deep.equal([0, 1])
  })

  it('what each peer says of its logits goes into the receipts of its own leg, and not one position further', async () => {
    const prints = Uint8Array.from({ length: 6 * PRINT_BYTES }, (_, i) => i)
    const cut = (from: number, to: number): Uint8Array<ArrayBuffer> => prints.slice(from * PRINT_BYTES, to * PRINT_BYTES)
    const turn = await play([
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [10], 'none', cut(0, 1)))
        await line.send(tokens(5, [11, 12], undefined, cut(1, 3)))
        await line.close()
      },
      async (line) => {
        await line.send(opened)
        await line.send(tokens(7, [13], 'warm', cut(3, 4)))
        await line.send(tokens(8, [STOP, 14], undefined, cut(4, 6))) // one more than there is room for
      }
    ])
    await turn.running
    expect(await turn.failed).to.equal(null)
    const row = (await turn.receipts('p0')).concat(await turn.receipts('p1'))
    const baseOf = (leg: number): Bytes32 => {
      const salt = turn.session.salt(leg)
      const given = outputHash(salt, turn.session.ids.slice(0, leg === 0 ? 4 : 7))
      return printBase(salt, legFromWire(turn.opens[leg]!.leg!).requestHash, given)
    }
    expect(row.map(({ leg, from, to, end, fingerprint }) => [leg, from, to, end, fingerprint])).to.deep.equal([
      [0, 0, 5, 0, fingerprintOf(baseOf(0), cut(0, 1))],
      [0, 5, 7, died, ZERO_BYTES32], // nobody is there to answer for it
      [1, 7, 9, finished, fingerprintOf(baseOf(1), cut(3, 5))]
    ])
    expect(Buffer.from(turn.session.prints.slice(4, 9))).to.deep.equal(Buffer.from(cut(0, 5)))
  })

  it('entries of another number of positions are a fault of the peer, and its leg is over', async () => {
    const turn = await play([
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [10, 11], 'none', new Uint8Array(PRINT_BYTES)))
      },
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [STOP], 'none', new Uint8Array(0)))
      }
    ])
    await turn.running
    expect(await turn.failed).to.equal(null)
    expect(legsOf(turn)).to.deep.equal([
      [0, 0, 0, died, true],
      [1, 0, 5, finished, true]
    ])
    expect((await turn.receipts('p1')).map(({ fingerprint }) => fingerprint)).to.deep.equal([ZERO_BYTES32])
  })

  it('a peer that dies in the prompt is paid nothing, and its successor charges it', async () => {
    const turn = await play([
      async (line) => {
        await line.send(opened)
        await line.close()
      },
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [STOP]))
      }
    ])
    await turn.running
    expect(await turn.failed).to.equal(null)
    expect((await turn.receipts('p0')).map(({ amount, end }) => [amount, end])).to.deep.equal([[0n, died]])
    expect((await turn.receipts('p1')).reduce((sum, { amount }) => sum + amount, 0n)).to.equal(4n * 3n + 7n)
  })

  it('a refusal uses its number up, costs nothing, and its reason is kept for who asks', async () => {
    const turn = await play([
      (line) => line.send({ refused: { code: 'NO_SLOT', message: 'all slots are taken', amount: new Uint8Array(0) } }),
      (line) => line.send({ refused: { code: 'BUSY', message: 'one leg at a time', amount: new Uint8Array(0) } }),
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [STOP]))
      }
    ])
    await turn.running
    expect(await turn.failed).to.equal(null)
    expect(legsOf(turn)).to.deep.equal([
      [0, 0, 0, refused, true],
      [1, 0, 0, refused, true],
      [2, 0, 5, finished, true]
    ])
    expect(turn.lostTo.map((lost) => lost?.refusal?.code)).to.deep.equal([undefined, 'NO_SLOT', 'BUSY'])
    expect(await turn.receipts('p0')).to.deep.equal([])
  })

  it('a request that two peers call impossible fails with their words, and asks no third', async () => {
    const refuse = (line: { send(frame: object): unknown }): unknown =>
      line.send({
        refused: { code: 'BAD_TOKEN_ID', message: 'token id 999 is outside the vocabulary', amount: new Uint8Array(0) }
      })
    const turn = await play([refuse, refuse, refuse] as Parameters<typeof play>[0])
    await turn.running
    expect(await turn.failed).to.equal('BAD_TOKEN_ID')
    expect(legsOf(turn)).to.deep.equal([
      [0, 0, 0, refused, true],
      [1, 0, 0, refused, true]
    ])
  })

  it('a frame out of order ends the leg; what it said is not shown', async () => {
    const turn = await play([
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [10]))
        await line.send(tokens(6, [12]))
      },
      async (line) => {
        await line.send(opened)
        await line.send(tokens(5, [11, STOP]))
      }
    ])
    await turn.running
    expect(await turn.failed).to.equal(null)
    expect(idsOf(turn.events)).to.deep.equal([10, 11, STOP])
    expect(legsOf(turn)[0]).to.deep.equal([0, 0, 5, died, true])
  })

  it('a drain is answered with what was accepted, and moves the session', async () => {
    let answer: ClientFrame['cancel']
    const turn = await play([
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [10]))
        await line.send({ drain: { withinMs: 1_000 } })
        for await (const frame of line.receive()) answer ??= frame.cancel
      },
      async (line) => {
        await line.send(opened)
        await line.send(tokens(5, [STOP]))
      }
    ])
    await turn.running
    expect(await turn.failed).to.equal(null)
    expect(answer).to.deep.equal({ reason: drained, to: 5 })
    expect(legsOf(turn)[0]).to.deep.equal([0, 0, 5, drained, true])
  })

  it('when nobody is left, the lost leg is closed and paid all the same, and the reader is told', async () => {
    const turn = await play([
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [10, 11]))
        await line.close()
      }
    ])
    await turn.running
    expect(await turn.failed).to.equal('NO_PROVIDER')
    expect(turn.record.turn.finish).to.equal('failed')
    expect(legsOf(turn)).to.deep.equal([[0, 0, 6, died, true]])
    expect((await turn.receipts('p0')).at(-1)).to.include({ to: 6, end: died })
  })

  it('a peer that opens its leg too late is told so and paid nothing; when nobody else is left it is asked again, with time', async () => {
    const cancels: unknown[] = []
    let answer: Promise<void> | undefined
    const turn = await play([
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [10, 11]))
        await line.close()
      },
      async (line) => {
        const frames = line.receive()[Symbol.asyncIterator]()
        answer = (async () => {
          await turn.clock.sleep(OPEN_RACE_MS * 4 + 500)
          await line.send(opened)
          await line.send(tokens(6, [99]))
          cancels.push((await frames.next()).value?.cancel)
        })()
      },
      'nobody',
      async (line) => {
        await turn.clock.sleep(OPEN_RACE_MS * 4 + 100)
        await line.send(opened)
        await line.send(tokens(6, [12, STOP], 'warm'))
      }
    ])
    await passUntil(turn.clock, turn.running)
    await passUntil(turn.clock, answer as Promise<void>)
    while ((await turn.receipts('p1')).length === 0) await settle()
    expect(await turn.failed).to.equal(null)
    expect(idsOf(turn.events)).to.deep.equal([10, 11, 12, STOP])
    expect(turn.forgiven).to.deep.equal(['NET_TIMEOUT'])
    expect(turn.lostTo.at(-1)).to.include({ mayReturn: true })
    expect(cancels).to.deep.equal([{ reason: cancelled, to: 6 }])
    const late = await turn.receipts('p1')
    expect(late.map(({ leg, from, to, amount, end }) => [leg, from, to, amount, end])).to.deep.equal([[1, 6, 6, 0n, cancelled]])
  })

  it('a peer that never says whether it opened its leg gets an empty closing receipt; one that refuses late gets none', async () => {
    const silent: Script = async () => undefined
    const refusing: Script = async (line) => {
      await turn.clock.sleep(OPEN_RACE_MS * 4 + 500)
      await line.send({ refused: { code: 'NO_SLOT', message: 'all slots are taken', amount: new Uint8Array(0) } })
    }
    const turn = await play([
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [10, 11]))
        await line.close()
      },
      silent,
      refusing,
      async (line) => {
        await line.send(opened)
        await line.send(tokens(6, [12, STOP], 'warm'))
      }
    ])
    await passUntil(turn.clock, turn.running)
    while ((await turn.receipts('p1')).length === 0) await turn.clock.advance(100)
    expect(await turn.failed).to.equal(null)
    expect(idsOf(turn.events)).to.deep.equal([10, 11, 12, STOP])
    expect((await turn.receipts('p1')).map(({ leg, from, to, amount }) => [leg, from, to, amount])).to.deep.equal([[1, 6, 6, 0n]])
    expect(await turn.receipts('p2')).to.deep.equal([])
  })

  it('a cancel closes the leg over what was accepted', async () => {
    const shown = Promise.withResolvers<void>()
    const turn = await play([
      async (line) => {
        await line.send(opened)
        await line.send(tokens(4, [10, 11]))
        shown.resolve()
      }
    ])
    await shown.promise
    while (turn.record.accepted < 6) await new Promise((resolve) => setImmediate(resolve))
    turn.driver.cancel()
    await turn.running
    expect(await turn.failed).to.equal(null)
    expect(turn.events.at(-1)).to.include({ kind: 'finish', reason: 'cancelled' })
    expect(legsOf(turn)).to.deep.equal([[0, 0, 6, cancelled, true]])
    expect((await turn.receipts('p0')).at(-1)).to.include({ to: 6, end: cancelled })
  })

  it('gives up after 16 moves', async () => {
    const dead: Script = async (line) => {
      await line.send(opened)
      await line.close()
    }
    const turn = await play(new Array(40).fill(dead))
    await turn.running
    expect(await turn.failed).to.equal('NO_PROVIDER')
    expect(turn.record.legs).to.have.length(17)
    expect(turn.record.legs.every(({ closed }) => closed)).to.equal(true)
  })
})
