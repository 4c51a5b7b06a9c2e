import { blockerNeeds, blockerText, isoTime, suggestion } from '@millrace/core'
import type { Json, JournalEntry } from '@millrace/core'
import type { JournalReader } from '@millrace/sqlite-store'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { entriesOf, inStore } from '../stored/in-store.ts'

/** A bot's level at a moment, as its edges in the journal say, and the decision of its last order. */
export interface StoredExplanation {
  readonly bot: string
  /** The moment asked for; that of the last entry when none was. */
  readonly atMs: number
  readonly level: {
    readonly outcome: string
    readonly side: string | null
    readonly sinceMs: number
    /** The primary blocker; null when nothing stood in the way. */
    readonly blocker: { readonly code: string; readonly text: string; readonly needs: string } | null
    /** When a running confirmation began; null when none ran. */
    readonly confirmingSinceMs: number | null
  }
  /** The full record of the last order at or before that moment: readings, components, the verdict of every rule; null before the first. */
  readonly lastOrder: { readonly atMs: number; readonly decision: Json } | null
}

type Edge = readonly [botId: string, atMs: number, outcome: string, code: string | null, side: string | null, confirmSinceMs: number | null]

/**
 * Reads what a store file says of a bot at a moment, whether an engine runs on it or not.
 *
 * @throws CliError exit code 3 for a file that is not there, a bot that it does not know, or a moment that it does not cover
 */
export function explainStored(db: string, botId: string, atMs: number | undefined): StoredExplanation {
  return inStore(db, (journal) => {
    const runs = [...entriesOf(journal, { types: ['runStarted'] })]
    const first = runs[0]
    if (first === undefined) throw new CliError(exitCodes.refused, `${db} holds no run yet`)
    const bots = new Set(runs.flatMap(({ data }) => (data as { bots: { id: string }[] }).bots.map(({ id }) => id)))
    if (!bots.has(botId))
      throw new CliError(exitCodes.refused, `unknown bot ${JSON.stringify(botId)}: ${db} has ${[...bots].join(', ')}${suggestion(botId, [...bots])}`)
    const edges = edgesOf(journal, botId)
    const lastMs = Math.max(edges.lastMs, first.atMs)
    const moment = atMs ?? lastMs
    if (moment > lastMs)
      throw new CliError(exitCodes.refused, `expected a moment up to ${isoTime(lastMs)}, where the journal ends, received ${isoTime(moment)}`)
    const edge = edges.list.findLast(([, edgeMs]) => edgeMs <= moment)
    if (edge === undefined) {
      const begin = edges.list[0]?.[1]
      throw new CliError(
        exitCodes.refused,
        `${botId} had not been evaluated by ${isoTime(moment)}${begin === undefined ? ' yet: it is when a candle of its timeframe closes' : `: its first evaluation was at ${isoTime(begin)}`}`,
      )
    }
    return { bot: botId, atMs: moment, level: levelOf(edge), lastOrder: lastOrder(journal, botId, moment) }
  })
}

function levelOf([, sinceMs, outcome, code, side, confirmingSinceMs]: Edge): StoredExplanation['level'] {
  return { outcome, side, sinceMs, confirmingSinceMs, blocker: code === null ? null : { code, text: blockerText(code), needs: blockerNeeds(code) } }
}

function edgesOf(journal: JournalReader, botId: string): { readonly list: readonly Edge[]; readonly lastMs: number } {
  const list: Edge[] = []
  let lastMs = 0
  for (const entry of entriesOf(journal)) {
    lastMs = Math.max(lastMs, entry.atMs)
    if (entry.type !== 'blockerChanged') continue
    for (const edge of (entry.data as unknown as { readonly changes: readonly Edge[] }).changes) if (edge[0] === botId) list.push(edge)
  }
  return { list, lastMs }
}

function lastOrder(journal: JournalReader, botId: string, atMs: number): StoredExplanation['lastOrder'] {
  let found: JournalEntry | undefined
  for (const entry of entriesOf(journal, { types: ['decision'], botId })) if (entry.atMs <= atMs) found = entry
  return found === undefined ? null : { atMs: found.atMs, decision: found.data }
}
