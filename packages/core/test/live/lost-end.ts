import { createProjector, memoryStore } from '@millrace/core'
import type { Engine, JournalEntry, Store, StoreFactory } from '@millrace/core'
import { faultBots } from '../../src/testing/faults/fault-bots.ts'
import { judge } from '../../src/testing/faults/judge.ts'
import { liveRun } from './live-run.ts'
import type { LiveRun } from './live-run.ts'

const STORE_ID = '00000000-0000-8000-8000-000000000001'
const bots = faultBots(3, ['BTC-USD'])

/** Buys, rests, sells and buys again: three bots at market and at limits. */
export async function busyRun(options: Parameters<typeof liveRun>[0] = {}): Promise<LiveRun> {
  const run = await liveRun({ bots, ...options })
  await run.minutes(100, 97, 96, 103, 104, 97)
  await run.seconds(3)
  return run
}

/** A store that holds the first entries of a journal and knows that there were more; `tells`: and whether trading was halted behind them. */
export function cutStore(journal: readonly JournalEntry[], kept: number, tells = true): StoreFactory {
  const memory = memoryStore()
  const request = { environment: 'live', storeId: STORE_ID } as const
  const first = memory.open(request)
  first.append(journal.slice(0, kept))
  first.close()
  const last = journal.at(-1)!
  const projector = createProjector()
  for (const entry of journal) projector.apply(entry)
  let known = false
  return {
    open(): Store {
      const store = memory.open(request)
      const tail = { state: 'lost', entries: last.seq - kept, upTo: last.seq, hash: last.hash, ...(tells ? { halted: projector.halted } : {}) } as const
      const opened = Object.assign(Object.create(store, {}) as Store, { tail: known || kept === last.seq ? ({ state: 'whole' } as const) : tail })
      known = true
      return opened
    },
  }
}

/** What a snapshot of a machine has of a journal: nothing beside it tells that there was more. */
export function olderCopy(journal: readonly JournalEntry[], kept: number): StoreFactory {
  const memory = memoryStore()
  const request = { environment: 'live', storeId: STORE_ID } as const
  const first = memory.open(request)
  first.append(journal.slice(0, kept))
  first.close()
  return { open: () => memory.open(request) }
}

export const codesOf = (engine: Engine): readonly string[] =>
  engine.read({ types: ['alert'], limit: 1_000 }).map(({ data }) => (data as { readonly code: string }).code)

/** What is not the venue's to the last unit: coins, cash, an order of ours, a fill. */
export const differences = ({ venue }: LiveRun, engine: Engine): readonly string[] =>
  judge(venue.ledger, { orders: engine.rows('orders'), fills: engine.rows('fills'), balances: engine.rows('balances') }, { tradeMax: 25, entries: 60 })
