import type { ExchangeControl, ExchangeControls } from './harness.ts'
import type { Trial } from './trial.ts'

/** What a case needs, does and expects: data, so that tables of it can be made. */
export interface ExchangeContractRow {
  /** `E01` and so on; never given to another case. */
  readonly id: string
  readonly name: string
  readonly prerequisite: string
  readonly action: string
  readonly expected: string
  /**
   * What `events()` says of each order of the case, in the order of sending: the states of its reports, `?` for one that may be missing, repetitions
   * counted once. Checked like everything else.
   */
  readonly events: readonly string[]
  /** Controls of the harness without which the case is skipped. */
  readonly needs: readonly ExchangeControl[]
}

/** Controls that are there. */
export type Needed<K extends ExchangeControl> = Required<Pick<ExchangeControls, K>>

export interface CaseDefinition extends ExchangeContractRow {
  readonly check: (trial: Trial, controls: ExchangeControls) => Promise<void>
}

interface Definition<K extends ExchangeControl> {
  readonly id: string
  readonly name: string
  readonly prerequisite: string
  readonly action: string
  readonly expected: string
  readonly events?: readonly string[]
  readonly needs?: readonly K[]
  readonly check: (trial: Trial, controls: Needed<K>) => Promise<void>
}

/** One case; `check` gets the controls that it says it needs. */
export function exchangeCase<K extends ExchangeControl = never>({ check, ...row }: Definition<K>): CaseDefinition {
  const needs: readonly ExchangeControl[] = row.needs ?? []
  // `run` asks for every control in `needs` before it calls `check`.
  return { events: [], ...row, needs, check: (trial, controls) => check(trial, controls as Needed<K>) }
}
