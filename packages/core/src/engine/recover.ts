import { noPlugins } from '../config/bot-settings.ts'
import type { BotConfig } from '../contracts/bot-config.ts'
import type { JournalEntry } from '../contracts/journal.ts'
import type { JournalCheckpoint } from '../contracts/checkpoint.ts'
import { DEFAULT_BOOKING } from '../ledger/lots.ts'
import type { Position } from '../ledger/position.ts'
import { EngineError } from '../model/errors.ts'
import { decimalText, isZero, toFloat } from '../model/money.ts'
import { utcDayStart, DAY_MS } from '../model/time.ts'
import { botsInForce } from './bot-changes.ts'
import { configHashInForce } from './config-in-force.ts'
import { restoreParts } from './durable-snapshot.ts'
import { decodeFacts } from './journal/facts.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { KernelState } from './kernel-state.ts'
import { putRulesOf } from './limits-in-force.ts'
import { putBots } from './put-bot.ts'
import { takeMarks } from './marking.ts'
import { recall } from './recall.ts'

/** Folds stored entries into an empty kernel, from a checkpoint on when there is one, and takes the bots' soft marks from them. */
export function recover(state: KernelState, entries: Iterable<JournalEntry>, from: JournalCheckpoint | undefined, keepBotChanges: boolean): void {
  let first = from === undefined
  if (from !== undefined) {
    restoreParts(state.durable, from.core, from.grown)
    state.journal?.resume(from)
  }
  for (const entry of entries) {
    // The journal says how it was booked, until the configuration of this run is in force.
    if (first) state.durable.ledger.bookBy(DEFAULT_BOOKING)
    first = false
    state.durable.apply(entry.type, entry.atMs, entry.botId, decodeFacts(entry.type, entry.data))
    state.journal?.resume(entry)
  }
  const { durable } = state
  if (durable.lastMs > state.nowMs) state.nowMs = durable.lastMs
  if (state.journal !== undefined && state.journal.seq > 0) state.nextDayMs = utcDayStart(durable.day.dayMs) + DAY_MS
  bringBots(state, keepBotChanges)
  for (const bot of state.bots) takeKept(state, bot)
  state.marks.restore(state.durable.marks.snapshot())
  takeMarks(state)
  refuseOrphans(state)
  refuseRebooking(state)
}

/** Puts the bots where the journal leaves them: added ones, and what was edited of configured ones. A start lets go of added ones that have retired and hold nothing. */
export function bringBots(state: KernelState, keep: boolean | 'all'): void {
  const { botChanges, ledger, working } = state.durable
  if (botChanges.size === 0) return
  const { bots: configured, plugins = noPlugins } = state.settings
  const gone = (bot: BotConfig): boolean => keep !== 'all' && bot.retire === true && !working.has(bot.id) && isDust(state, ledger.position(bot.id))
  const { bots, dropped } =
    keep !== false
      ? botsInForce(configured, botChanges, plugins, gone)
      : { bots: configured, dropped: [...botChanges.keys()].map((botId) => ({ botId, why: 'the start was asked to forget it' })) }
  state.droppedChanges = dropped
  putBots(state, bots)
  putRulesOf(state, false)
}

/** Writes down which changes no longer hold, and why. */
export function dropChanges(state: KernelState): void {
  const { droppedChanges: dropped } = state
  if (dropped.length > 0) state.record('command', undefined, { kind: 'botsReset', payload: { dropped } as never })
  for (const { botId, why } of dropped) state.alert('BOT_RESET', 'warning', `what was changed while running is as configured again: ${why}`, botId)
  state.droppedChanges = []
  state.configHash = configHashInForce(state)
}

/** Gives a bot what the journal knows of it beside its money. */
export function takeKept(state: KernelState, bot: BotRuntime): void {
  const kept = state.durable.bots.get(bot.config.id)
  if (kept === undefined) return
  bot.paused = kept.paused
  bot.flattenWanted = kept.flattenWanted
  recall(state, bot)
  if (kept.confirmation === undefined) return
  bot.confirmation.side = kept.confirmation.side === 'buy' ? 1 : -1
  bot.confirmation.sinceMs = kept.confirmation.sinceMs
  bot.confirmation.lastMs = kept.confirmation.lastMs
  bot.confirmation.count = kept.confirmation.count
}

/** A position that was reduced by one rule and goes on by another would have a P&L that neither rule gives. */
function refuseRebooking(state: KernelState): void {
  const { ledger } = state.durable
  if (ledger.booking === state.settings.booking) return
  for (const botId of ledger.botIds()) {
    const position = ledger.position(botId)
    if (isDust(state, position)) continue
    throw new EngineError(
      'STORE_MISMATCH',
      `account.booking: expected '${ledger.booking}', by which the journal is booked while bot ${botId} holds ${decimalText(position.quantity)} ${position.base}; received '${state.settings.booking}': change it when every bot is flat`,
    )
  }
}

/** A bot that was removed, renamed or moved to another instrument while it holds or orders something would be forgotten money. */
function refuseOrphans(state: KernelState): void {
  const { ledger, working } = state.durable
  for (const botId of new Set([...ledger.botIds(), ...working.keys()])) {
    const position = ledger.position(botId)
    const adopter = adopterOf(state, botId)
    const bot = state.botsById.get(botId) ?? adopter
    // Dust that nobody has any more is forgotten; dust of a bot is sold with its next position, so that one must be of the same coin.
    const forgotten = bot === undefined ? isDust(state, position) : isZero(position.quantity)
    const held = working.get(botId)?.instrument ?? (forgotten ? undefined : position.instrument)
    if (held === undefined) continue
    if (bot === undefined)
      throw new EngineError(
        'ORPHANED_POSITION',
        `bot ${botId} holds or orders ${held} but is not in the configuration: put it back with "retire": true (it only sells, remove it when it is flat), or let a new bot go on with it by "adopt": "${botId}"`,
      )
    if (bot === adopter && (ledger.botIds().includes(bot.config.id) || working.has(bot.config.id)))
      throw new EngineError(
        'ORPHANED_POSITION',
        `bot ${bot.config.id} cannot adopt ${botId}, which holds or orders ${held}: it has traded itself; give the adopter an id of its own`,
      )
    if (bot.config.instrument !== held)
      throw new EngineError(
        'ORPHANED_POSITION',
        `bot ${botId} holds or orders ${held} but ${bot === adopter ? `its adopter ${bot.config.id} ` : ''}is configured for ${bot.config.instrument}: give the new instrument a bot of its own`,
      )
  }
}

const adopterOf = (state: KernelState, botId: string): BotRuntime | undefined => state.bots.find((bot) => bot.config.adopt === botId)

/** Writes down who takes over whom: once, because then there is nothing left to take. */
export function adopt(state: KernelState): void {
  const { ledger, working } = state.durable
  for (const bot of state.bots) {
    const from = bot.config.adopt
    if (from === undefined || ledger.botIds().includes(bot.config.id)) continue
    if (!ledger.botIds().includes(from) && !working.has(from)) continue
    state.record('adopted', bot.config.id, { from })
    takeKept(state, bot)
    state.marks.restore(state.durable.marks.snapshot())
    takeMarks(state)
  }
}

/** Less than the venue would take: nothing that a bot could sell. */
function isDust(state: KernelState, position: Position): boolean {
  if (position.instrument === undefined || isZero(position.quantity)) return true
  const market = state.instruments.get(position.instrument)
  return market !== undefined && (toFloat(position.quantity) < market.minBase || toFloat(position.cost) < market.minQuote)
}
