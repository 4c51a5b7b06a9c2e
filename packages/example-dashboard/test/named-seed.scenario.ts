import { readFileSync } from 'node:fs'
import { createEngine, dcaImpact, memoryStore, paper, parseConfig, simulatedMarket } from '@millrace/core'
import type { Analytics, FillRecord, RunSummary } from '@millrace/core'
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

async function simulatedDay(seed: number): Promise<{ readonly fills: readonly FillRecord[]; readonly analytics: Analytics; readonly summary: RunSummary }> {
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
  const summary = await engine.finished
  return { fills, analytics: engine.analytics(), summary }
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
  let analytics: Analytics
  let summary: RunSummary
  const closedBy = (source: string): readonly RoundTrip[] => trips.filter((trip) => trip.closedBy === source)

  beforeAll(async () => {
    const day = await simulatedDay(SEED)
    trips = roundTrips(day.fills)
    analytics = day.analytics
    summary = day.summary
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

  test('[row 43] [row 44] [row 45] [row 46] gives the figures that docs/concepts/analytics-and-grades.md quotes', () => {
    const page = readFileSync(new URL('../../../docs/concepts/analytics-and-grades.md', import.meta.url), 'utf8')
    const of = (id: string) => analytics.roundTrips.find((trip) => trip.id === id)!
    const { best, worst, count, wins, losses } = analytics.statistics
    const graded = of('toshi/1')
    const [added] = dcaImpact(of('btc/2'))
    const belowFees = analytics.advice.filter(({ code }) => code === 'MOVES_BELOW_FEES')
    const xrp = belowFees.find(({ botId }) => botId === 'xrp')!
    for (const quoted of [
      `--seed ${SEED} `,
      `| round trips | ${count}: ${wins} won, ${losses} lost after fees |`,
      `| success rate | ${analytics.successRate.filled} of ${analytics.successRate.submitted} orders filled |`,
      `| best, worst | ${best!.id}, ${Number(best!.pnl).toFixed(2)} USD; ${worst!.id}, ${Number(worst!.pnl).toFixed(2)} USD |`,
      `| return | ${analytics.returnPercent.toFixed(2)} % on 1,266 USD paid in |`,
      `| fees | ${Number(summary.fees).toFixed(2)} USD; realised P&L ${Number(summary.realizedPnl).toFixed(2)} USD |`,
      `bought at ${graded.averageEntry}, sold by a ${graded.closedBy} at ${Number(graded.averageExit).toFixed(8)} in a range of ${graded.low} to ${graded.high}`,
      `Entry ${graded.entryEfficiency.toFixed(1)}, exit ${graded.exitEfficiency.toFixed(1)}, total ${graded.totalEfficiency.toFixed(1)}`,
      `= ${graded.score.toFixed(1)}: **${graded.grade}**`,
      `has ${of('pengu/1').score.toFixed(1)}: **${of('pengu/1').grade}**`,
      `the average fell by ${Math.abs(added!.changePercent).toFixed(2)} % to ${Number(added!.averageWith).toLocaleString('en-US', { maximumFractionDigits: 2 })}`,
      `lost ${Math.abs(Number(added!.pnl)).toFixed(2)} USD`,
      `fires for ${['none', 'one', 'two', 'three', 'four', 'five', 'six'][belowFees.length]} of the eleven bots`,
      `at best ${xrp.value.toFixed(2)} % ahead in its median round trip and paid ${xrp.threshold.toFixed(2)} % in fees`,
    ])
      expect(page.replaceAll(/\s+/g, ' ')).toContain(quoted.replaceAll(/\s+/g, ' '))
  })

  test('[row 47] [row 54] stores expected and actual price, slippage and score with every order of it', () => {
    expect(analytics.executions).toHaveLength(85)
    for (const { score, slippageBps, actualPrice, latencyMs, configHash } of analytics.executions) {
      expect([Number.isFinite(score), Number.isFinite(slippageBps), Number(actualPrice) > 0, (latencyMs ?? -1) >= 0, configHash.length]).toEqual([
        true,
        true,
        true,
        true,
        64,
      ])
    }
  })
})
