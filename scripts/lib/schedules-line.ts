import type { CampaignRecord } from './campaign.ts'

const counts = ['duplicateOrders', 'lostFills', 'doubleFills', 'ledgerMismatches', 'limitBreaches', 'stuckIntents'] as const

/** The one line that the campaigns of fault schedules print with `--json`; all between `faults` and `wallMs` are to be 0. */
export interface SchedulesLine extends Readonly<Record<(typeof counts)[number], number>> {
  readonly seeds: number
  readonly schedules: number
  /** How often each kind of fault happened. */
  readonly faults: Readonly<Record<string, number>>
  readonly wallMs: number
}

/** Reads that line from a record, whose figures are flat: `fault.<kind>` for each kind. */
export function schedulesLine({ seeds, result: { figures } }: CampaignRecord): SchedulesLine {
  const of = (figure: string): number => figures[figure] ?? 0
  const faults = Object.fromEntries(
    Object.entries(figures).flatMap(([figure, n]) => (figure.startsWith('fault.') ? [[figure.slice('fault.'.length), n] as const] : [])),
  )
  const sums = Object.fromEntries(counts.map((figure) => [figure, of(figure)])) as Record<(typeof counts)[number], number>
  return { seeds, schedules: of('schedules'), faults, ...sums, wallMs: Math.round(of('wallMs')) }
}
