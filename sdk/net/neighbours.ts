/** Connections kept to those one may need in a hurry: a takeover, a grant or a block must not wait for a dial. */
import type { Log } from '../components.ts'
import type { OfferView } from '../market/offer.ts'
import { codeOf } from '../protocol/errors.ts'
import { NEIGHBOURS } from '../protocol/limits.ts'
import type { Directory } from './directory.ts'
import type { Host } from './host.ts'

/** Dials every peer whose offer comes in, while fewer than 16 are connected. Returns how to stop. */
export const keepNeighbours = (host: Host, directory: Directory, log: Log): (() => void) =>
  directory.onOffer((offer: OfferView) => {
    if (host.connected(offer.peer) || host.peers().length >= NEIGHBOURS) return
    host.connect(offer.multiaddrs).catch((error: unknown) => log.debug({ peer: offer.peerId, code: codeOf(error) }, 'not met'))
  })
