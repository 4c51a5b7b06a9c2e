import type { SimulatedClock } from '../simulated-clock.ts'

/** Moves virtual time on, from timer to timer, letting everything that was started come as far as it can at each. */
export async function advance(clock: SimulatedClock, ms: number): Promise<void> {
  const endMs = clock.nowMs() + ms
  await settled()
  while (clock.nextMs <= endMs) {
    clock.set(Math.max(clock.nextMs, clock.nowMs()))
    await settled()
  }
  clock.set(endMs)
  await settled()
}

/** Moves virtual time on until a piece of work is done. */
export async function advanceUntil(clock: SimulatedClock, work: Promise<unknown>): Promise<void> {
  let over = false
  const ended = work.then(() => (over = true))
  await settled()
  while (!over && clock.nextMs < Number.POSITIVE_INFINITY) {
    clock.set(Math.max(clock.nextMs, clock.nowMs()))
    await settled()
  }
  await ended
}

/** All promises that can go on have gone on: the next turn of the process begins after them. */
// oxlint-disable-next-line no-restricted-globals -- the one place that lets real time pass, and nothing reads how much
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
