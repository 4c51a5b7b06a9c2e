import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { DatasetIdentity, Json, TrialOutcome, TrialTask, TrialWindow } from '@millrace/core'
import { canonicalText } from '@millrace/core'

/** Queue of the chunks of all sweeps. */
export const QUEUE = 'millrace-sweep'

/** A chunk of trials with everything that determines what comes out: whoever runs it, and however often, the answer is the same. */
export interface SweepJob {
  readonly v: 1
  readonly codeVersion: string
  readonly datasets: readonly DatasetIdentity[]
  /** Modules that the configuration names, with the hash of each. */
  readonly modules: readonly { readonly specifier: string; readonly sha256: string }[]
  /** With the seed. */
  readonly task: TrialTask
  readonly window: TrialWindow
  readonly points: readonly number[]
}

/** What a worker answers. */
export interface SweepAnswer {
  readonly outcomes: readonly TrialOutcome[]
  /** Time of the work itself. */
  readonly ms: number
  readonly worker: string
}

/** What a worker tells when it will not run a chunk. */
export interface Refusal {
  readonly refusedBy: string
  readonly why: string
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const point = z.int().min(0)

/** A chunk as it comes out of Redis, where anybody may have written it. What is in `config` is checked when it is parsed. */
export const sweepJobSchema = z.strictObject({
  v: z.literal(1, { error: 'version 1: update millrace on this machine or on the other' }),
  codeVersion: z.string(),
  datasets: z
    .array(z.strictObject({ instrument: z.string(), timeframeMs: z.int().min(1), rows: z.int().min(0), sha256 }))
    .min(1)
    .max(100),
  modules: z.array(z.strictObject({ specifier: z.string(), sha256 })).max(1_000),
  task: z.strictObject({
    config: z.json(),
    bot: z.string(),
    parameters: z.array(z.strictObject({ name: z.string(), values: z.array(z.union([z.number(), z.string(), z.boolean()])).min(1) })).min(1),
    seed: z.number(),
    gapPolicy: z.enum(['skip', 'fillForward', 'halt']),
    detailMs: z.int().min(1).optional(),
  }),
  window: z.strictObject({ fromMs: z.number(), toMs: z.number() }),
  points: z.array(point).min(1).max(10_000),
})

const nullable = z.number().nullable()

/** An answer as it comes out of Redis. */
export const sweepAnswerSchema = z.strictObject({
  outcomes: z.array(
    z.union([
      z.strictObject({ refused: z.string() }),
      z.strictObject({ lost: z.string() }),
      z.strictObject({
        metrics: z.strictObject({
          returnPercent: z.number(),
          sharpe: nullable,
          calmar: nullable,
          drawdownPercent: z.number(),
          roundTrips: z.int(),
          fees: z.number(),
          days: z.int(),
          skewness: nullable,
          kurtosis: nullable,
          hash: z.string(),
        }),
      }),
    ]),
  ),
  ms: z.number(),
  worker: z.string(),
})

export const refusalSchema = z.strictObject({ refusedBy: z.string(), why: z.string() })

const shortHash = (data: Json): string => createHash('sha256').update(canonicalText(data)).digest('hex').slice(0, 32)

/** The name of a chunk: the same chunk is never in the queue twice. */
export const jobIdOf = (job: SweepJob): string => shortHash(job as unknown as Json)

/** How many workers a chunk may end before it is given up: the first may have been chance. */
export const MOST_LOSSES = 3

/** What BullMQ says of a chunk that ended so many workers. */
export const LOST_REASON = 'job stalled more than allowable limit'

/** The name of what a worker prepares for a chunk: candles and configuration. */
export const preparationOf = ({ datasets, modules, task }: SweepJob): string => shortHash({ datasets, modules, task } as unknown as Json)

/** The name of a worker: says how many chunks it runs at a time, so that whoever sends them knows without asking. */
export const workerName = (unique: string, threads: number): string => `${unique}-${threads}t`

/** How many chunks a worker of this name runs at a time. */
export const threadsOf = (name: string): number => Number(/-(\d+)t$/.exec(name)?.[1] ?? 1)

/** Finished chunks stay this long for a client that was away, and no more of them: one that is missed all the same is sent again. */
const KEEP_SECONDS = 3_600
const KEEP_CHUNKS = 1_000
/** Attempts of a chunk: each refusal takes one. */
const MOST_ATTEMPTS = 1_000
const REFUSED_AGAIN_MS = 100

/** A chunk as it is put into the queue. */
export const jobOf = (jobId: string, data: SweepJob) => ({
  name: 'chunk',
  data,
  opts: {
    jobId,
    attempts: MOST_ATTEMPTS,
    backoff: { type: 'fixed', delay: REFUSED_AGAIN_MS },
    removeOnComplete: { age: KEEP_SECONDS, count: KEEP_CHUNKS },
    // Whoever waits is told; what stayed would end the next run with a failure of this one.
    removeOnFail: true,
  },
})
