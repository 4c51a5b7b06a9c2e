import { durationText } from '@millrace/core'
import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { duration } from '../parse-values.ts'
import { paperStoreFile } from '../run/settings.ts'
import { timeText, waitText } from '../text/format.ts'
import { panic } from './panic.ts'
import type { PanicResult } from './panic.ts'

/** Makes `millrace panic`. */
export function panicCommand(context: CommandContext): Command {
  return new Command('panic')
    .summary('emergency stop of a running engine, from another process')
    .description(
      'Stops the engine on a database: no new order leaves it. Success is reported only when the engine has confirmed the stop or no engine runs on the ' +
        'database. A start with the request in place is halted, until it is re-armed: on the page, or with millrace run --rearm. What the bots hold is kept.',
    )
    .addOption(new Option('--db <file>', 'database of the run').default(paperStoreFile))
    .addOption(new Option('--reason <text>', 'stands in the journal').default('millrace panic'))
    .addOption(new Option('--timeout <duration>', 'how long to wait for the engine').argParser(duration).default(10_000, '10s'))
    .addOption(new Option('--json', 'the result as one JSON object on stdout'))
    .action(async (options: { readonly db: string; readonly reason: string; readonly timeout: number; readonly json?: true }) => {
      const result = await panic(options.db, { reason: options.reason, timeoutMs: options.timeout })
      const { terminal } = context
      if (options.json) terminal.out.write(`${JSON.stringify(result)}\n`)
      const people = result.outcome === 'unconfirmed' || options.json ? terminal.err : terminal.out
      people.write(`${sentence(result, options.timeout)}\n`)
      context.exitCode = result.outcome === 'unconfirmed' ? exitCodes.refused : exitCodes.ok
    })
}

function sentence(result: PanicResult, timeoutMs: number): string {
  switch (result.outcome) {
    case 'acknowledged':
      return `stopped: the engine confirmed at ${timeText(result.acknowledgedAtMs ?? 0)}, after ${waitText(result.waitedMs)}; no order leaves it until it is re-armed`
    case 'notRunning':
      return `stopped: no engine runs on ${result.db}; the next start will be halted (${result.haltFile})`
    case 'unconfirmed':
      return (
        `NOT CONFIRMED within ${durationText(timeoutMs)}: ${result.enginePid === null ? 'the lock of the database cannot be read' : `process ${result.enginePid} holds the database and has not answered`}. ` +
        `The request stays in place (${result.haltFile}); look at the engine${result.enginePid === null ? '' : `, or end it: kill ${result.enginePid}`}`
      )
  }
}
