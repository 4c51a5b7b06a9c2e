import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { durationText } from '@millrace/core'
import { lockHolder } from '@millrace/sqlite-store'
import type { LockHolder } from '@millrace/sqlite-store'
import { Command, Option } from 'commander'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { duration } from '../parse-values.ts'
import { paperStoreFile } from '../run/settings.ts'
import { waitText } from '../text/format.ts'

const POLL_MS = 50

/** What a stop needs of the machine; tests put others in. */
export interface StopParts {
  readonly holder: (db: string) => LockHolder | undefined
  readonly terminate: (pid: number) => void
}

const realParts: StopParts = { holder: lockHolder, terminate: (pid) => void process.kill(pid, 'SIGTERM') }

/** How a stop ended. */
interface StopResult {
  readonly outcome: 'stopped' | 'notRunning' | 'unconfirmed'
  readonly db: string
  readonly enginePid: number | null
  readonly waitedMs: number
}

/**
 * Ends the engine on a database cleanly, as Ctrl-C does, and waits until it has let go of it.
 *
 * @throws CliError exit code 3 when there is no such database, or its engine runs on another machine
 */
async function stopEngine(db: string, timeoutMs: number, { holder, terminate }: StopParts = realParts): Promise<StopResult> {
  if (!existsSync(db))
    throw new CliError(exitCodes.refused, `there is no database ${db}: nothing was stopped. --db names the file of the run, as it was given to the run`)
  const engine = holder(db)
  if (engine === undefined) return { outcome: 'notRunning', db, enginePid: null, waitedMs: 0 }
  if (engine.host !== hostname())
    throw new CliError(exitCodes.refused, `process ${engine.pid} on ${engine.host} holds ${db}: stop it there, or use millrace panic`)
  const startedMs = performance.now()
  terminate(engine.pid)
  for (;;) {
    const waitedMs = Math.round(performance.now() - startedMs)
    if (holder(db)?.pid !== engine.pid) return { outcome: 'stopped', db, enginePid: engine.pid, waitedMs }
    if (waitedMs >= timeoutMs) return { outcome: 'unconfirmed', db, enginePid: engine.pid, waitedMs }
    await wait(POLL_MS)
  }
}

/** Makes `millrace stop`. */
export function stopCommand(context: CommandContext, parts: StopParts = realParts): Command {
  return new Command('stop')
    .summary('end a running engine cleanly')
    .description(
      'Ends the engine on a database as Ctrl-C does: what it decided is on disk, what works at the venue is left there, and the next start goes on from it. What the bots hold ' +
        'is kept. To stop trading and keep the engine, pause it; in an emergency, panic.',
    )
    .addOption(new Option('--db <file>', 'database of the run').default(paperStoreFile))
    .addOption(new Option('--timeout <duration>', 'how long to wait for it').argParser(duration).default(10_000, '10s'))
    .addOption(new Option('--json', 'the result as one JSON object on stdout: { outcome, db, enginePid, waitedMs }'))
    .action(async ({ db, timeout, json }: { readonly db: string; readonly timeout: number; readonly json?: true }) => {
      const result = await stopEngine(db, timeout, parts)
      context.terminal.out.write(`${json ? JSON.stringify(result) : sentence(result, timeout)}\n`)
      if (result.outcome === 'unconfirmed') context.exitCode = exitCodes.refused
    })
}

function sentence({ outcome, db, enginePid, waitedMs }: StopResult, timeoutMs: number): string {
  if (outcome === 'notRunning') return `no engine runs on ${db}`
  if (outcome === 'stopped') return `stopped: process ${enginePid} has let go of ${db}, after ${waitText(waitedMs)}`
  return `NOT STOPPED within ${durationText(timeoutMs)}: process ${enginePid} still holds ${db}; end it: kill ${enginePid}`
}
