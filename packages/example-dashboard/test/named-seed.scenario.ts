import { readFileSync } from 'node:fs'
import { createEngine, memoryStore, paper, parseConfig, simulatedMarket } from '@millrace/core'
import type { FillRecord } from '@millrace/core'
import { beforeAll, describe, expect, test } from 'vitest'

/** The seed that docs/concepts/simulated-market.md names. */
const SEED = 16

const documented = readFileSync(new URL('../../../docs/concepts/simulated-market.md', import.meta.url), 'utf8')
const bots: unknown = JSON.parse(readFileSync(new URL('../bots.json', import.meta.url), 'utf8'))

interface RoundTrip {
  /** The exit rule or strategy that asked for the sale after which the bot was flat. */
  readonly closedBy: string
  readonly fills: readonly FillRecord[]
  /** Net of all fees. */
  readonly pnl: number
}

async function simulatedDay(seed: number): Promise<readonly FillRecord[]> {
  const { account, bots: configs, json } = parseConfig(bots)
  const fills: FillRecord[] = []
  const engine = createEngine({
    market: simulatedMarket({ seed, until: '24h', speed: 'max', instruments: configs.map((bot) => bot.instrument) }),
    exchange: paper({ cash: account.cash, fees: account.fees }),
    store: memoryStore(),
    bots: configs,
    safety: account.safety,
    environment: 'backtest',
    config: json,
  })
  engine.on('fill', (fill) => fills.push(fill))
  await engine.start()
  await engine.finished
  return fills
}

/** Each bot's fills, cut where it was flat. The last piece of a bot that still holds something is no round trip. */
function roundTrips(fills: readonly FillRecord[]): readonly RoundTrip[] {
  const trips: RoundTrip[] = []
  const open = new Map<string, { fills: FillRecord[]; held: number }>()
  for (const fill of fills) {
    const trip = open.get(fill.botId) ?? { fills: [], held: 0 }
    open.set(fill.botId, trip)
    trip.fills.push(fill)
    trip.held += (fill.side === 'buy' ? 1 : -1) * Number(fill.quantity)
    if (fill.side === 'buy' || Math.abs(trip.held) > 1e-9 * Number(fill.quantity)) continue
    trips.push({ closedBy: fill.source, fills: trip.fills, pnl: trip.fills.reduce((sum, { realizedPnl }) => sum + Number(realizedPnl), 0) })
    open.delete(fill.botId)
  }
  return trips
}

describe(`the simulated day of seed ${SEED}, which the documents name`, () => {
  let trips: readonly RoundTrip[] = []
  const closedBy = (source: string): readonly RoundTrip[] => trips.filter((trip) => trip.closedBy === source)

  beforeAll(async () => {
    trips = roundTrips(await simulatedDay(SEED))
  })

  test('is the one that is named', () => {
    expect(documented).toContain(`--seed ${SEED} `)
  })

  test('[row 3] holds a round trip closed by a take-profit, which gains after fees', () => {
    expect(closedBy('take-profit').length).toBeGreaterThan(0)
    for (const { pnl } of closedBy('take-profit')) expect(pnl).toBeGreaterThan(0)
  })

  test('[row 3] holds one closed by a stop, which loses', () => {
    expect(closedBy('stop-loss').length).toBeGreaterThan(0)
    for (const { pnl } of closedBy('stop-loss')) expect(pnl).toBeLessThan(0)
  })

  test('[row 3] holds one closed by a signal', () => {
    expect(closedBy('weighted-signals').length).toBeGreaterThan(0)
  })

  test('every round trip begins with a purchase and ends with a sale of the same bot', () => {
    for (const { fills } of trips) expect([fills[0]!.side, fills.at(-1)!.side, new Set(fills.map(({ botId }) => botId)).size]).toEqual(['buy', 'sell', 1])
  })
})
