import { readOptions } from './params.ts'
import { walk } from './state.ts'
import type { CommonOptions, Description, Json } from './types.ts'
import { unexpected } from './unexpected.ts'

/**
 * The cold half every indicator shares: identity, snapshot, restore, reset. The hot half (`update`, `preview`) is written in each class on purpose:
 * a shared method would see every class and lose its inlining.
 */
abstract class Base {
  readonly id: string
  abstract readonly input: string
  abstract readonly warmup: number
  // Private, so that the walk over the state passes them by.
  readonly #about: Description
  readonly #options: Readonly<Record<string, unknown>>

  constructor(about: Description, given: CommonOptions) {
    this.#about = about
    ;[this.id, this.#options] = readOptions(about, given)
  }

  describe(): Description {
    return this.#about
  }

  protected read<P>(): P {
    return this.#options as P
  }

  stableAfter(_epsilon: number): number {
    return this.warmup + 1
  }

  snapshot(): Json {
    return [this.id, 1, walk(this)]
  }

  restore(snapshot: Json): void {
    const given = JSON.stringify(snapshot)
    const before = walk(this)
    walk(this, (snapshot as readonly Json[] | null)?.[2])
    if (given === JSON.stringify(this.snapshot())) return
    walk(this, before)
    throw unexpected('restore', `snapshot of ${this.id}, version 1`, snapshot)
  }

  reset(): void {
    walk(this, walk(new (this.constructor as new (options: object) => this)(this.#options)))
  }

  /** For an input that is not finite: throws, or says what to return: the last value (`true`) or NaN (`false`). */
  protected invalid(input: unknown): boolean {
    const { onInvalid } = this.read<{ onInvalid: string }>()
    if (onInvalid !== 'throw') return onInvalid === 'skip'
    const fields = (this.input === 'close' ? { close: input } : Object(input)) as Readonly<Record<string, unknown>>
    const field = this.#about.inputs.find((name) => !Number.isFinite(fields[name]))!
    throw unexpected(`${this.id}: ${field}`, 'a finite number', fields[field])
  }
}

/** An indicator with one output. */
export abstract class Scalar extends Base {
  value = NaN

  protected refuse(input: unknown): number {
    return this.invalid(input) ? this.value : NaN
  }
}

// Records of numbers get hidden classes of their own: sharing them with records of anything else would box every number stored.
class Values {}

/** An indicator with several outputs: one record, reused, and a second one for `preview`. */
export abstract class Several<V extends object> extends Base {
  readonly value: V
  protected readonly scratch: V
  protected readonly fresh: boolean

  constructor(about: Description, given: CommonOptions & { copy?: boolean }) {
    super(about, given)
    const empty = (): V => Object.assign(new Values(), Object.fromEntries(about.outputs.map((name) => [name, NaN]))) as V
    this.value = empty()
    this.scratch = empty()
    this.fresh = given.copy === true
  }

  override restore(snapshot: Json): void {
    super.restore(snapshot)
    this.fill(this.scratch, false)
  }

  override reset(): void {
    super.reset()
    this.fill(this.scratch, false)
  }

  protected refuse(input: unknown, out: V): V {
    return this.fill(out, this.invalid(input))
  }

  private fill(out: V, last: boolean): V {
    for (const name of Object.keys(out) as (keyof V)[]) out[name] = last ? this.value[name] : (NaN as V[keyof V])
    return out
  }
}

/** Inputs until the seed of a recursion that keeps the share `keep` of its state weighs less than `epsilon`; never, if it keeps all. */
export const fade = (keep: number, epsilon: number): number => {
  if (!(epsilon > 0 && epsilon < 1)) throw unexpected('stableAfter: epsilon', 'a number between 0 and 1', epsilon)
  return Math.max(1, Math.ceil(Math.abs(Math.log(epsilon) / Math.log(keep))))
}
