/** Runs one thing at a time, in the order asked for: what is asked for inside of one waits until it is done. */
export class SerialQueue {
  private waiting: (() => void)[] = []
  private busy = false
  private readonly afterEach: () => void
  private readonly onError: (error: unknown) => void

  constructor(afterEach: () => void, onError: (error: unknown) => void) {
    this.afterEach = afterEach
    this.onError = onError
  }

  /** Takes a value now, or after what is at work. Nothing is allocated when idle. */
  run<T>(take: (value: T) => void, value: T): void {
    if (this.busy) return this.wait(take, value)
    this.busy = true
    try {
      take(value)
      this.afterEach()
      while (this.waiting.length > 0) this.runWaiting()
    } catch (error) {
      this.onError(error)
    } finally {
      this.busy = false
    }
  }

  /** Runs after what is at work, or now. */
  later(action: () => void): void {
    this.run((next) => next(), action)
  }

  /** Apart: a function that makes a closure allocates its variables at every call, whether it makes one or not. */
  private wait<T>(take: (value: T) => void, value: T): void {
    this.waiting.push(() => take(value))
  }

  private runWaiting(): void {
    const waiting = this.waiting
    this.waiting = []
    for (const action of waiting) {
      action()
      this.afterEach()
    }
  }
}
