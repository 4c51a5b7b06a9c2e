import type { Job, Queue, QueueEvents } from 'bullmq'
import { ChunkPacer } from '@millrace/core'
import type { SweepHooks, SweepRunner, TrialOutcome, TrialWindow } from '@millrace/core'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { chunkText } from '../optimize/chunk-text.ts'
import { allRun } from '../optimize/run-or-lose.ts'
import { Presence } from './presence.ts'
import type { BullMq } from './redis-connection.ts'
import { redisLink, redisText } from './redis-connection.ts'
import { LOST_REASON, MOST_LOSSES, QUEUE, jobIdOf, jobOf, refusalSchema, sweepAnswerSchema, threadsOf } from './sweep-job.ts'
import type { SweepJob } from './sweep-job.ts'

export interface RedisRunnerOptions {
  readonly redis: URL
  /** All of a chunk but its trials. */
  readonly job: Omit<SweepJob, 'window' | 'points'>
  readonly say: (line: string) => void
  /** How long Redis may be away before the sweep ends. */
  readonly patienceMs: number
  /** Between two looks at chunks that nothing was heard of. */
  readonly lookEveryMs?: number
  /** Tests send chunks of a fixed size. */
  readonly chunkTrials?: number
}

/** Chunks in the queue for each thread of the workers, and at least: enough that nobody waits, few enough that Redis stays small. */
const CHUNKS_PER_THREAD = 4
const LEAST_CHUNKS = 8

/** Runs trials on the workers that listen on a Redis. */
export async function redisRunner(bullmq: BullMq, options: RedisRunnerOptions): Promise<SweepRunner> {
  const link = redisLink(options.redis)
  const connection = link.options
  const queue = new bullmq.Queue(QUEUE, { connection })
  const events = new bullmq.QueueEvents(QUEUE, { connection })
  const presence = new Presence(redisText(options.redis), options.say, options.patienceMs)
  const away = (error: Error): void => presence.away(error)
  // A Redis that is started anew at once lets the next attempt succeed: only the end of the connection tells.
  const closed = (): void => presence.away(new Error('the connection was closed'))
  queue.on('error', away).on('ioredis:close', closed)
  events.on('error', away).on('ioredis:close', closed)
  const close = async (): Promise<void> => {
    presence.end()
    const last = presence.isAway ? lastAttempt(events) : Promise.resolve()
    link.giveUp()
    await last
    await Promise.allSettled([queue.close(), events.close()])
  }
  try {
    await presence.until(Promise.all([queue.waitUntilReady(), events.waitUntilReady()]))
    presence.back()
  } catch (error) {
    await close()
    throw error
  }
  const pacer = new ChunkPacer()
  return {
    name: `workers at ${redisText(options.redis)}`,
    async run(points, window, hooks) {
      const sending = new Sending({ queue, events, presence, pacer, options, bullmq }, points, window, hooks)
      try {
        await sending.toEnd()
      } finally {
        await sending.takeBack()
      }
    },
    close,
  }
}

/** Longer than any wait between two attempts. */
const LAST_ATTEMPT_MS = 2_500

/** Closing a connection that is between two attempts would wait for ever: it is closed when its last attempt has failed. */
const lastAttempt = (events: QueueEvents): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, LAST_ATTEMPT_MS)
    events.once('ioredis:close', () => {
      clearTimeout(timer)
      setImmediate(resolve)
    })
  })

interface Parts {
  readonly queue: Queue
  readonly events: QueueEvents
  readonly presence: Presence
  readonly pacer: ChunkPacer
  readonly options: RedisRunnerOptions
  readonly bullmq: BullMq
}

interface Sent {
  readonly job: SweepJob
  readonly from: number
  /** Workers that were lost while they ran it. */
  losses: number
}

/** Names of the workers that are connected, as they gave them; empty for one that a Redis without names has. */
async function workersOf(queue: Queue): Promise<readonly string[]> {
  const clients = await queue.getWorkers()
  return clients.map(({ rawname = '' }) => rawname.slice(rawname.indexOf(':w:') + ':w:'.length))
}

/** One list of trials on its way through the queue. */
class Sending {
  private readonly parts: Parts
  private readonly points: readonly number[]
  private readonly window: TrialWindow
  private readonly hooks: SweepHooks
  private readonly sent = new Map<string, Sent>()
  private readonly refusing = new Map<string, string>()
  private readonly end = Promise.withResolvers<void>()
  private next = 0
  private threads = 1
  private answered = 0
  private saidNobody = false
  private filling: Promise<void> = Promise.resolve()

  constructor(parts: Parts, points: readonly number[], window: TrialWindow, hooks: SweepHooks) {
    this.parts = parts
    this.points = points
    this.window = window
    this.hooks = hooks
  }

  async toEnd(): Promise<void> {
    const { parts, hooks } = this
    const { events, presence, options } = parts
    hooks.signal?.throwIfAborted()
    const onAbort = (): void => this.end.reject(hooks.signal!.reason as Error)
    hooks.signal?.addEventListener('abort', onAbort, { once: true })
    const onCompleted = ({ jobId, returnvalue }: { readonly jobId: string; readonly returnvalue: unknown }): void =>
      this.try(() => this.take(jobId, returnvalue))
    const onFailed = ({ jobId, failedReason }: { readonly jobId: string; readonly failedReason: string }): void =>
      this.try(() => this.failed(jobId, failedReason))
    const onStalled = ({ jobId }: { readonly jobId: string }): void => this.stalled(jobId)
    const onProgress = ({ data }: { readonly data: unknown }): void => this.try(() => this.refused(data))
    events.on('completed', onCompleted).on('failed', onFailed).on('progress', onProgress).on('stalled', onStalled)
    const look = setInterval(() => this.later(() => this.look()), options.lookEveryMs ?? 1_000)
    try {
      this.later(() => this.look())
      await presence.until(this.end.promise)
    } finally {
      clearInterval(look)
      hooks.signal?.removeEventListener('abort', onAbort)
      events.off('completed', onCompleted).off('failed', onFailed).off('progress', onProgress).off('stalled', onStalled)
    }
  }

  /** Chunks that nobody has begun are taken out of the queue. */
  async takeBack(): Promise<void> {
    const { queue, presence } = this.parts
    if (presence.isAway) return
    await this.filling
    await Promise.allSettled([...this.sent.keys()].map((id) => queue.remove(id)))
    this.sent.clear()
  }

  private try(step: () => void): void {
    try {
      step()
    } catch (error) {
      this.end.reject(error)
    }
  }

  /** One step after the other: a look and a filling never meet. */
  private later(step: () => Promise<void>): void {
    this.filling = this.filling.then(step).catch((error: unknown) => this.end.reject(error))
  }

  private async fill(): Promise<void> {
    const { queue, pacer, options } = this.parts
    const room = Math.max(LEAST_CHUNKS, CHUNKS_PER_THREAD * this.threads)
    const jobs: { readonly id: string; readonly sent: Sent }[] = []
    while (this.sent.size < room && this.next < this.points.length) {
      const from = this.next
      this.next += options.chunkTrials ?? pacer.next(this.points.length - from, room)
      const job: SweepJob = { ...options.job, window: this.window, points: this.points.slice(from, this.next) }
      const id = jobIdOf(job)
      const sent: Sent = { job, from, losses: 0 }
      this.sent.set(id, sent)
      jobs.push({ id, sent })
    }
    if (jobs.length > 0) await queue.addBulk(jobs.map(({ id, sent }) => jobOf(id, sent.job)))
  }

  private take(jobId: string, value: unknown): void {
    const sent = this.sent.get(jobId)
    // Somebody else's, or one that two workers finished: the answers are the same.
    if (sent === undefined) return
    const answer = sweepAnswerSchema.parse(typeof value === 'string' ? JSON.parse(value) : value)
    if (answer.outcomes.length !== sent.job.points.length)
      throw new Error(`worker ${answer.worker} answered ${answer.outcomes.length} of ${sent.job.points.length} trials`)
    this.parts.presence.back()
    if (allRun(answer.outcomes)) this.parts.pacer.took(answer.outcomes.length, answer.ms)
    this.done(jobId, sent, answer.outcomes)
  }

  private done(jobId: string, { from }: Sent, outcomes: readonly TrialOutcome[]): void {
    this.sent.delete(jobId)
    this.answered++
    outcomes.forEach((outcome, i) => this.hooks.onTrial(from + i, outcome))
    if (this.sent.size === 0 && this.next >= this.points.length) this.end.resolve()
    else this.later(() => this.fill())
  }

  private failed(jobId: string, reason: string): void {
    const sent = this.sent.get(jobId)
    if (sent === undefined) return
    if (reason !== LOST_REASON) throw new Error(`a worker failed on ${chunkText(sent.job.task.parameters, sent.job.points)}: ${reason}`)
    const lost = `${chunkText(sent.job.task.parameters, sent.job.points)} ended ${MOST_LOSSES} workers`
    this.parts.options.say(`given up: ${lost}`)
    this.done(
      jobId,
      sent,
      sent.job.points.map(() => ({ lost })),
    )
  }

  private stalled(jobId: string): void {
    const sent = this.sent.get(jobId)
    // The last time is told when the chunk is given up.
    if (sent === undefined || ++sent.losses >= MOST_LOSSES) return
    this.parts.options.say(
      `a worker was lost with ${chunkText(sent.job.task.parameters, sent.job.points)}: it goes to another (${sent.losses} of ${MOST_LOSSES} times)`,
    )
  }

  private refused(data: unknown): void {
    const read = refusalSchema.safeParse(data)
    if (!read.success || this.refusing.has(read.data.refusedBy)) return
    this.refusing.set(read.data.refusedBy, read.data.why)
    this.parts.options.say(`worker ${read.data.refusedBy} refuses: ${read.data.why}`)
  }

  /** Looks after chunks that nothing was heard of: a Redis that was started anew knows none of them, and events may have been lost with it. */
  private async look(): Promise<void> {
    const { queue, presence, options, bullmq } = this.parts
    const before = this.answered
    const workers = await workersOf(queue)
    this.threads = Math.max(
      1,
      workers.reduce((sum, name) => sum + threadsOf(name), 0),
    )
    presence.back()
    const lost: { readonly id: string; readonly sent: Sent }[] = []
    for (const [id, sent] of [...this.sent]) {
      const job: Job | undefined = await bullmq.Job.fromId(queue, id)
      if (!this.sent.has(id)) continue
      if (job === undefined) lost.push({ id, sent })
      // One that a worker refused before has a reason to have failed, and was run all the same. Those that failed are not kept.
      else if (job.finishedOn !== undefined) this.take(id, job.returnvalue)
    }
    if (lost.length > 0) {
      options.say(`Redis does not know ${lost.length} ${lost.length === 1 ? 'chunk' : 'chunks'} any more: sent again`)
      await queue.addBulk(lost.map(({ id, sent }) => jobOf(id, sent.job)))
    }
    await this.fill()
    if (this.points.length === 0) this.end.resolve()
    if (this.answered === before) this.askForWorkers(workers)
  }

  /** Says when nobody works, and ends when nobody will. */
  private askForWorkers(workers: readonly string[]): void {
    const { redis, say } = this.parts.options
    const refused = workers.length > 0 && workers.every((name) => this.refusing.has(name))
    if (refused && this.answered === 0) {
      const reasons = workers.map((name) => `  ${name}: ${this.refusing.get(name)!}`)
      throw new CliError(exitCodes.refused, `every worker refuses this sweep:\n${reasons.join('\n')}`)
    }
    const nobody = workers.length === 0 || refused
    const told = this.saidNobody
    this.saidNobody = nobody
    if (told || !nobody) return
    say(
      refused
        ? 'every worker that is connected refuses: waiting for another one'
        : `no worker is connected: start millrace sweep worker --redis ${redisText(redis)} --data <dir>, here or elsewhere`,
    )
  }
}
