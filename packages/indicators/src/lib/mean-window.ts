import { SumWindow } from './sum-window.ts'

/** Mean of the last `size` inputs. A window of equal inputs has exactly that mean, so that flat prices show no crossings made of rounding. */
export class MeanWindow {
  private readonly sum: SumWindow
  private readonly size: number
  private last = NaN
  private run = 0

  constructor(size: number) {
    this.size = size
    this.sum = new SumWindow(size)
  }

  step(x: number, keep: boolean): number {
    const sum = this.sum.step(x, keep)
    const run = x === this.last ? this.run + 1 : 1
    if (keep) {
      this.last = x
      this.run = run
    }
    return run >= this.size ? x : sum / this.size
  }
}
