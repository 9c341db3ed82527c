/** The `openseam` command. One file a command; each loads what it needs when it runs. */
import { Command } from 'commander'
import { runProgram } from '../lib/env.ts'
import { VERSION } from '../version.ts'
import { auditCommand } from './audit.ts'
import { chatCommand } from './chat.ts'
import { devnetCommand } from './devnet.ts'
import { doctorCommand } from './doctor.ts'
import { explorerCommand } from './explorer.ts'
import { gatewayCommand } from './gateway.ts'
import { keysCommand } from './keys.ts'
import { modelsCommand } from './models.ts'
import { provideCommand } from './provide.ts'
import { walletCommand } from './wallet.ts'

const program = new Command('openseam')
  .description('Paid AI inference that outlives the machine it runs on')
  .version(VERSION)
  .showHelpAfterError()

for (const add of [
  devnetCommand,
  provideCommand,
  gatewayCommand,
  keysCommand,
  chatCommand,
  explorerCommand,
  auditCommand,
  walletCommand,
  modelsCommand,
  doctorCommand
])
  add(program)
process.exit(await runProgram(program, process.argv))
