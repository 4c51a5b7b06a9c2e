import type { StrategyMemory } from '../contracts/strategy.ts'
import { frozen } from '../model/frozen.ts'
import type { Json } from '../model/json.ts'

/** The state of one bot's strategy: what the strategy sees, and the canonical text it came from, by which a change is told from none. */
export class MemoryCell {
  /** As the strategy's schema reads it, frozen: a strategy that would change it in place fails. Undefined without memory. */
  value: unknown = undefined
  text = ''
  private readonly memory: StrategyMemory | undefined

  constructor(memory: StrategyMemory | undefined) {
    this.memory = memory
  }

  /** @throws TypeError when the state does not fit the strategy's schema, or the strategy declares none */
  put(state: Json, text: string): void {
    if (this.memory === undefined) throw new TypeError("a state was handed over, but the strategy declares none: add 'state' to its definition")
    this.value = frozen(this.memory.read(state))
    this.text = text
  }
}
