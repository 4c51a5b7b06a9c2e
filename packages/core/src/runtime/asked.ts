/** Promises of what was asked for between events: kept when its turn comes, or refused when there is none any more. */
export class Asked {
  private readonly waiting = new Set<(error: unknown) => void>()

  ask<T>(run: (turn: () => void) => void, action: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.add(reject)
      run(() => {
        const result = action()
        this.waiting.delete(reject)
        resolve(result)
      })
    })
  }

  refuse(error: unknown): void {
    for (const reject of this.waiting) reject(error)
    this.waiting.clear()
  }
}
