import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { availableParallelism, hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import type { Job, Worker } from 'bullmq'
import { z } from 'zod'
import { codeVersion } from '../optimize/code-version.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import { onStopSignals } from '../run/stop-signals.ts'
import { CliError } from '../failures.ts'
import type { StopSignals } from '../run/stop-signals.ts'
import { sayLine } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { countText } from '../text/format.ts'
import { Preparations, Refused } from './preparations.ts'
import { loadBullMq, redisLink, redisText } from './redis-connection.ts'
import { MOST_LOSSES, QUEUE, sweepJobSchema, workerName } from './sweep-job.ts'
import type { Refusal, SweepAnswer, SweepJob } from './sweep-job.ts'

/** What the flags of `millrace sweep worker` say. */
export interface WorkerSettings {
  readonly redis: URL
  readonly data: string
  readonly modules: string
  readonly threads: number | undefined
  /** A worker that is silent for this long is given up, and its chunk goes to another. */
  readonly lockMs: number
  /** How long one trial may take, in ms; ten minutes when left out. */
  readonly trialLimitMs?: number
}

/** What a worker runs with; tests put others in. */
export interface WorkerParts {
  readonly listenForStop: (exit: (code: number, why: string) => void) => StopSignals
  readonly exit: (code: number) => void
  readonly codeVersion: string
}

/** After a refusal a worker leaves the queue to others for this long, so that it does not take the same chunk again and again. */
const STAND_BACK_MS = 2_000
/** An end without Redis waits this long for its connections. */
const CLOSE_MS = 1_000

/** Runs chunks until somebody stops it; resolves to the exit code. */
export async function sweepWorker(settings: WorkerSettings, terminal: Terminal, others: Partial<WorkerParts> = {}): Promise<ExitCode> {
  const parts: WorkerParts = {
    listenForStop: (exit) => onStopSignals(process, exit),
    exit: (code) => process.exit(code),
    codeVersion: others.codeVersion ?? codeVersion(),
    ...others,
  }
  const say = (line: string): void => sayLine(terminal.err, line)
  mustBeThere(settings)
  const bullmq = await loadBullMq()
  const threads = Math.min(settings.threads ?? availableParallelism(), availableParallelism())
  const name = workerName(`${hostname()}-${process.pid}-${randomUUID().slice(0, 4)}`, threads)
  const preparations = new Preparations({
    data: settings.data,
    modules: settings.modules,
    codeVersion: parts.codeVersion,
    threads,
    trialLimitMs: settings.trialLimitMs,
  })
  const refuse = refuser(say)
  const link = redisLink(settings.redis)
  let trials = 0
  const worker: Worker = new bullmq.Worker(
    QUEUE,
    async (job: Job) => {
      try {
        const { outcomes, ms } = await preparations.run(readJob(job.data))
        trials += outcomes.length
        return { outcomes, ms, worker: name } satisfies SweepAnswer
      } catch (error) {
        if (!(error instanceof Refused)) throw new bullmq.UnrecoverableError(failed(error, say))
        await refuse(worker, job, { refusedBy: name, why: error.message })
        throw error
      }
    },
    {
      connection: link.options,
      name,
      concurrency: threads,
      lockDuration: settings.lockMs,
      stalledInterval: Math.max(100, Math.floor(settings.lockMs / 2)),
      // The count that still goes to another worker.
      maxStalledCount: MOST_LOSSES - 1,
    },
  )
  const redis = presenceOf(worker, redisText(settings.redis), say)
  const signals = parts.listenForStop((code, why) => {
    say(why)
    parts.exit(code)
  })
  say(`worker ${name}: ${threads} ${threads === 1 ? 'thread' : 'threads'}, candles of ${settings.data}, code ${parts.codeVersion}`)
  void worker.waitUntilReady().then(
    () => say(`waiting for chunks at ${redisText(settings.redis)}; Ctrl-C ends it after the chunk at hand`),
    () => undefined,
  )
  const signal = await signals.requested
  say(`${signal}: ending after the chunk at hand; ${countText(trials)} trials were run`)
  link.giveUp()
  // A connection that is away may never say that it is closed; the chunk at hand goes to another worker either way.
  await Promise.race([worker.close(redis.away), ...(redis.away ? [wait(CLOSE_MS)] : [])])
  await preparations.close()
  signals.dispose()
  return exitCodes.ok
}

/** Whether Redis is there, said once when it goes and when it comes back. */
function presenceOf(worker: Worker, name: string, say: (line: string) => void): { readonly away: boolean } {
  const presence = { away: false }
  worker.on('error', (error) => {
    if (!presence.away) say(`Redis at ${name} is away (${error.message === '' ? error.name : error.message}): waiting for it`)
    presence.away = true
  })
  const back = (): void => {
    if (presence.away) say(`Redis at ${name} is back`)
    presence.away = false
  }
  // A worker is ready once and never again: that a chunk comes tells that Redis is back.
  worker.on('ready', back).on('active', back)
  return presence
}

/** What the command line names must be there before a chunk comes. */
function mustBeThere({ data, modules }: WorkerSettings): void {
  for (const [flag, path] of [
    ['--data', data],
    ['--modules', modules],
  ] as const)
    if (!existsSync(path)) throw new CliError(exitCodes.refused, `${flag}: there is nothing at ${path}`)
}

/** Says what failed here as well: whoever looks after this machine may not see the run. */
function failed(error: unknown, say: (line: string) => void): string {
  const why = error instanceof Error ? error.message : String(error)
  say(`failed: ${why}`)
  return why
}

function readJob(data: unknown): SweepJob {
  const read = sweepJobSchema.safeParse(data)
  if (read.success) return read.data as unknown as SweepJob
  throw new Refused(`what is in the queue is no chunk of a sweep: ${z.prettifyError(read.error)}`)
}

/** Says why to whoever sent the chunk, and leaves the queue to others for a while. */
function refuser(say: (line: string) => void): (worker: Worker, job: Job, refusal: Refusal) => Promise<void> {
  let standingBack = false
  let said = ''
  return async (worker, job, refusal) => {
    await job.updateProgress({ ...refusal })
    if (refusal.why !== said) say(`refused: ${refusal.why}`)
    said = refusal.why
    if (standingBack) return
    standingBack = true
    await worker.pause(true)
    setTimeout(() => {
      standingBack = false
      void worker.resume()
    }, STAND_BACK_MS).unref()
  }
}
