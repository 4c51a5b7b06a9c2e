import { ConfigError, datasetIdentity, datasetText } from '@millrace/core'
import type { CandleSeries } from '@millrace/core'
import { loadPlugins } from '@millrace/core/node'
import { CliError } from '../failures.ts'
import { sharedSeries } from '../optimize/trial-work.ts'
import { runOrLose } from '../optimize/run-or-lose.ts'
import { startTrialThreads } from '../optimize/trial-threads.ts'
import type { ChunkDone, TrialThreads } from '../optimize/trial-threads.ts'
import { backtestSource } from '../run/backtest-source.ts'
import { preparationOf } from './sweep-job.ts'
import type { SweepJob } from './sweep-job.ts'

/** Why a worker will not run a chunk: what it has is not what the chunk was made for. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

export interface PreparationOptions {
  /** Folder of recorded candles, or a file of stored ones. */
  readonly data: string
  /** Folder of the modules that configurations name. */
  readonly modules: string
  readonly codeVersion: string
  readonly threads: number
  /** How long one trial may take, in ms. */
  readonly trialLimitMs?: number | undefined
}

interface Prepared {
  readonly threads: Promise<TrialThreads>
  running: number
}

/** Sweeps that threads stay ready for. */
const MOST_READY = 2

/** Candles and threads for the sweeps that come along: made when the first chunk of one arrives, and given up when others need the room. */
export class Preparations {
  private readonly options: PreparationOptions
  private readonly start: typeof startTrialThreads
  private readonly ready = new Map<string, Prepared>()

  constructor(options: PreparationOptions, start = startTrialThreads) {
    this.options = options
    this.start = start
  }

  /** @throws Refused when code, modules or candles are others */
  async run(job: SweepJob): Promise<ChunkDone> {
    const { codeVersion } = this.options
    if (job.codeVersion !== codeVersion)
      throw new Refused(`the sweep is of code ${job.codeVersion}, this worker of ${codeVersion}: install the same version on both`)
    const key = preparationOf(job)
    const prepared = this.prepared(key, job)
    let threads: TrialThreads | undefined
    try {
      threads = await prepared.threads
      return await runOrLose(threads, job.task.parameters, job.points, job.window)
    } catch (error) {
      // Data may be put right while the worker runs.
      if (threads === undefined && this.ready.get(key) === prepared) {
        this.ready.delete(key)
        await end(prepared)
      }
      throw error
    } finally {
      prepared.running--
    }
  }

  async close(): Promise<void> {
    const all = [...this.ready.values()]
    this.ready.clear()
    await Promise.all(all.map(end))
  }

  /** Counts as running from now on, so that nobody ends it. */
  private prepared(key: string, job: SweepJob): Prepared {
    const known = this.ready.get(key)
    if (known !== undefined) {
      known.running++
      // The one used last is given up last.
      this.ready.delete(key)
      this.ready.set(key, known)
      return known
    }
    const idle = [...this.ready].filter(([, each]) => each.running === 0).slice(0, Math.max(0, this.ready.size + 1 - MOST_READY))
    for (const [name] of idle) this.ready.delete(name)
    const made: Prepared = { threads: this.make(job, Promise.all(idle.map(([, each]) => end(each)))), running: 1 }
    this.ready.set(key, made)
    return made
  }

  private async make(job: SweepJob, room: Promise<unknown>): Promise<TrialThreads> {
    const { modules, threads, trialLimitMs } = this.options
    await room
    await this.sameModules(job)
    const series: CandleSeries[] = []
    for (const wanted of job.datasets) series.push(await this.sameCandles(job, wanted))
    return this.start({ task: job.task, series: sharedSeries(series), folder: modules }, threads, trialLimitMs)
  }

  private async sameModules({ task, modules }: SweepJob): Promise<void> {
    const { modules: folder } = this.options
    const loaded = await refusing(() => loadPlugins(task.config, { folder }))
    for (const { specifier, sha256 } of modules) {
      const own = loaded.modules.find((each) => each.specifier === specifier)
      if (own?.sha256 !== sha256)
        throw new Refused(`module ${specifier} is sha256 ${sha256.slice(0, 12)}… there, ${own?.sha256.slice(0, 12) ?? 'missing'}… here`)
    }
    const unsaid = loaded.modules.find(({ specifier }) => modules.every((each) => each.specifier !== specifier))
    if (unsaid !== undefined) throw new Refused(`module ${unsaid.specifier} is missing there, sha256 ${unsaid.sha256.slice(0, 12)}… here`)
  }

  private async sameCandles({ task }: SweepJob, wanted: SweepJob['datasets'][number]): Promise<CandleSeries> {
    const { instrument, timeframeMs } = wanted
    const settings = { data: this.options.data, detailMs: undefined, gapPolicy: task.gapPolicy, fromMs: undefined, toMs: undefined }
    const { candles } = await refusing(() => backtestSource(settings, [{ instrument, timeframeMs }]))
    const own = datasetIdentity(candles[0]!)
    if (own.sha256 !== wanted.sha256 || own.timeframeMs !== timeframeMs)
      throw new Refused(`the sweep is on ${datasetText(wanted)}; this worker has ${datasetText(own)}`)
    return candles[0]!
  }
}

const end = async ({ threads }: Prepared): Promise<void> => {
  const [made] = await Promise.allSettled([threads])
  if (made.status === 'fulfilled') await made.value.close()
}

/** What the command line would refuse, a worker refuses as well. */
async function refusing<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (error) {
    if (error instanceof CliError || error instanceof ConfigError) throw new Refused(error.message, { cause: error })
    throw error
  }
}
