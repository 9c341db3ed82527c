/** The models that a market offers, and their manifests, from whichever peer offers them. */
import type { Directory } from 'openseam/net/directory'
import type { Host } from 'openseam/net/host'
import { fetchModel } from 'openseam/net/model-fetch'
import type { ModelPeers } from './namer.ts'

export const modelPeers = (host: Host, directory: Directory): ModelPeers => ({
  models: () =>
    directory.offers().flatMap(({ account, peer, multiaddrs, models }) =>
      models.map(({ modelId, manifestHash, payees, bps }) => {
        const manifest = async (signal: AbortSignal): Promise<Uint8Array> => {
          const wanted = (): boolean => false // its name is in the manifest: no file is fetched
          return (await fetchModel(host, peer, { modelId, manifestHash, multiaddrs, signal, wanted })).manifestBytes
        }
        return { account, modelId, manifestHash, payees, bps, manifest }
      })
    )
})
