/** Ids of the fills that were booked, for good: each of them once, in the order of booking. */
export class FillIds {
  private readonly ids = new Set<string>()

  get size(): number {
    return this.ids.size
  }

  has(id: string): boolean {
    return this.ids.has(id)
  }

  add(id: string): void {
    this.ids.add(id)
  }

  /** From the n-th on, 0 = the first. */
  from(index: number): string[] {
    return [...this.ids].slice(index)
  }
}
