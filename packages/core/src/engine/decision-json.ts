import type { JournalEntry } from '../contracts/journal.ts'
import type { Blocker, Decision } from '../model/decision.ts'
import type { Json } from '../model/json.ts'
import type { Signal } from '../model/signal.ts'
import type { Verdict } from '../model/verdict.ts'
import { finite, unfinite } from './canonical.ts'

type Plain = { readonly [key: string]: Json }

/** A decision as plain data: getters read, infinities as text, absent members left out. What was nearest is worked out by readers and not kept. */
export function decisionJson(decision: Decision): Json {
  const { signal, blocker } = decision
  return {
    seq: decision.seq,
    outcome: decision.outcome,
    side: decision.side ?? null,
    preview: decision.preview,
    configHash: decision.configHash,
    score: finite(decision.score),
    temperature: decision.temperature,
    readings: plain(decision.readings),
    confirmation: { count: decision.confirmation.count, required: decision.confirmation.required, sinceMs: decision.confirmation.sinceMs ?? null },
    verdicts: decision.verdicts.map((verdict) => plain(verdict as unknown as Record<string, unknown>)),
    blocker: blocker === undefined ? null : plain(blocker as unknown as Record<string, unknown>),
    signal:
      signal === undefined
        ? null
        : {
            score: finite(signal.score),
            components: signal.components.map(({ name, score, weight, reading, reason }) => ({
              name,
              score: finite(score),
              weight,
              reading: finite(reading),
              reason,
            })),
          },
    candles: decision.candles,
    ...(decision.sizing === undefined ? {} : { sizing: decision.sizing }),
  }
}

function plain(record: Readonly<Record<string, unknown>>): Json {
  const copy: Record<string, Json> = {}
  for (const [key, value] of Object.entries(record)) {
    if (typeof value === 'number') copy[key] = finite(value)
    else if (typeof value === 'string' || typeof value === 'boolean' || value === null) copy[key] = value
    else if (typeof value === 'object') copy[key] = plain(value as Record<string, unknown>)
  }
  return copy
}

/** Reads a journalled decision back. It led to an order, so nothing stood in its way. */
export function decisionOfEntry({ atMs, botId, data }: JournalEntry): Decision {
  const from = data as Plain
  const confirmation = from['confirmation'] as Plain
  return {
    seq: (from['seq'] ?? 0) as number,
    botId: botId ?? '',
    timeMs: atMs,
    outcome: from['outcome'] as Decision['outcome'],
    side: (from['side'] ?? undefined) as Decision['side'],
    preview: from['preview'] as boolean,
    configHash: from['configHash'] as string,
    score: unfinite(from['score'] as number | string),
    temperature: from['temperature'] as Decision['temperature'],
    readings: numbersIn(from['readings'] as Plain) as Decision['readings'],
    confirmation: {
      count: confirmation['count'] as number,
      required: confirmation['required'] as number,
      sinceMs: (confirmation['sinceMs'] ?? undefined) as Decision['confirmation']['sinceMs'],
    },
    verdicts: (from['verdicts'] as readonly Plain[]).map((verdict) => ({ ...verdict, ...marginOf(verdict) }) as unknown as Verdict),
    blocker: blockerOf(from['blocker'] as Plain | null),
    signal: signalOf(from['signal'] as Plain | null),
    candles: from['candles'] as number,
    ...(from['sizing'] === undefined ? {} : { sizing: from['sizing'] as string }),
    nearest: undefined,
  }
}

const marginOf = (record: Plain): { readonly margin: number } => ({ margin: unfinite(record['margin'] as number | string) })

const blockerOf = (record: Plain | null): Blocker | undefined => (record === null ? undefined : ({ ...record, ...marginOf(record) } as unknown as Blocker))

function signalOf(record: Plain | null): Signal | undefined {
  if (record === null) return undefined
  const components = (record['components'] as readonly Plain[]).map((component) => ({
    name: component['name'] as string,
    score: unfinite(component['score'] as number | string),
    weight: component['weight'] as number,
    reading: unfinite(component['reading'] as number | string),
    reason: component['reason'] as string,
  }))
  return { score: unfinite(record['score'] as number | string), components, reason: components.map(({ reason }) => reason).join(' · ') }
}

/** Numbers back from their text, one level deep. */
function numbersIn(record: Plain): Record<string, number | Record<string, number>> {
  const copy: Record<string, number | Record<string, number>> = {}
  for (const [key, value] of Object.entries(record))
    copy[key] = typeof value === 'object' && value !== null ? (numbersIn(value as Plain) as Record<string, number>) : unfinite(value as number | string)
  return copy
}
