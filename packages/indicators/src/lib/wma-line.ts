import { TrendWindow } from './trend-window.ts'

/** Mean of the last `size` inputs with weights 1 to `size`. */
export class WmaLine {
  private readonly window: TrendWindow
  private readonly scale: number

  constructor(size: number) {
    this.window = new TrendWindow(size)
    this.scale = 2 / (size * (size + 1))
  }

  step(x: number, keep: boolean): number {
    const { mean, cross } = this.window.step(x, keep)
    return mean + cross * this.scale
  }
}
