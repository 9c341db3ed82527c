/** What must be so before money is sent, and after. */
import { type Deployment, type Rpc, verifyDeployment } from '../../sdk/chain/index.ts'
import { quantity } from '../../sdk/chain/rpc.ts'
import { OPEN_DECIMALS } from '../../sdk/protocol/amounts.ts'
import { SeamError } from '../../sdk/protocol/errors.ts'
import { type Address, type Hex, ZERO_ADDRESS } from '../../sdk/protocol/eth.ts'
import type { RehearsedStep } from './rehearse.ts'

const DECIMALS: Hex = '0x313ce567'

/** An ERC-20 that exists and counts as $OPEN does. Whether it takes a fee or calls back cannot be seen from outside. */
export const requireToken = async (rpc: Rpc, token: Address | undefined): Promise<void> => {
  if (token === undefined || token === ZERO_ADDRESS) return
  if ((await rpc.code(token)) === '0x') throw new SeamError('CONFIG', `there is no contract at ${token} on this chain`)
  const decimals = await rpc.call({ to: token, data: DECIMALS }).then(
    (answer) => (answer === '0x' ? -1 : Number(quantity(answer, 'decimals'))),
    () => -1
  )
  if (decimals !== OPEN_DECIMALS)
    throw new SeamError('CONFIG', `${token} is no token with ${OPEN_DECIMALS} decimals, as $OPEN has them`)
}

/** Byte for byte what the rehearsal gave, immutables included; throws CONFIG naming each contract that is not. */
export const requireCode = async (rpc: Rpc, steps: readonly RehearsedStep[], deployment: Deployment): Promise<void> => {
  const wrong: string[] = []
  for (const { name, address, code } of steps) if ((await rpc.code(address)) !== code) wrong.push(`${name} at ${address}`)
  if (wrong.length > 0)
    throw new SeamError('CONFIG', `other code than these terms and this build give: ${wrong.join(', ')}`, { detail: { wrong } })
  await verifyDeployment(rpc, deployment)
}
