import type { RuleLever, SafetyRule, Situation } from '../contracts/safety-rule.ts'
import { temperatureOf } from '../model/temperature.ts'
import { DAY_MS, utcDayStart } from '../model/time.ts'
import type { EpochMs } from '../model/time.ts'

type Read = (situation: Situation) => number
type Write = (situation: Situation, value: number) => void

const number = (what: string, grid: RuleLever['grid'], ways: RuleLever['ways'], read: Read, write: Write): RuleLever => ({
  what,
  grid,
  ways,
  read,
  move: (situation, by) => write(situation, read(situation) + by),
})

const less = (what: string, grid: 'cent' | 'one' | 'ms' | 'millionth', read: Read, write: Write): RuleLever => number(what, grid, [-1], read, write)

/** Time alone goes on; a new UTC day starts its counters at zero, as in the kernel. */
const time: RuleLever = number(
  'time',
  'ms',
  [1],
  ({ view }) => view.nowMs,
  ({ view }, value) => {
    const rolled = utcDayStart(value) >= utcDayStart(view.nowMs) + DAY_MS
    view.nowMs = value as EpochMs
    if (!rolled) return
    view.today.trades = 0
    view.today.loss = 0
    view.today.peakLoss = 0
    view.portfolio.todayTrades = 0
    view.portfolio.todayLoss = 0
    view.portfolio.todayPeakLoss = 0
  },
)

const strength: RuleLever = number(
  'strength of the score',
  'millionth',
  [1],
  ({ view }) => Math.abs(view.score),
  (situation, value) => {
    situation.view.score = Math.min(1, value)
    situation.view.temperature = temperatureOf(situation.view.score, situation.temperatureThresholds)
  },
)

/** What releases each of the library's own rules, by blocker code. */
const levers: Readonly<Record<string, RuleLever>> = {
  TRADE_SIZE: number(
    'trade size',
    'cent',
    [1],
    ({ intent }) => intent.quoteAmount,
    ({ intent }, value) => void (intent.quoteAmount = value),
  ),
  TEMPERATURE: strength,
  COOLDOWN: time,
  PRICE_STEP: number(
    'price',
    'increment',
    [1, -1],
    ({ view }) => view.market.price,
    ({ view }, value) => void (view.market.price = value),
  ),
  MAX_TRANCHES: less(
    'tranches held',
    'one',
    ({ view }) => view.position.lots,
    ({ view }, value) => void (view.position.lots = value),
  ),
  MAX_POSITION: less(
    'cost of the position',
    'cent',
    ({ view }) => view.position.cost,
    ({ view }, value) => void (view.position.cost = value),
  ),
  OPEN_POSITIONS: less(
    'open positions',
    'one',
    ({ view }) => view.portfolio.openPositions,
    ({ view }, value) => void (view.portfolio.openPositions = value),
  ),
  EXPOSURE: less(
    'exposure of the account',
    'cent',
    ({ view }) => view.portfolio.exposure,
    ({ view }, value) => void (view.portfolio.exposure = value),
  ),
  BALANCE: number(
    'available cash',
    'cent',
    [1],
    ({ view }) => view.cash.available,
    ({ view }, value) => void (view.cash.available = value),
  ),
  DAILY_LOSS: time,
  BOT_LOSS: time,
  DRAWDOWN: number(
    'equity',
    'cent',
    [1],
    ({ view }) => view.portfolio.equity,
    ({ view }, value) => void (view.portfolio.equity = value),
  ),
  DAILY_TRADES_ACCOUNT: time,
  DAILY_TRADES_BOT: time,
  STALE_DATA: less(
    'age of the last market data',
    'ms',
    ({ view }) => view.market.dataAgeMs,
    ({ view }, value) => void (view.market.dataAgeMs = value),
  ),
  SPREAD: number(
    'spread',
    'bps',
    [-1],
    ({ view }) => view.market.spreadBps,
    ({ view }, value) => void (view.market.spreadBps = value),
  ),
  PRICE_BAND: number(
    'distance from the close before',
    'increment',
    [-1],
    ({ view }) => Math.abs(view.market.price - view.previousClose),
    ({ view }, value) => void (view.market.price = view.previousClose + Math.sign(view.market.price - view.previousClose) * Math.max(0, value)),
  ),
  TRADING_WINDOW: time,
  ORDER_RATE_ACCOUNT: time,
  ORDER_RATE_BOT: time,
  LOSS_STREAK: time,
  CLOCK_SKEW: less(
    'clock skew',
    'ms',
    ({ view }) => Math.abs(view.market.clockSkewMs),
    ({ view }, value) => void (view.market.clockSkewMs = Math.sign(view.market.clockSkewMs) * Math.max(0, value)),
  ),
}

/** The lever of a rule: its own, or the library's for its code; undefined when no number alone would release it. */
export const leverOf = (rule: SafetyRule): RuleLever | undefined => rule.lever ?? (Object.hasOwn(levers, rule.code) ? levers[rule.code] : undefined)
