import type { JournalEntry } from '../contracts/journal.ts'
import { EngineError } from '../model/errors.ts'
import { utcDayStart, DAY_MS } from '../model/time.ts'
import { decodeFacts } from './journal/facts.ts'
import type { KernelState } from './kernel-state.ts'

/** Folds stored entries into an empty kernel and takes the bots' soft marks from them. */
export function recover(state: KernelState, entries: Iterable<JournalEntry>): void {
  for (const entry of entries) {
    state.durable.apply(entry.type, entry.atMs, entry.botId, decodeFacts(entry.type, entry.data))
    state.journal?.resume(entry)
  }
  const { durable } = state
  if (durable.lastMs > state.nowMs) state.nowMs = durable.lastMs
  if (state.journal !== undefined && state.journal.seq > 0) state.nextDayMs = utcDayStart(durable.day.dayMs) + DAY_MS
  for (const bot of state.bots) {
    const kept = durable.bots.get(bot.config.id)
    if (kept === undefined) continue
    bot.paused = kept.paused
    if (kept.confirmation === undefined) continue
    bot.confirmation.side = kept.confirmation.side === 'buy' ? 1 : -1
    bot.confirmation.sinceMs = kept.confirmation.sinceMs
    bot.confirmation.lastMs = kept.confirmation.lastMs
    bot.confirmation.count = kept.confirmation.count
  }
  refuseOrphans(state)
}

/** A bot that was removed or renamed while it holds something would be forgotten money. */
function refuseOrphans(state: KernelState): void {
  for (const botId of state.durable.ledger.botIds()) {
    if (state.botsById.has(botId) || state.durable.ledger.position(botId).lots.length === 0) continue
    throw new EngineError('ORPHANED_POSITION', `bot ${botId} holds ${state.durable.ledger.position(botId).instrument ?? 'a position'} but is not in the configuration: put the bot back, flatten it, and remove it then`)
  }
}

