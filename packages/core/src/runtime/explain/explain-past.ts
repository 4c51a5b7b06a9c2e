import type { JournalEntry } from '../../contracts/journal.ts'
import type { Store } from '../../contracts/store.ts'
import type { BotConfig } from '../../contracts/bot-config.ts'
import { decisionOfEntry } from '../../engine/decision-json.ts'
import type { Decision } from '../../model/decision.ts'
import { EngineError } from '../../model/errors.ts'
import { isoTime } from '../../model/iso-time.ts'
import type { EpochMs } from '../../model/time.ts'
import { isSimulated } from '../account-side.ts'
import type { EngineSettings } from '../engine-settings.ts'
import type { Checkpoints } from './checkpoints.ts'
import { secondRun } from './second-run.ts'
import type { SecondRun } from './second-run.ts'

/** Evaluations between closes stand on this grid. */
const GRID_MS = 5_000
const CHUNK = 5_000

export interface Past {
  readonly settings: EngineSettings
  readonly store: Store | undefined
  readonly checkpoints: Checkpoints
  readonly bot: BotConfig
  readonly nowMs: EpochMs
}

/**
 * Returns the decision that was in force for a bot at a moment: read back where the journal holds it, else made again.
 *
 * @throws EngineError `NOT_EXPLAINABLE` with what is missing, and from when on there is an answer
 */
export async function explainPast(past: Past, atMs: EpochMs): Promise<Decision> {
  const { settings, store, bot, checkpoints, nowMs } = past
  if (!Number.isSafeInteger(atMs)) throw new RangeError(`at: expected whole milliseconds since 1970, received ${atMs}`)
  if (atMs > nowMs) throw refused(`${bot.id}: expected a moment up to ${isoTime(nowMs)}, received ${isoTime(atMs)}: it has not come yet`)
  if (store === undefined) throw refused('a run without a store keeps no journal: past decisions can be had by running it again with record: "all"')
  const run = runAt(store, atMs)
  if (run === undefined) throw refused(`${bot.id}: ${isoTime(atMs)} lies before the first run${firstRunText(store)}`)
  const kept = lastJournalled(store, bot, run.seq, atMs)
  if (kept?.atMs === atMs) return decisionOfEntry(kept)
  const { market, exchange } = settings
  if (market.events === undefined) {
    if (kept !== undefined && kept.atMs >= lastEvaluationMs(bot, atMs)) return decisionOfEntry(kept)
    throw refused(`${bot.id}: the journal holds no decision of ${isoTime(atMs)}, and the market ${market.id} cannot give out its events again`)
  }
  if (!isSimulated(exchange)) throw refused('what a real venue answered cannot be asked for again: the journal holds the decisions that led to orders')
  // A bot whose market was silent had its last evaluation before the nearest checkpoint.
  const starts = checkpoints.before(lastEvaluationMs(bot, atMs)).filter((checkpoint) => checkpoint.kernel.seq >= run.seq)
  const complete = startsComplete(store, [...starts, { startedSeq: run.seq }])
  if (complete.length === 0)
    throw refused(`${bot.id}: what the journal held of ${isoTime(atMs)} beside orders and money was let go; all is kept from entry ${store.completeFrom} on`)
  for (const from of complete) {
    const decision = await secondRun({ settings, exchange, store, from, botId: bot.id, atMs })
    if (decision !== undefined) return decision
  }
  throw refused(`${bot.id} had not been evaluated by ${isoTime(atMs)}: the run began at ${isoTime(run.atMs)}, and its first candle had not closed`)
}

/** Those from which on the journal still has every entry to hold a second run against. */
const startsComplete = (store: Store, starts: readonly SecondRun['from'][]): readonly SecondRun['from'][] =>
  starts.filter((from) => ('startedSeq' in from ? from.startedSeq : from.kernel.seq + 1) >= (store.completeFrom ?? 1))

const refused = (message: string): EngineError => new EngineError('NOT_EXPLAINABLE', message)

/** The start of the run that a moment lies in. */
function runAt(store: Store, atMs: number): JournalEntry | undefined {
  let found: JournalEntry | undefined
  for (const entry of each(store, { types: ['runStarted'], afterSeq: 0 })) if (entry.atMs <= atMs) found = entry
  return found
}

function firstRunText(store: Store): string {
  const first = store.read({ types: ['runStarted'], limit: 1 })[0]
  return first === undefined ? '' : `, which began at ${isoTime(first.atMs)}`
}

/** The last decision that the journal holds of a bot up to a moment: those of orders. */
function lastJournalled(store: Store, bot: BotConfig, afterSeq: number, atMs: number): JournalEntry | undefined {
  let found: JournalEntry | undefined
  for (const entry of each(store, { types: ['decision'], botId: bot.id, afterSeq })) if (entry.atMs <= atMs) found = entry
  return found
}

/** The bot's last evaluation that a whole market would have brought. */
function lastEvaluationMs(bot: BotConfig, atMs: number): number {
  const grid = bot.on === 'update' ? GRID_MS : bot.timeframeMs
  return Math.floor(atMs / grid) * grid
}

function* each(
  store: Store,
  query: { readonly types: readonly JournalEntry['type'][]; readonly botId?: string; readonly afterSeq: number },
): Iterable<JournalEntry> {
  for (let afterSeq = query.afterSeq; ;) {
    const entries = store.read({ ...query, afterSeq, limit: CHUNK })
    yield* entries
    if (entries.length < CHUNK) return
    afterSeq = entries[entries.length - 1]!.seq
  }
}
