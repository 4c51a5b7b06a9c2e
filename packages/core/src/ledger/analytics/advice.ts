import { adviceCodes, type Advice, type AdviceCode, type ExecutionRecord, type RoundTripRecord } from '../../contracts/analytics.ts'
import { dcaImpact } from './dca-impact.ts'

/** What the rules compare with, and how many cases they need before they say anything. */
export interface AdviceThresholds {
  /** Fees as a share of gross profit, 0 to 1. */
  readonly feeShare: number
  /** Mean efficiency of entries and exits, 0 to 100. */
  readonly efficiency: number
  /** Share of a stop's depth that winners reached and came back from, 0 to 1. */
  readonly noiseShare: number
  /** Share of round trips that were ahead by their fees and lost nevertheless, 0 to 1. */
  readonly turnedShare: number
  /** Mean holding time of losers as a multiple of that of winners. */
  readonly holdingRatio: number
  /** Share of added tranches that lost by themselves, 0 to 1. */
  readonly worsenedShare: number
  /** Mean cost of slippage in basis points. */
  readonly slippageBps: number
  /** Cases below which a rule is silent. */
  readonly minSample: number
}

/** The thresholds of {@link advise} when none are given. */
export const defaultAdviceThresholds: AdviceThresholds = {
  feeShare: 0.5,
  efficiency: 40,
  noiseShare: 0.8,
  turnedShare: 0.3,
  holdingRatio: 2,
  worsenedShare: 0.5,
  slippageBps: 20,
  minSample: 3,
}

interface Evidence {
  readonly trips: readonly RoundTripRecord[]
  readonly executions: readonly ExecutionRecord[]
  readonly limits: AdviceThresholds
}

type AdviceRule = (evidence: Evidence) => Omit<Advice, 'code'> | undefined

const won = (trip: RoundTripRecord): boolean => !trip.pnl.startsWith('-') && trip.pnl !== '0'
const lost = (trip: RoundTripRecord): boolean => trip.pnl.startsWith('-')
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): number => sum(values) / values.length
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** The value below which a share of a sorted sample lies: the smallest one at or above that rank. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}

/** Fees of a round trip in per cent of what was paid. */
const feePercent = (trip: RoundTripRecord): number => (100 * Number(trip.fees)) / Number(trip.entryValue)

const rules: { readonly [C in AdviceCode]: AdviceRule } = {
  FEES_EAT_GROSS: ({ trips, limits }) => {
    const gross = sum(trips.map((trip) => Number(trip.grossPnl)))
    const value = sum(trips.map((trip) => Number(trip.fees))) / gross
    if (!(gross > 0) || trips.length < limits.minSample || !(value > limits.feeShare)) return undefined
    return {
      value,
      threshold: limits.feeShare,
      sample: trips.length,
      finding: `fees took ${percent(value)} of the gross profit of ${trips.length} round trips`,
      action: 'Trade less often, aim for larger moves, or pay less: maker orders, a higher fee tier.',
    }
  },
  MOVES_BELOW_FEES: ({ trips, limits }) => {
    if (trips.length < limits.minSample) return undefined
    const value = quantile(
      trips.map((trip) => trip.favourableExcursionPercent),
      0.5,
    )
    const threshold = quantile(trips.map(feePercent), 0.5)
    if (!(value < threshold)) return undefined
    return {
      value,
      threshold,
      sample: trips.length,
      finding: `the median round trip was at best ${value.toFixed(2)} % ahead, less than the ${threshold.toFixed(2)} % it paid in fees`,
      action: 'Nothing done at the exit can help: wait for stronger signals, or use a longer timeframe.',
    }
  },
  STOP_INSIDE_NOISE: ({ trips, limits }) => {
    const stopped = trips.filter((trip) => lost(trip) && /\bstop/.test(trip.closedBy))
    const winners = trips.filter(won)
    if (stopped.length < limits.minSample || winners.length < limits.minSample) return undefined
    const depth = quantile(
      stopped.map((trip) => trip.adverseExcursionPercent),
      0.5,
    )
    const noise = quantile(
      winners.map((trip) => trip.adverseExcursionPercent),
      0.9,
    )
    const value = noise / depth
    if (!(value >= limits.noiseShare)) return undefined
    return {
      value,
      threshold: limits.noiseShare,
      sample: stopped.length + winners.length,
      finding: `stops fired ${depth.toFixed(2)} % under the entry, and one winner in ten had been ${noise.toFixed(2)} % under it as well`,
      action: 'The stop lies inside the ordinary movement of the price: widen it and buy less, or enter lower.',
    }
  },
  EXITS_LEAVE_PROFIT: ({ trips, limits }) =>
    efficiencyAdvice(trips, limits, 'exitEfficiency', 'sold', 'Let winners run: a trailing stop, a profit ladder, a higher take-profit.'),
  ENTRIES_TOO_DEAR: ({ trips, limits }) =>
    efficiencyAdvice(
      trips,
      limits,
      'entryEfficiency',
      'bought',
      'Enter later in a fall: a limit order below the price, a longer confirmation, smaller first tranches.',
    ),
  WINNERS_TURN_LOSERS: ({ trips, limits }) => {
    const ahead = trips.filter((trip) => trip.favourableExcursionPercent > feePercent(trip))
    if (ahead.length < limits.minSample) return undefined
    const value = ahead.filter(lost).length / ahead.length
    if (!(value > limits.turnedShare)) return undefined
    return {
      value,
      threshold: limits.turnedShare,
      sample: ahead.length,
      finding: `${percent(value)} of ${ahead.length} round trips that were ahead of their fees ended with a loss`,
      action: 'Protect what was won: a break-even stop once the fees are earned, or a trailing stop.',
    }
  },
  LOSERS_HELD_LONGER: ({ trips, limits }) => {
    const winners = trips.filter(won)
    const losers = trips.filter(lost)
    if (winners.length < limits.minSample || losers.length < limits.minSample) return undefined
    const value = mean(losers.map((trip) => trip.holdingMs)) / mean(winners.map((trip) => trip.holdingMs))
    if (!(value > limits.holdingRatio)) return undefined
    return {
      value,
      threshold: limits.holdingRatio,
      sample: winners.length + losers.length,
      finding: `losing positions were held ${value.toFixed(1)} times as long as winning ones`,
      action: 'End what does not work: a time stop, or a nearer stop.',
    }
  },
  AVERAGING_WORSENS: ({ trips, limits }) => {
    const added = trips.flatMap((trip) => dcaImpact(trip))
    if (added.length < limits.minSample) return undefined
    const value = added.filter((tranche) => !tranche.helped).length / added.length
    if (!(value > limits.worsenedShare)) return undefined
    return {
      value,
      threshold: limits.worsenedShare,
      sample: added.length,
      finding: `${percent(value)} of ${added.length} added tranches lost money by themselves`,
      action: 'Add less, further apart (price step), or not at all.',
    }
  },
  SLIPPAGE_HIGH: ({ executions, limits }) => {
    const measured = executions.flatMap(({ slippageBps }) => slippageBps ?? [])
    if (measured.length < limits.minSample) return undefined
    const value = mean(measured)
    if (!(value > limits.slippageBps)) return undefined
    return {
      value,
      threshold: limits.slippageBps,
      sample: measured.length,
      finding: `${measured.length} orders were filled ${value.toFixed(1)} basis points worse than expected on average`,
      action: 'Trade smaller, more liquid instruments, or with limit orders.',
    }
  },
}

function efficiencyAdvice(
  trips: readonly RoundTripRecord[],
  limits: AdviceThresholds,
  which: 'entryEfficiency' | 'exitEfficiency',
  verb: string,
  action: string,
): Omit<Advice, 'code'> | undefined {
  const moved = trips.filter(({ low, high }) => low !== undefined && high !== undefined && high > low)
  if (moved.length < limits.minSample) return undefined
  const value = mean(moved.map((trip) => trip[which]))
  if (!(value < limits.efficiency)) return undefined
  return {
    value,
    threshold: limits.efficiency,
    sample: moved.length,
    finding: `${moved.length} round trips ${verb} at ${value.toFixed(0)} % of the best price of their time on average`,
    action,
  }
}

/**
 * Returns what a record of trading suggests looking at: one item for every rule that fires, in the order of {@link adviceCodes}. Nothing is said on fewer cases
 * than `minSample`. Advice changes nothing by itself.
 *
 * @param trips - of one bot, or of all
 * @param executions - of the same, for the rule about slippage
 * @example
 * ```ts
 * advise([], []) // => []
 * ```
 */
export function advise(
  trips: readonly RoundTripRecord[],
  executions: readonly ExecutionRecord[],
  thresholds: Partial<AdviceThresholds> = {},
): readonly Advice[] {
  const evidence: Evidence = { trips, executions, limits: { ...defaultAdviceThresholds, ...thresholds } }
  return adviceCodes.flatMap((code) => {
    const item = rules[code](evidence)
    return item === undefined ? [] : [{ code, ...item }]
  })
}
