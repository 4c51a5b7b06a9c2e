/**
 * A map of few entries that come and go all the time, looked through from the first. A `Map` makes a new table after every few of them, and its old tables, once
 * they are old, keep the newer ones and what was in them alive until the next full collection: copying finished orders took a sixth of a replay.
 */
export class Few<Key extends string, Value> {
  private readonly names: Key[] = []
  private readonly items: Value[] = []

  get size(): number {
    return this.names.length
  }

  get(key: Key): Value | undefined {
    const index = this.names.indexOf(key)
    return index < 0 ? undefined : this.items[index]
  }

  has(key: Key): boolean {
    return this.names.includes(key)
  }

  /** A new key comes last, a known one stays where it is. */
  set(key: Key, value: Value): void {
    const index = this.names.indexOf(key)
    if (index >= 0) this.items[index] = value
    else {
      this.names.push(key)
      this.items.push(value)
    }
  }

  delete(key: Key): boolean {
    const index = this.names.indexOf(key)
    if (index < 0) return false
    // Moved up one by one: `splice` makes an array of what it took out.
    for (let i = index + 1; i < this.names.length; i++) {
      this.names[i - 1] = this.names[i]!
      this.items[i - 1] = this.items[i]!
    }
    this.dropLast()
    return true
  }

  /** Keeps its room: a length of zero would give it back. */
  clear(): void {
    while (this.names.length > 0) this.dropLast()
  }

  /** In the order in which the keys came. */
  keys(): readonly Key[] {
    return this.names
  }

  /** In the order of the keys. */
  values(): readonly Value[] {
    return this.items
  }

  private dropLast(): void {
    this.names.pop()
    this.items.pop()
  }
}
