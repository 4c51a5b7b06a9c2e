/** Something to time, and what it was. */
export interface Task {
  readonly indicator: string
  /** `batch`: one call over all candles. `update` and `preview`: one call per candle. */
  readonly form: 'batch' | 'update' | 'preview'
  readonly run: () => unknown
}

/** A timed task. */
export interface Timing {
  readonly indicator: string
  readonly form: Task['form']
  readonly nsPerCandle: number
  /** Heap bytes per candle that `update` left before a collection; for `update` only. */
  readonly bytes?: number
}

const collect = (globalThis as { gc?: () => void }).gc

const nanoseconds = (run: () => unknown): number => {
  const start = process.hrtime.bigint()
  const result = run()
  const spent = Number(process.hrtime.bigint() - start)
  if (result === sink) throw new Error('unreachable')
  return spent
}

// Results are compared with it, so that no run is optimised away.
const sink = {}

/** The median of at least `samples` runs and `seconds`, after a warm-up. */
export const measure = (task: Task, candles: number, samples = 9, seconds = 0.4): Timing => {
  const slow = nanoseconds(task.run) > 2e9
  for (let i = 0; i < (slow ? 0 : 4); i++) task.run()
  const times: number[] = []
  let spent = 0
  while (times.length < (slow ? 2 : samples) || (spent < seconds * 1e9 && times.length < 60)) {
    collect?.()
    const time = nanoseconds(task.run)
    times.push(time)
    spent += time
  }
  times.sort((a, b) => a - b)
  const timing = { indicator: task.indicator, form: task.form, nsPerCandle: times[times.length >> 1]! / candles }
  return task.form === 'update' ? { ...timing, bytes: bytesOf(task, candles) } : timing
}

/** Least heap growth per candle of a few runs: a collection in between would make it negative, compilation would make it large. */
const bytesOf = (task: Task, candles: number): number => {
  let least = Infinity
  for (let i = 0; i < 5; i++) {
    collect?.()
    const before = process.memoryUsage().heapUsed
    task.run()
    const growth = (process.memoryUsage().heapUsed - before) / candles
    if (growth >= 0) least = Math.min(least, growth)
  }
  return least
}
