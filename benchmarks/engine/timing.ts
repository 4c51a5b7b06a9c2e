const collect = (globalThis as { gc?: () => void }).gc

/** Rounds before the measured ones, in which the compiler finishes. */
const WARM_UP = 3

/** Processor time so far, in microseconds, with a start to count from. */
export type Meter = (since?: NodeJS.CpuUsage) => NodeJS.CpuUsage

/** Least processor time of the rounds, in ns per unit of work: of this thread, or of the whole process where the work is done by others. */
export async function nanoseconds(
  rounds: number,
  run: () => number | Promise<number>,
  meter: Meter = (since) => process.threadCpuUsage(since),
): Promise<number> {
  let best = Infinity
  for (let round = -WARM_UP; round < rounds; round++) {
    collect?.()
    const start = meter()
    const units = await run()
    const { user, system } = meter(start)
    if (round >= 0) best = Math.min(best, ((user + system) * 1000) / units)
  }
  return best
}

/** One answer of every round, or an error: speed must never change a result. */
export class SameHash {
  private known: string | undefined
  private readonly name: string

  constructor(name: string) {
    this.name = name
  }

  see(hash: string): void {
    this.known ??= hash
    if (hash !== this.known) throw new Error(`${this.name}: expected the hash ${this.known} again, received ${hash}`)
  }

  get hash(): string {
    return this.known ?? ''
  }
}
