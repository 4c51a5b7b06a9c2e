import type { TemperatureName } from '../model/temperature.ts'
import type { Side } from '../model/order.ts'
import type { EpochMs } from '../model/time.ts'

/** The eleven grades of a round trip, best first. */
export const grades = ['A+', 'A', 'A-', 'B+', 'B', 'B-', 'C+', 'C', 'C-', 'D', 'F'] as const
/** One of the eleven grades of a round trip. */
export type Grade = (typeof grades)[number]

/** What one entry order of a round trip bought: one tranche. Amounts as decimal text. */
export interface RoundTripEntry {
  /** Id of the lot: `<bot>#<number>`. */
  readonly trancheId: string
  readonly clientOrderId: string
  /** 1, 2, 3, … within the position. */
  readonly number: number
  /** Base units received: a fee in base is taken off. */
  readonly quantity: string
  /** Quote amount paid, without fees. */
  readonly value: string
  /** In quote. */
  readonly fees: string
  /** Venue time of its first fill. */
  readonly atMs: EpochMs
}

/** From the first fill of a position until the bot is flat. Money as decimal text, shares as numbers in per cent. */
export interface RoundTripRecord {
  /** `<bot>/<number>`. */
  readonly id: string
  readonly botId: string
  readonly instrument: string
  /** What asked for the first entry: a strategy's id. */
  readonly strategy: string
  /** What asked for the last exit: an exit rule, a strategy or a person. */
  readonly closedBy: string
  readonly openedAtMs: EpochMs
  readonly closedAtMs: EpochMs
  readonly holdingMs: number
  readonly entries: readonly RoundTripEntry[]
  /** Exit fills. */
  readonly exits: number
  /** Base units bought, fees in base taken off. */
  readonly quantity: string
  /** Without fees, 18 significant digits. */
  readonly averageEntry: string
  readonly averageExit: string
  readonly entryValue: string
  readonly exitValue: string
  /** Entry and exit fees of what was sold, in quote. */
  readonly fees: string
  /** `pnl` before fees: of what was sold, exit value minus entry value. */
  readonly grossPnl: string
  /** Net of all fees. */
  readonly pnl: string
  /** `pnl` in per cent of entry value plus entry fees. */
  readonly returnPercent: number
  /** Candle extremes from the first entry fill to the last exit fill; undefined when no candle was seen in between. */
  readonly low: number | undefined
  readonly high: number | undefined
  /** 0 to 100: how near the low the entries were. */
  readonly entryEfficiency: number
  /** 0 to 100: how near the high the exits were. */
  readonly exitEfficiency: number
  /** Mean of the two. */
  readonly totalEfficiency: number
  /** Largest distance of the price below the average entry, per cent of it. */
  readonly adverseExcursionPercent: number
  /** Largest distance of the price above the average entry, per cent of it. */
  readonly favourableExcursionPercent: number
  /** Largest fall of the price from its highest point since the first entry, per cent of that point. */
  readonly drawdownPercent: number
  /** 0 to 100: what the grade is read from. */
  readonly score: number
  readonly grade: Grade
}

/** What was known before an order and what came of it. Money as decimal text. */
export interface ExecutionRecord {
  readonly clientOrderId: string
  readonly botId: string
  readonly instrument: string
  readonly side: Side
  readonly source: string
  /** Score of the signal at the intent, -1 to +1. */
  readonly score: number
  readonly temperature: TemperatureName
  readonly configHash: string
  /** Hash of the limits in force, where the intent carries one. */
  readonly limitsHash: string | undefined
  /** Price the decision was made on: the last one, or the trigger of an exit. */
  readonly expectedPrice: number
  /** Mean price of the fills; undefined before the first. */
  readonly actualPrice: string | undefined
  /** Basis points of the expected price, as a cost: positive = worse than expected; undefined before the first fill. */
  readonly slippageBps: number | undefined
  readonly filledQuantity: string
  /** In quote, a fee in base at the price of its fill. */
  readonly fee: string
  readonly intentAtMs: EpochMs
  readonly sentAtMs: EpochMs | undefined
  readonly firstFillAtMs: EpochMs | undefined
  /** First fill minus intent; undefined before it. */
  readonly latencyMs: number | undefined
}

/** P&L of a day, a bot, a strategy, or of any of these together. Money in quote, as decimal text. */
export interface PnlRecord {
  readonly realizedPnl: string
  /** Paid in quote, entries and exits. */
  readonly fees: string
  /** Quote amount of all fills. */
  readonly turnover: string
  readonly fills: number
}

/** A moment of the equity curve. Money in quote, as decimal text. */
export interface EquityPoint {
  readonly atMs: EpochMs
  /** Cash plus the bots' coins at the last price. */
  readonly equity: string
  /** Deposits and corrections less withdrawals so far: never P&L. */
  readonly paidIn: string
  /** `equity` minus `paidIn`. */
  readonly gain: string
  /** Growth of one unit since the first point, deposits and withdrawals left out: 1.05 is a return of 5 %. */
  readonly growth: number
}

/** Where P&L came from, with what is held at the last price. */
export interface BotPnl extends PnlRecord {
  readonly botId: string
  /** At the last price, net of entry fees. */
  readonly unrealizedPnl: string
}

/** P&L of one UTC day. */
export interface DayPnl extends PnlRecord {
  /** `2026-01-01`. */
  readonly day: string
  /** Of everything held at the end of the day, or now. */
  readonly unrealizedPnl: string
  /** At the end of the day, or now. */
  readonly endEquity: string
}

/** P&L of what one strategy opened, whoever closed it. */
export interface StrategyPnl extends PnlRecord {
  readonly strategy: string
  /** Of what it opened and is still held. */
  readonly unrealizedPnl: string
}

/** Orders filled or partly filled, of those that left for the venue. */
export interface SuccessRate {
  readonly submitted: number
  readonly filled: number
  /** 0 to 1; undefined while nothing was submitted. */
  readonly rate: number | undefined
}

/** Counts of round trips; a win is a gain after all fees. */
export interface TripStatistics {
  readonly count: number
  readonly wins: number
  readonly losses: number
  /** 0 to 1; undefined without a round trip. */
  readonly winRate: number | undefined
  readonly best: { readonly id: string; readonly pnl: string } | undefined
  readonly worst: { readonly id: string; readonly pnl: string } | undefined
}

/** A balance that no bot bought. */
export interface ForeignBalance {
  readonly currency: string
  readonly amount: string
}

/** The rules that advice comes from: a closed list. */
export const adviceCodes = [
  'FEES_EAT_GROSS',
  'MOVES_BELOW_FEES',
  'STOP_INSIDE_NOISE',
  'EXITS_LEAVE_PROFIT',
  'ENTRIES_TOO_DEAR',
  'WINNERS_TURN_LOSERS',
  'LOSERS_HELD_LONGER',
  'AVERAGING_WORSENS',
  'SLIPPAGE_HIGH',
] as const
/** The rule that an item of advice comes from. */
export type AdviceCode = (typeof adviceCodes)[number]

/** One thing that the record suggests looking at, and the rule that says so. */
export interface Advice {
  readonly code: AdviceCode
  /** What was measured. */
  readonly value: number
  /** What it was compared with. */
  readonly threshold: number
  /** How many cases it was measured on. */
  readonly sample: number
  /** The finding, with its numbers. */
  readonly finding: string
  /** What to look at. */
  readonly action: string
}

/** Everything that came of an account's trading, over all runs of its store. Money in quote, as decimal text. */
export interface Analytics {
  readonly asOfMs: EpochMs
  readonly quoteCurrency: string
  /** Cash plus the bots' coins at the last price. */
  readonly equity: string
  /** Deposits and corrections less withdrawals: never P&L. */
  readonly paidIn: string
  /** `equity` minus `paidIn`. */
  readonly gain: string
  /** Time-weighted: deposits and withdrawals left out. */
  readonly returnPercent: number
  /** Highest equity, moved with what was paid in. */
  readonly peak: number
  /** Largest fall from a peak, in quote, as a positive amount. */
  readonly maxDrawdown: number
  /** Oldest first; the last point is now. */
  readonly curve: readonly EquityPoint[]
  /** Coins that no bot bought: no part of equity. */
  readonly foreign: readonly ForeignBalance[]
  readonly successRate: SuccessRate
  readonly byBot: readonly BotPnl[]
  /** Days with fills, oldest first. */
  readonly byDay: readonly DayPnl[]
  readonly byStrategy: readonly StrategyPnl[]
  readonly statistics: TripStatistics
  /** Oldest first. */
  readonly roundTrips: readonly RoundTripRecord[]
  /** Every order with what was known before it and what came of it, oldest first. */
  readonly executions: readonly ExecutionRecord[]
  readonly advice: readonly (Advice & { readonly botId: string })[]
}
