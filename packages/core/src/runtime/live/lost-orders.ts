import type { KernelState } from '../../engine/kernel-state.ts'
import type { LostNumbers } from '../../engine/lost-numbers.ts'
import { orderIdOf } from '../../engine/order-id.ts'

/** How many orders an older copy may be behind and still be found out; beyond that all looks like somebody else's. */
const MOST_AHEAD = 5_000
const VERSION_8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8/

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

  /** The largest number of an order of ours that has not left by the journal, among ids that the venue knows; undefined when there is none. */
  numberAhead(clientOrderIds: readonly string[]): number | undefined {
    const { durable, settings } = this.state
    // Ours are of version 8, those of a person's own program seldom: most accounts need no id made.
    const found = new Set(clientOrderIds.filter((id) => VERSION_8.test(id) && !durable.orders.has(id)))
    // Wanted, and never written down as sent: then it was not sent by what is here.
    const unsent = clientOrderIds.some((id) => durable.orders.get(id)?.state === 'intent') ? durable.intentNo : undefined
    if (found.size === 0) return unsent
    const names = [...this.owners().keys()]
    for (let intentNo = durable.intentNo + MOST_AHEAD; intentNo > durable.intentNo; intentNo--)
      if (names.some((name) => found.has(orderIdOf(settings.storeId, name, intentNo)))) return intentNo
    return unsent
  }

  private make({ from, to }: LostNumbers): void {
    const { settings } = this.state
    this.madeFor = { from, to }
    this.names = new Map()
    for (const [name, botId] of this.owners())
      for (let intentNo = from; intentNo <= to; intentNo++) this.names.set(orderIdOf(settings.storeId, name, intentNo), { botId, intentNo })
  }

  /** Which bot answers for orders that were made under which name. */
  private owners(): ReadonlyMap<string, string> {
    const { durable, bots, botsById } = this.state
    const owners = new Map([...botsById.keys(), ...durable.bots.keys(), ...durable.ledger.botIds()].map((botId) => [botId, botId]))
    // What a bot was called when it made them may be lost as well, with its adoption.
    for (const { config } of bots) if (config.adopt !== undefined && !owners.has(config.adopt)) owners.set(config.adopt, config.id)
    return owners
  }
}
