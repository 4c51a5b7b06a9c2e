/** Answers for ids of fills that are not in memory any more. */
export type KnowsFill = (fillId: string) => boolean

/** Ids of the fills that were booked, each of them once, in the order of booking: for good, in memory or where somebody else answers for them. */
export class FillIds {
  /** Two halves, because the older one goes as a whole: deleting one by one leaves old tables behind. */
  private older: ReadonlySet<string> = new Set()
  private newer = new Set<string>()
  /** How many are not in memory any more. */
  private gone = 0
  private knows: KnowsFill | undefined
  private room = Number.POSITIVE_INFINITY

  get size(): number {
    return this.gone + this.held
  }

  /** How many are in memory. */
  get held(): number {
    return this.older.size + this.newer.size
  }

  has(id: string): boolean {
    return this.newer.has(id) || this.older.has(id) || (this.gone > 0 && this.knows?.(id) === true)
  }

  add(id: string): void {
    this.newer.add(id)
    if (this.newer.size >= this.room) this.turn()
  }

  /** From the n-th on, 0 = the first: of those in memory. */
  from(index: number): string[] {
    return [...this.older, ...this.newer].slice(Math.max(0, index - this.gone))
  }

  /** Keeps the newest in memory, at most twice `room`; for the others somebody else is asked. */
  relyOn(knows: KnowsFill, room: number): void {
    this.knows = knows
    this.room = room
    this.forget(this.size - room)
  }

  /** Lets go of those before the n-th. Whoever has them forgotten and nobody to ask must not book one of them again. */
  forget(before: number): void {
    const kept = this.from(before)
    this.gone = this.size - kept.length
    this.older = new Set(kept)
    this.newer = new Set()
  }

  private turn(): void {
    this.gone += this.older.size
    this.older = this.newer
    this.newer = new Set()
  }
}
