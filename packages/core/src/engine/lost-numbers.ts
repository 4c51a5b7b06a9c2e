import type { Json } from '../model/json.ts'
import type { EpochMs } from '../model/time.ts'
import type { EntryData } from './journal/entry-data.ts'

/** A venue shows what happened last within this time; until then every comparison looks for lost orders. */
const WATCH_MS = 180_000

/** Numbers that orders of lost entries may have, of any bot. */
export interface LostNumbers {
  readonly from: number
  readonly to: number
  /** From when on orders may be missing. */
  readonly sinceMs: EpochMs
  /** Until then the venue may not have shown all of them. */
  readonly untilMs: EpochMs
  /** True until a comparison after `untilMs`. */
  readonly open: boolean
}

/** What is lost after one more loss; undefined where nothing was kept that could be made whole. */
export function lostNumbers(
  before: LostNumbers | undefined,
  intentNo: number,
  { intentNo: to, sinceMs }: EntryData['tailLost'],
  atMs: EpochMs,
): LostNumbers | undefined {
  if (sinceMs === undefined) return undefined
  // What was lost before, and could be seen by now, is known: every number kept as lost is an id to make for each bot.
  const open = before?.open === true ? before : undefined
  return {
    from: Math.min(open?.from ?? Number.POSITIVE_INFINITY, intentNo + 1),
    to,
    sinceMs: Math.min(open?.sinceMs ?? Number.POSITIVE_INFINITY, sinceMs) as EpochMs,
    untilMs: (atMs + WATCH_MS) as EpochMs,
    open: true,
  }
}

/** What is lost after the books were compared with the venue's. */
export const stillLost = (lost: LostNumbers | undefined, atMs: EpochMs): LostNumbers | undefined =>
  lost !== undefined && lost.open && atMs >= lost.untilMs ? { ...lost, open: false } : lost

export const lostSnapshot = (lost: LostNumbers | undefined): Json => (lost === undefined ? null : { ...lost })

export const restoreLost = (data: Json | undefined): LostNumbers | undefined => (data ?? undefined) as unknown as LostNumbers | undefined
