/** Less than this is not worth sending. */
const SHORTEST_MS = 50
/** What a chunk should take: long enough that sending it costs nothing, short enough that losing it costs little. */
const AIM_MS = 400
/** Trials in a chunk at most, so that a result stays small. */
const MOST_TRIALS = 2_000

/**
 * Says how many trials to send together, from how long those before took. The first chunk is one trial; each later one grows at most eightfold. Sizes decide what is
 * sent together, never what comes out.
 */
export class ChunkPacer {
  private msPerTrial: number | undefined
  private size = 1

  /** Trials of the next chunk when `left` are left for `lanes` workers: the last ones are shared out, as long as each is worth sending. */
  next(left: number, lanes: number): number {
    const share = Math.ceil(left / lanes)
    const shortest = this.msPerTrial === undefined ? 1 : Math.ceil(SHORTEST_MS / this.msPerTrial)
    return Math.max(1, Math.min(left, this.size, Math.max(share, shortest)))
  }

  /** A chunk was run. */
  took(trials: number, ms: number): void {
    const own = Math.max(ms, 0.001) / trials
    this.msPerTrial = this.msPerTrial === undefined ? own : 0.7 * this.msPerTrial + 0.3 * own
    this.size = Math.max(1, Math.min(MOST_TRIALS, this.size * 8, Math.floor(AIM_MS / this.msPerTrial)))
  }
}
