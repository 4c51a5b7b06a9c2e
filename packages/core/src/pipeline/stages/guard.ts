import type { Frame } from '../../contracts/kernel.ts'
import type { BotRuntime } from '../bot-runtime.ts'
import type { PipelineHost } from '../pipeline-host.ts'
import { DENIED, EXIT, ORDER_OPEN, PENDING } from '../outcome-codes.ts'
import type { ApprovedIntent, Intent } from '../../model/intent.ts'
import { DRAWDOWN } from '../../safety/drawdown.ts'
import type { BlockerCode } from '../../safety/blocker-codes.ts'
import { isFlatten } from '../../safety/emergency-latch.ts'

/**
 * Lets an intent pass the engine's own gates and every safety rule that applies; undefined when it did not.
 * Entry gates never hold back an exit; only the emergency stop and a working order do.
 */
export function guard(host: PipelineHost, bot: BotRuntime): ApprovedIntent | undefined {
  const { frame, intent, judge } = bot
  frame.judged = false
  if (!shouldExecute(frame)) return undefined
  const entry = intent.side === 'buy'
  if (bot.working !== undefined) return openOrder(host, bot, entry)
  const gate = entry ? entryGate(host, bot) : exitGate(host, bot, intent)
  if (gate !== undefined) return deny(host, bot, gate.code, 0, gate.untilMs?.(host, bot) ?? Number.NaN)
  frame.judged = true
  if (judge.judge(intent, bot.view) > 0) return judge.approved
  return deny(host, bot, judge.primaryCode, judge.primaryMargin, judge.primaryUntilMs)
}

/**
 * The first of the three points where a trade is decided: is there a sized wish that no stage has stopped? The journal has its answer as `outcome` and
 * `confirmation` of the `decision` entry.
 */
export const shouldExecute = ({ hasIntent, outcome }: Pick<Frame, 'hasIntent' | 'outcome'>): boolean => hasIntent && (outcome === PENDING || outcome === EXIT)

function deny(host: PipelineHost, bot: BotRuntime, code: string, margin: number, untilMs: number): undefined {
  bot.frame.outcome = DENIED
  bot.frame.blocker = host.blockers.of(code)
  bot.frame.margin = margin
  bot.frame.untilMs = untilMs
}

/**
 * One working order per bot. A sale first cancels a working entry, an exit also a sale that waits for its price; it is made as soon as the venue has let go
 * of that order.
 */
function openOrder(host: PipelineHost, bot: BotRuntime, entry: boolean): undefined {
  const working = bot.working!
  const { intent } = bot
  bot.frame.outcome = ORDER_OPEN
  bot.frame.blocker = host.blockers.of(working.state === 'unknown' ? 'UNKNOWN_ORDER' : 'ORDER_OPEN')
  bot.frame.margin = 0
  const yields = working.side === 'buy' || (intent.origin !== 'strategy' && working.type !== 'market')
  if (entry || !yields) return
  if (intent.origin === 'exit' && intent.baseFraction >= bot.heldExit) {
    bot.heldExit = intent.baseFraction
    bot.heldSource = intent.source
  }
  if (bot.cancelAsked === working.clientOrderId) return
  bot.cancelAsked = working.clientOrderId
  host.cancel(working)
}

/** One of the engine's own gates. */
export interface EntryGate {
  readonly code: BlockerCode
  holds(host: PipelineHost, bot: BotRuntime): boolean
  /** When it opens by itself; NaN when that is not known. */
  untilMs?(host: PipelineHost, bot: BotRuntime): number
}

const gatesBefore: readonly EntryGate[] = [
  { code: 'UNKNOWN_ORDER', holds: (_, { working }) => working?.state === 'unknown' },
  { code: 'ORDER_OPEN', holds: (_, { working }) => working !== undefined && working.state !== 'unknown' },
  { code: 'RECONCILING', holds: (host) => !host.gateOpen },
  { code: 'ENVIRONMENT', holds: (host) => !host.environmentAllowed },
  { code: 'INSTRUMENT_STATE', holds: (_, { market }) => market.instrument.state !== 'online' },
]

const halting = (code: BlockerCode): EntryGate => ({ code, holds: (host) => host.haltCode === code })
const tripping = (code: BlockerCode, breakerId: string): EntryGate => ({
  code,
  holds: (host) => host.tripped(breakerId),
  untilMs: (host) => host.breakerUntilMs(breakerId),
})

/** Only while trading is not active. */
const stateGates: readonly EntryGate[] = [
  halting('EMERGENCY_STOP'),
  halting('BREAKER_LEDGER_MISMATCH'),
  halting('BREAKER_ORDER_STORM'),
  { code: 'DAILY_LOSS', holds: ({ lossUntilMs }) => lossUntilMs !== undefined, untilMs: ({ lossUntilMs }) => lossUntilMs ?? Number.NaN },
  tripping('BREAKER_ERROR_RATE', 'errorRate'),
  tripping('BREAKER_RATE_LIMIT', 'rateLimit'),
  tripping('BREAKER_DATA_GAP', 'dataGap'),
  tripping('DRAWDOWN', DRAWDOWN),
  { code: 'CIRCUIT_BREAKER', holds: (host) => host.ruleTripped },
  { code: 'TRADING_STATE', holds: ({ accountPaused }) => accountPaused },
]

const gatesAfter: readonly EntryGate[] = [
  { code: 'BOT_LOSS', holds: (_, { lossUntilMs }) => lossUntilMs !== undefined, untilMs: (_, { lossUntilMs }) => lossUntilMs ?? Number.NaN },
  { code: 'BOT_PAUSED', holds: (_, { paused }) => paused },
  { code: 'BOT_RETIRED', holds: (_, { config }) => config.retire === true },
  { code: 'UNKNOWN_ORDER', holds: (_, bot) => sharedInstrumentGate(bot) === 'UNKNOWN_ORDER' },
  { code: 'SELF_TRADE', holds: (_, bot) => sharedInstrumentGate(bot) === 'SELF_TRADE' },
]

/** The engine's own gates for entries, in the order in which they are named: the one list that trading and readiness both read. */
export const entryGates: readonly EntryGate[] = [...gatesBefore, ...stateGates, ...gatesAfter]

const firstShut = (gates: readonly EntryGate[], host: PipelineHost, bot: BotRuntime): EntryGate | undefined => {
  for (let i = 0; i < gates.length; i++) if (gates[i]!.holds(host, bot)) return gates[i]
  return undefined
}

const entryGate = (host: PipelineHost, bot: BotRuntime): EntryGate | undefined =>
  firstShut(gatesBefore, host, bot) ?? (host.portfolio.tradingState === 0 ? undefined : firstShut(stateGates, host, bot)) ?? firstShut(gatesAfter, host, bot)

/** Bots that share an instrument never trade against each other, and none enters while another's order is unknown. */
function sharedInstrumentGate(bot: BotRuntime): 'UNKNOWN_ORDER' | 'SELF_TRADE' | undefined {
  if (bot.market.bots.length < 2) return undefined
  for (const other of bot.market.bots) {
    if (other === bot || other.working === undefined) continue
    if (other.working.state === 'unknown') return 'UNKNOWN_ORDER'
    if (other.working.side === 'sell') return 'SELF_TRADE'
  }
  return undefined
}

/** A signal's sale waits for another bot's entry on the same instrument; an exit rule's or a person's never does. */
export function exitGate(host: PipelineHost, bot: BotRuntime, intent: Intent): Pick<EntryGate, 'code' | 'untilMs'> | undefined {
  if (!host.gateOpen) return { code: 'RECONCILING' }
  if (intent.origin === 'strategy' && bot.market.bots.some(({ working }) => working?.side === 'buy')) return { code: 'SELF_TRADE' }
  // Only the explicit flatten leaves while halted: a person's other sales wait for the re-arm like everything else.
  return host.portfolio.tradingState === 2 && !isFlatten(intent) ? { code: host.haltCode ?? 'EMERGENCY_STOP' } : undefined
}
