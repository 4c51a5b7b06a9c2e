import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/** Whether Redis is there: says once when it goes and when it comes back, and gives up when it stays away. */
export class Presence {
  private readonly name: string
  private readonly say: (line: string) => void
  private readonly patienceMs: number
  private readonly gone = Promise.withResolvers<never>()
  private timer: NodeJS.Timeout | undefined
  private ended = false

  constructor(name: string, say: (line: string) => void, patienceMs: number) {
    this.name = name
    this.say = say
    this.patienceMs = patienceMs
    // Nobody may be waiting when it gives up.
    this.gone.promise.catch(() => undefined)
  }

  get isAway(): boolean {
    return this.timer !== undefined
  }

  away(error: Error): void {
    if (this.timer !== undefined || this.ended) return
    const why = error.message === '' ? error.name : error.message
    this.say(`Redis at ${this.name} is away (${why}): waiting up to ${this.patienceMs / 1000} s`)
    this.timer = setTimeout(
      () =>
        this.gone.reject(
          new CliError(exitCodes.refused, `Redis at ${this.name} was away for ${this.patienceMs / 1000} s (${why}); start it and give the same command again`),
        ),
      this.patienceMs,
    )
  }

  back(): void {
    if (this.timer === undefined) return
    clearTimeout(this.timer)
    this.timer = undefined
    this.say(`Redis at ${this.name} is back`)
  }

  /** Waits for work, or until it gave up. */
  until<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.gone.promise])
  }

  /** Waits for nothing any more, and says nothing: what closes now is meant to. */
  end(): void {
    this.ended = true
    clearTimeout(this.timer)
  }
}
