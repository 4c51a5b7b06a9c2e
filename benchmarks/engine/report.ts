/** One figure. */
export interface Row {
  readonly name: string
  /** Processor time in the best round, where it is a time of work; what the unit says, elsewhere. */
  readonly value: number
  readonly unit: string
  /** In iterations of the hand-written loop of the same run: what to compare between machines. Null where a figure is no time of work. */
  readonly ratioToLoop: number | null
  /** What is aimed at, in `unit`; null where nothing is. */
  readonly target: number | null
  /** Of the output, the same in every round; null where there is none. */
  readonly hash: string | null
}

/** What is measured in a process of its own: in one that has run other bots before, the compiler knows too much to make the code that a run by itself gets. */
export const parts = ['single', 'normal', 'noisy', 'distinct', 'rest'] as const
export type Part = (typeof parts)[number]

export interface Report {
  readonly candles: number
  readonly rows: readonly Row[]
}

/** A row for people. */
export const rowText = ({ name, value, unit, ratioToLoop, target }: Row): string =>
  [
    name.padEnd(38),
    value.toFixed(value < 1 ? 4 : 1).padStart(10),
    unit.padEnd(14),
    (ratioToLoop === null ? '' : `${ratioToLoop.toFixed(1)} loops`).padStart(13),
    target === null ? '' : `  target ${target}`,
  ].join(' ')
