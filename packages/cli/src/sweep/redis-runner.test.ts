import { EventEmitter } from 'node:events'
import type { TrialOutcome } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import type { BullMq } from './redis-connection.ts'
import { redisRunner } from './redis-runner.ts'
import type { RedisRunnerOptions } from './redis-runner.ts'
import type { SweepJob } from './sweep-job.ts'
import { workerName } from './sweep-job.ts'

// A queue in memory in the place of the one in Redis: what a test needs to happen, happens at once.

interface Kept {
  readonly id: string
  readonly data: SweepJob
  finishedOn?: number
  failedReason?: string
  returnvalue?: unknown
}

const outcomesOf = ({ points }: SweepJob): readonly TrialOutcome[] => points.map((point) => ({ refused: `no ${point}` }))

class Memory {
  readonly jobs = new Map<string, Kept>()
  readonly options: Record<string, unknown>[] = []
  readonly events = new EventEmitter()
  clients: string[] = []
  /** What happens to a chunk that is sent. */
  onJob: (job: Kept) => void = () => undefined

  complete(job: Kept): void {
    Object.assign(job, { finishedOn: 1, returnvalue: { outcomes: outcomesOf(job.data), ms: 10, worker: 'w' } })
  }

  tell(job: Kept): void {
    this.complete(job)
    setImmediate(() => this.events.emit('completed', { jobId: job.id, returnvalue: job.returnvalue }))
  }
}

/** What a run calls, on a queue in memory. */
function bullmqOf(memory: Memory): BullMq {
  class Queue extends EventEmitter {
    waitUntilReady = async () => undefined
    getWorkers = async () => memory.clients.map((name) => ({ name: 'millrace-sweep', rawname: `bull:bWls:w:${name}` }))
    getWorkersCount = async () => memory.clients.length
    remove = async (id: string) => memory.jobs.delete(id)
    close = async () => undefined
    addBulk = async (jobs: readonly { readonly data: SweepJob; readonly opts: { readonly jobId: string } }[]) => {
      for (const { data, opts } of jobs) {
        memory.options.push(opts)
        // A name that is there already is not added again.
        if (memory.jobs.has(opts.jobId)) continue
        const job = { id: opts.jobId, data }
        memory.jobs.set(job.id, job)
        memory.onJob(job)
      }
    }
  }
  class QueueEvents extends EventEmitter {
    waitUntilReady = async () => undefined
    close = async () => undefined
    override on(name: string, listener: (...of: never[]) => void): this {
      memory.events.on(name, listener as () => void)
      return this
    }
    override off(name: string, listener: (...of: never[]) => void): this {
      memory.events.off(name, listener as () => void)
      return this
    }
  }
  const Job = {
    fromId: async (_queue: unknown, id: string) => memory.jobs.get(id),
  }
  return { Queue, QueueEvents, Job } as unknown as BullMq
}

const job: RedisRunnerOptions['job'] = {
  ...{ v: 1, codeVersion: 'x', datasets: [], modules: [] },
  task: { config: {}, bot: 'sol', parameters: [{ name: 'fast', values: [1, 2] }], seed: 7, gapPolicy: 'skip' },
}
const window = { fromMs: 0, toMs: 1 }
const points = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)

async function opened(memory: Memory, more: Partial<RedisRunnerOptions> = {}) {
  const said: string[] = []
  const options = {
    redis: new URL('redis://127.0.0.1:1'),
    job,
    say: (line: string) => void said.push(line),
    patienceMs: 60_000,
    lookEveryMs: 2,
    chunkTrials: 1,
  }
  return { said, runner: await redisRunner(bullmqOf(memory), { ...options, ...more }) }
}

describe('a run over Redis', () => {
  it('takes chunks that an earlier run left finished, also those that a worker refused first', async () => {
    const memory = new Memory()
    memory.clients = [workerName('a', 1)]
    memory.onJob = (sent) => {
      memory.complete(sent)
      // BullMQ keeps the reason of an attempt that failed when a later one succeeds.
      sent.failedReason = 'the sweep is of code y'
    }
    const { runner } = await opened(memory)
    const told: number[] = []
    await runner.run(points(3), window, { onTrial: (position) => told.push(position) })
    expect(told).toEqual([0, 1, 2])
  })
  it('sends enough chunks for all threads of the workers, not for as many as there are processes', async () => {
    const memory = new Memory()
    memory.clients = [workerName('a', 16), workerName('b', 8), 'somebody']
    const { runner } = await opened(memory)
    const cancel = new AbortController()
    let most = 0
    memory.onJob = () => {
      most = memory.jobs.size
      if (most === 100) setImmediate(() => cancel.abort(new Error('enough')))
    }
    await expect(runner.run(points(500), window, { signal: cancel.signal, onTrial: () => undefined })).rejects.toThrow('enough')
    expect(most).toBe(4 * (16 + 8 + 1))
    expect(memory.jobs.size).toBe(0)
  })
  it('leaves no more in Redis than a client that was away could miss, and no failure that would end the next run', async () => {
    const memory = new Memory()
    memory.onJob = (sent) => memory.tell(sent)
    const { runner } = await opened(memory)
    await runner.run(points(2), window, { onTrial: () => undefined })
    expect(memory.options[0]).toMatchObject({ removeOnComplete: { age: 3_600, count: 1_000 }, removeOnFail: true })
  })
  it('gives a chunk up that ended three workers, names it, and goes on with the others', async () => {
    const memory = new Memory()
    memory.clients = [workerName('a', 1)]
    memory.onJob = (sent) => {
      if (sent.data.points[0] !== 2) return memory.tell(sent)
      for (let losses = 1; losses <= 3; losses++) memory.events.emit('stalled', { jobId: sent.id })
      memory.events.emit('failed', { jobId: sent.id, failedReason: 'job stalled more than allowable limit' })
    }
    const { runner, said } = await opened(memory, {
      chunkTrials: 2,
      job: { ...job, task: { ...job.task, parameters: [{ name: 'fast', values: [1, 2, 3, 5, 8] }] } },
    })
    const told: [number, TrialOutcome][] = []
    await runner.run(points(5), window, { onTrial: (position, outcome) => told.push([position, outcome]) })
    const chunk = 'the chunk of 2 trials from fast 3 to fast 5'
    const lost = `${chunk} ended 3 workers`
    expect(told.filter(([, outcome]) => 'lost' in outcome)).toEqual([
      [2, { lost }],
      [3, { lost }],
    ])
    expect(told.map(([position]) => position).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
    expect(said).toEqual([
      `a worker was lost with ${chunk}: it goes to another (1 of 3 times)`,
      `a worker was lost with ${chunk}: it goes to another (2 of 3 times)`,
      `given up: ${lost}`,
    ])
  })
  it('ends when a worker fails, with the chunk it failed on', async () => {
    const memory = new Memory()
    memory.onJob = (sent) => void memory.events.emit('failed', { jobId: sent.id, failedReason: 'a thread ended (exit code 1)' })
    const { runner } = await opened(memory)
    await expect(runner.run([1], window, { onTrial: () => undefined })).rejects.toThrow('a worker failed on the trial fast 2: a thread ended (exit code 1)')
  })
  it('says again that nobody is there when the last worker goes again', async () => {
    const memory = new Memory()
    const { runner, said } = await opened(memory)
    const running = runner.run([0], window, { onTrial: () => undefined })
    const nobody = (): number => said.filter((line) => line.startsWith('no worker is connected')).length
    await expect.poll(nobody, { interval: 2 }).toBe(1)
    memory.clients = [workerName('a', 1)]
    await new Promise((resolve) => setTimeout(resolve, 20))
    memory.clients = []
    await expect.poll(nobody, { interval: 2 }).toBe(2)
    memory.jobs.forEach((each) => memory.tell(each))
    await running
  })
  it('ends when every worker that is there refuses; one that went away refuses no more', async () => {
    const memory = new Memory()
    const [gone, slow] = [workerName('gone', 1), workerName('slow', 1)]
    memory.clients = [slow]
    const { runner, said } = await opened(memory)
    let looks = 0
    memory.onJob = () => {
      memory.events.emit('progress', { data: { refusedBy: gone, why: 'other candles' } })
      setTimeout(() => memory.jobs.forEach((each) => memory.tell(each)), 20)
      looks++
    }
    await runner.run([0], window, { onTrial: () => undefined })
    expect([looks, said]).toEqual([1, [`worker ${gone} refuses: other candles`]])
    memory.onJob = () => void memory.events.emit('progress', { data: { refusedBy: slow, why: 'other code' } })
    await expect(runner.run([1], window, { onTrial: () => undefined })).rejects.toThrow(`every worker refuses this sweep:\n  ${slow}: other code`)
  })
  it('says so when only workers that refuse are left in the middle, and goes on with the next one', async () => {
    const memory = new Memory()
    const [good, bad] = [workerName('good', 1), workerName('bad', 1)]
    memory.clients = [good, bad]
    const { runner, said } = await opened(memory)
    const told: number[] = []
    memory.onJob = (sent) => {
      if (sent.data.points[0] === 0) memory.tell(sent)
      else memory.events.emit('progress', { data: { refusedBy: bad, why: 'other code' } })
    }
    const running = runner.run(points(2), window, {
      onTrial: (position) => {
        told.push(position)
        memory.clients = [bad]
      },
    })
    await expect.poll(() => said, { interval: 2 }).toContain('every worker that is connected refuses: waiting for another one')
    for (const each of memory.jobs.values()) if (each.finishedOn === undefined) memory.tell(each)
    await running
    expect(told).toEqual([0, 1])
  })
})
