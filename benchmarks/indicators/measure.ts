/** Something to time, and what it was. */
export interface Task {
  readonly indicator: string
  /** `batch`: one call over all candles, new outputs. `reused`: the same into outputs that are there. `update` and `preview`: one call per candle. */
  readonly form: 'batch' | 'reused' | 'update' | 'preview'
  readonly run: () => unknown
}

/** A timed task. */
export interface Timing {
  readonly indicator: string
  /** `kept`: as `batch`, in a process whose allocator gives no memory back. */
  readonly form: Task['form'] | 'kept'
  readonly nsPerCandle: number
  /** Pages of memory that were touched for the first time, per 1000 candles; for `batch` only. */
  readonly faults?: number
  /** Heap bytes per candle that `update` left before a collection; for `update` only. */
  readonly bytes?: number
}

const collect = (globalThis as { gc?: () => void }).gc

const SAMPLE_NS = 50e6

/** Processor time of this thread for `times` runs: unlike the clock it does not count the turns of other processes. It moves in steps of milliseconds. */
const nanoseconds = (run: () => unknown, times: number): number => {
  const start = process.threadCpuUsage()
  for (let i = 0; i < times; i++) run()
  const spent = process.threadCpuUsage(start)
  return (spent.user + spent.system) * 1000
}

/** The median of samples of at least 50 ms each, after a warm-up. */
export const measure = (task: Task, candles: number, samples = 7): Timing => {
  nanoseconds(task.run, 3)
  const once = nanoseconds(task.run, 3) / 3
  const slow = once > 1e9
  const times = slow ? 1 : Math.max(1, Math.ceil(SAMPLE_NS / Math.max(once, 2e4)))
  const spent: number[] = []
  const faults: number[] = []
  for (let i = 0; i < (slow ? 2 : samples); i++) {
    collect?.()
    const before = process.resourceUsage().minorPageFault
    spent.push(nanoseconds(task.run, times) / times)
    faults.push((process.resourceUsage().minorPageFault - before) / times)
  }
  const timing = { indicator: task.indicator, form: task.form, nsPerCandle: median(spent) / candles }
  if (task.form === 'batch') return { ...timing, faults: (median(faults) / candles) * 1000 }
  return task.form === 'update' ? { ...timing, bytes: bytesOf(task, candles) } : timing
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!

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

type Loop = (one: object | undefined, close: ArrayLike<number>, from: number, to: number) => unknown

/** In portions of a thousand, because V8 compiles one long loop anew in each run and allocates until that is done. */
const inPortions = (loop: Loop, one: object | undefined, close: ArrayLike<number>): void => {
  for (let from = 0; from < close.length; from += 1000) loop(one, close, from, Math.min(from + 1000, close.length))
}

let loops = 0

// The number makes its text unique, as equal texts share code.
// oxlint-disable-next-line no-implied-eval
const loopOf = (body: string): Loop => new Function('one', 'close', 'from', 'to', `/* ${++loops} */ ${body}`) as Loop

// Several others first: a caller that had seen one loop only would take it in, and the code of the two together is up to three times slower for whoever comes first.
for (let i = 0; i < 8; i++) inPortions(loopOf(''), undefined, new Float64Array(1000))

/** A loop of its own over a call such as `one.update(x)`: shared code would see several classes and measure that instead. */
export const eachClose = (one: object, call: string, close: ArrayLike<number>): (() => unknown) => {
  // The value is kept: a preview whose value nobody takes is not computed at all once it is compiled. It starts as a number, lest numbers be boxed.
  const loop = loopOf(`let last = 0.5; for (let i = from; i < to; i++) { const x = close[i]; last = ${call} } return last`)
  return () => inPortions(loop, one, close)
}
