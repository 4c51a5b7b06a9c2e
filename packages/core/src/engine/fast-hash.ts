/**
 * Hash of a run without a journal: two 32-bit lanes over levels, fills and states of strategies, a few nanoseconds per number.
 * It tells runs apart; it is no cryptographic proof (that is the journal's chain).
 */
export class FastHash {
  private a = 0x9e3779b9 | 0
  private b = 0x85ebca6b | 0
  private readonly bits = new Float64Array(1)
  private readonly words = new Uint32Array(this.bits.buffer)

  int(value: number): void {
    const word = value | 0
    this.a = Math.imul(this.a ^ word, 0x01000193) ^ (this.a >>> 15)
    this.b = Math.imul(this.b + word, 0xcc9e2d51) ^ (this.b >>> 13)
  }

  float(value: number): void {
    this.bits[0] = value
    this.int(this.words[0]!)
    this.int(this.words[1]!)
  }

  text(value: string): void {
    for (let i = 0; i < value.length; i++) this.int(value.charCodeAt(i))
  }

  /** 16 hex digits. */
  get hex(): string {
    return (this.a >>> 0).toString(16).padStart(8, '0') + (this.b >>> 0).toString(16).padStart(8, '0')
  }

  snapshot(): readonly [number, number] {
    return [this.a, this.b]
  }

  restore([a, b]: readonly [number, number]): void {
    this.a = a
    this.b = b
  }
}
