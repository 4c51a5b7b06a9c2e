import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { venueUrl, wholeNumber } from '../parse-values.ts'
import { paperStoreFile, runDefaults } from '../run/settings.ts'
import { table } from '../text/table.ts'
import type { DoctorParts } from './check.ts'
import { examine } from './doctor.ts'
import type { Examined } from './doctor.ts'
import { realParts } from './real-parts.ts'

interface DoctorFlags {
  readonly db: string
  readonly port: number
  readonly keyFile?: string
  readonly venueUrl?: string
  readonly offline?: true
  readonly json?: true
}

/** Makes `millrace doctor`. */
export function doctorCommand(context: CommandContext, parts: DoctorParts = realParts): Command {
  return new Command('doctor')
    .summary('what keeps a run from being what it should be')
    .description(
      'Looks at the machine, the configuration and its plugins, the database, the venue and the key, and says what is wrong and what to do. Changes nothing. Exit code 0 when ' +
        'nothing is bad, else 3.',
    )
    .argument('[config]', 'configuration of the bots (JSON)', 'bots.json')
    .addOption(new Option('--db <file>', 'database of the run').default(paperStoreFile))
    .addOption(new Option('--port <number>', 'port of the page').argParser(wholeNumber(1, 65_535)).default(runDefaults.port))
    .addOption(new Option('--key-file <file>', 'the key, when no variable of the environment names it'))
    .addOption(new Option('--venue-url <url>', "a venue that speaks Coinbase's protocol, instead of Coinbase").argParser(venueUrl))
    .addOption(new Option('--offline', 'ask nothing over the network'))
    .addOption(new Option('--json', 'the result as one JSON object on stdout: { ok, checks: [{ check, status, detail }] }'))
    .action(async (config: string, flags: DoctorFlags) => {
      const ask = { config, db: flags.db, port: flags.port, keyFile: flags.keyFile, venueUrl: flags.venueUrl, offline: flags.offline === true }
      const checks = await examine(ask, parts)
      const isOk = checks.every(({ status }) => status !== 'bad')
      context.terminal.out.write(flags.json ? `${JSON.stringify({ ok: isOk, checks })}\n` : doctorText(checks))
      context.exitCode = isOk ? exitCodes.ok : exitCodes.refused
    })
}

function doctorText(checks: readonly Examined[]): string {
  const count = (status: string): number => checks.filter((each) => each.status === status).length
  const rows = checks.map(({ check, status, detail }) => [check, status, detail])
  return `${table(['check', 'found', ''], rows)}\n\n${count('bad')} bad, ${count('warning')} to look at, ${count('ok')} right, ${count('skipped')} not looked at\n`
}
