/** `state$` speaks at most this often. */
const INTERVAL_MS = 250
/** How often a paced market's state is told while nothing happens in it: its time goes on. */
const PULSE_MS = 1_000

/** Tells the state a moment after something happened, however much happens. */
export class StateTicker {
  private timer: ReturnType<typeof setTimeout> | undefined
  private pulse: ReturnType<typeof setInterval> | undefined
  private readonly wanted: () => boolean
  private readonly tell: () => void

  constructor(wanted: () => boolean, tell: () => void) {
    this.wanted = wanted
    this.tell = tell
  }

  soon(): void {
    if (this.timer === undefined && this.wanted()) this.wait()
  }

  /** Apart, because a function that makes a closure allocates for it at every call, and `soon` is called at every event. */
  private wait(): void {
    this.timer = setTimeout(() => {
      this.timer = undefined
      if (this.wanted()) this.tell()
    }, INTERVAL_MS)
  }

  startPulse(): void {
    this.pulse = setInterval(() => this.soon(), PULSE_MS)
  }

  stop(): void {
    clearTimeout(this.timer)
    clearInterval(this.pulse)
  }
}
