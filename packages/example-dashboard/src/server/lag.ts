import { monitorEventLoopDelay } from 'node:perf_hooks'

const nsPerMs = 1e6
const resolutionMs = 20

/** Watches how late this process is, a minute at a time. */
export function watchLag(): { readonly largestMs: () => number; stop(): void } {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  let before = 0
  const turn = setInterval(() => {
    before = histogram.max / nsPerMs
    histogram.reset()
  }, 60_000)
  turn.unref()
  return {
    // It measures with a timer of its own, whose time is no delay.
    largestMs: () => Math.max(0, Math.max(before, histogram.max / nsPerMs) - resolutionMs),
    stop() {
      clearInterval(turn)
      histogram.disable()
    },
  }
}
