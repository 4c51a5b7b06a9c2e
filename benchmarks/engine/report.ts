/** One figure. */
export interface Row {
  readonly name: string
  /** Processor time, best round. */
  readonly value: number
  readonly unit: string
  /** In iterations of the hand-written loop of the same run: what to compare between machines. */
  readonly ratioToLoop: number
}

export interface Report {
  readonly data: string
  /** Over all levels and fills of the replay with orders. */
  readonly hash: string
  readonly fills: number
  readonly rows: readonly Row[]
}
