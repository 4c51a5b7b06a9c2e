import type { BotRuntime } from '../bot-runtime.ts'
import type { PipelineHost } from '../pipeline-host.ts'
import { DENIED, EXIT, ORDER_OPEN, PENDING } from '../outcome-codes.ts'
import type { ApprovedIntent } from '../../model/intent.ts'
import type { BlockerCode } from '../../safety/blocker-codes.ts'

/**
 * Lets an intent pass the engine's own gates and every safety rule that applies; undefined when it did not.
 * Entry gates never hold back an exit; only the emergency stop and a working order do.
 */
export function guard(host: PipelineHost, bot: BotRuntime): ApprovedIntent | undefined {
  const { frame, intent, judge } = bot
  frame.judged = false
  if (!frame.hasIntent || (frame.outcome !== PENDING && frame.outcome !== EXIT)) return undefined
  const entry = intent.side === 'buy'
  if (bot.working !== undefined) return openOrder(host, bot, entry)
  const gate = entry ? entryGate(host, bot) : exitGate(host, bot, intent.origin)
  if (gate !== undefined) return deny(host, bot, gate, 0, Number.NaN)
  frame.judged = true
  if (judge.judge(intent, bot.view) > 0) return judge.approved
  return deny(host, bot, judge.primaryCode, judge.primaryMargin, judge.primaryUntilMs)
}

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
}

/** The engine's own gates for entries, in the order in which they are named: the one list that trading and readiness both read. */
export const entryGates: readonly EntryGate[] = [
  { code: 'UNKNOWN_ORDER', holds: (_, { working }) => working?.state === 'unknown' },
  { code: 'ORDER_OPEN', holds: (_, { working }) => working !== undefined && working.state !== 'unknown' },
  { code: 'RECONCILING', holds: (host) => !host.gateOpen },
  { code: 'ENVIRONMENT', holds: (host) => !host.environmentAllowed },
  { code: 'INSTRUMENT_STATE', holds: (_, { market }) => market.instrument.state !== 'online' },
  { code: 'EMERGENCY_STOP', holds: ({ portfolio }) => portfolio.tradingState === 2 },
  { code: 'DAILY_LOSS', holds: ({ lossLatched }) => lossLatched },
  { code: 'TRADING_STATE', holds: ({ portfolio, lossLatched }) => portfolio.tradingState === 1 && !lossLatched },
  { code: 'BOT_PAUSED', holds: (_, { paused }) => paused },
  { code: 'BOT_RETIRED', holds: (_, { config }) => config.retire === true },
  { code: 'UNKNOWN_ORDER', holds: (_, bot) => sharedInstrumentGate(bot) === 'UNKNOWN_ORDER' },
  { code: 'SELF_TRADE', holds: (_, bot) => sharedInstrumentGate(bot) === 'SELF_TRADE' },
]

function entryGate(host: PipelineHost, bot: BotRuntime): string | undefined {
  for (let i = 0; i < entryGates.length; i++) if (entryGates[i]!.holds(host, bot)) return entryGates[i]!.code
  return undefined
}

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
function exitGate(host: PipelineHost, bot: BotRuntime, origin: string): string | undefined {
  if (!host.gateOpen) return 'RECONCILING'
  if (origin === 'strategy' && bot.market.bots.some(({ working }) => working?.side === 'buy')) return 'SELF_TRADE'
  // Only the explicit flatten (a manual intent) leaves while halted.
  return host.portfolio.tradingState === 2 && origin !== 'manual' ? 'EMERGENCY_STOP' : undefined
}
