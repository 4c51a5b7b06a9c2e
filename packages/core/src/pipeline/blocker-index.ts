/** Integer codes for blocker codes: 0 = none. Plugins' own codes are added when the kernel is made, so the hot path compares numbers only. */
export class BlockerIndex {
  private readonly list: string[] = ['']
  private readonly byCode = new Map<string, number>()
  // The stages' own codes, looked up once.
  readonly HOLD = this.of('HOLD')
  readonly NO_POSITION = this.of('NO_POSITION')
  readonly WARMING_UP = this.of('WARMING_UP')
  readonly CONFIRMATION = this.of('CONFIRMATION')
  readonly PLUGIN_FAILED = this.of('PLUGIN_FAILED')
  readonly SIZE_ZERO = this.of('SIZE_ZERO')

  of(code: string): number {
    let index = this.byCode.get(code)
    if (index === undefined) {
      index = this.list.length
      this.list.push(code)
      this.byCode.set(code, index)
    }
    return index
  }

  code(index: number): string {
    return this.list[index]!
  }

  get size(): number {
    return this.list.length
  }
}
