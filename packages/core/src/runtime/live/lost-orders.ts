import type { KernelState } from '../../engine/kernel-state.ts'
import type { LostNumbers } from '../../engine/lost-numbers.ts'
import { orderIdOf } from '../../engine/order-id.ts'

/** Whose an order was of which the journal lost everything. */
export interface LostOrder {
  readonly botId: string
  readonly intentNo: number
}

/** Knows orders again that the journal lost with its end: their ids follow from store, bot and number. */
export class LostOrders {
  private readonly state: KernelState
  private names = new Map<string, LostOrder>()
  private madeFor: Pick<LostNumbers, 'from' | 'to'> | undefined

  constructor(state: KernelState) {
    this.state = state
  }

  of(clientOrderId: string): LostOrder | undefined {
    const { lost } = this.state.durable
    if (lost === undefined) return undefined
    if (this.madeFor?.from !== lost.from || this.madeFor.to !== lost.to) this.make(lost)
    return this.names.get(clientOrderId)
  }

  private make({ from, to }: LostNumbers): void {
    const { durable, bots, botsById, settings } = this.state
    this.madeFor = { from, to }
    this.names = new Map()
    const owners = new Map([...botsById.keys(), ...durable.bots.keys(), ...durable.ledger.botIds()].map((botId) => [botId, botId]))
    // What a bot was called when it made them may be lost as well, with its adoption.
    for (const { config } of bots) if (config.adopt !== undefined && !owners.has(config.adopt)) owners.set(config.adopt, config.id)
    for (const [name, botId] of owners)
      for (let intentNo = from; intentNo <= to; intentNo++) this.names.set(orderIdOf(settings.storeId, name, intentNo), { botId, intentNo })
  }
}
