/** A map that keeps its newest entries, at most twice `room`: the older half goes as a whole, because deleting one by one leaves old tables behind. */
export class RecentMap<Key, Value> {
  private older: ReadonlyMap<Key, Value> = new Map()
  private newer = new Map<Key, Value>()
  private readonly room: number

  /** @param room - how many of the newest are there for sure */
  constructor(room: number) {
    this.room = room
  }

  get size(): number {
    return this.older.size + this.newer.size
  }

  get(key: Key): Value | undefined {
    return this.newer.get(key) ?? this.older.get(key)
  }

  set(key: Key, value: Value): void {
    this.newer.set(key, value)
    if (this.newer.size < this.room) return
    this.older = this.newer
    this.newer = new Map()
  }
}
