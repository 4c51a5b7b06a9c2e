import { Command, Option } from 'commander'
import { runVenueSimulator } from '@millrace/coinbase-adapter/simulator'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { wholeNumber } from '../parse-values.ts'
import { sayLine } from '../terminal.ts'
import { sharedOptions } from './run-command.ts'
import { runDefaults } from './settings.ts'
import { onStopSignals } from './stop-signals.ts'

interface SimulateFlags {
  readonly seed: number
  readonly port?: number
  readonly dir: string
  readonly cash: Readonly<Record<string, string>>
  readonly scenario?: string
  readonly algorithm: 'ES256' | 'EdDSA'
  readonly json?: true
}

/** Makes `millrace simulate`: a venue for somebody's own client, until it is stopped. */
export function simulateCommand(context: CommandContext): Command {
  return new Command('simulate')
    .summary("a venue on this machine that speaks Coinbase's protocol")
    .description(
      'Starts a venue that speaks Coinbase Advanced Trade over HTTP and WebSocket, with books of its own, a key in a file, and faults on demand, and keeps it up until it ' +
        'is stopped. At the end it says what it saw.',
    )
    .addOption(sharedOptions.seed().default(runDefaults.seed))
    .addOption(
      new Option('--port <n>', 'port of the REST side; the two sockets and the control follow it (default: free ones)').argParser(wholeNumber(1, 65_532)),
    )
    .addOption(new Option('--dir <folder>', 'where the key is written, mode 600').default('.'))
    .addOption(new Option('--cash <currency=amount>', 'what the account has; may be given again').argParser(addCash).default({ USD: '1000' }, 'USD=1000'))
    .addOption(new Option('--scenario <file>', 'what happens at the venue and when (JSON)'))
    .addOption(new Option('--algorithm <name>', 'kind of the key').choices(['ES256', 'EdDSA']).default('ES256'))
    .addOption(new Option('--json', 'the report as one JSON object: the last line of stdout'))
    .action(async (flags: SimulateFlags) => {
      const { venue } = await start(flags, (line) => sayLine(context.terminal.err, line))
      const signals = onStopSignals(process, (code) => process.exit(code))
      try {
        await signals.requested
        const report = { ...venue.report(), ledger: venue.ledger() }
        context.terminal.out.write(`${JSON.stringify(flags.json ? report : report.requests)}\n`)
        context.exitCode = exitCodes.ok
      } finally {
        signals.dispose()
        await venue.close()
      }
    })
}

async function start({ seed, port, dir, cash, scenario, algorithm }: SimulateFlags, print: (line: string) => void): ReturnType<typeof runVenueSimulator> {
  try {
    return await runVenueSimulator({
      ...{ seed, directory: dir, accounts: cash, algorithm, print },
      ...(port === undefined ? {} : { port }),
      ...(scenario === undefined ? {} : { scenario }),
    })
  } catch (error) {
    // A folder, a port or a file that cannot be used.
    throw new CliError(exitCodes.refused, `simulate: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function addCash(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, currency, amount] = /^([A-Z0-9]{1,20})=(\d{1,18}(?:\.\d{1,20})?)$/.exec(text) ?? []
  if (currency === undefined || amount === undefined) throw new CliError(exitCodes.usage, `--cash: expected such as USD=1000, received ${JSON.stringify(text)}`)
  return { ...before, [currency]: amount }
}
