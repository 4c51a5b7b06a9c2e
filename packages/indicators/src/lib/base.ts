import { checkParams, identify } from './params.ts'
import { load, save } from './state.ts'
import type { CommonOptions, Description, Json } from './types.ts'

const VERSION = 1

/**
 * The cold half every indicator shares: identity, snapshot, restore, reset. The hot half (`update`, `preview`) is written in each class on purpose:
 * a shared method would see every class and lose its inlining.
 */
export abstract class Base {
  readonly id: string
  abstract readonly warmup: number
  // Behind functions, so that the state walker, which looks at data only, passes them by.
  private readonly about: () => Description
  private readonly options: () => object
  private readonly mode: string

  constructor(about: Description, given: CommonOptions) {
    const params = checkParams(about, given)
    const { onInvalid = 'throw' } = given
    const options = { ...given, ...params }
    this.id = identify(about, params)
    this.mode = onInvalid
    this.about = () => about
    this.options = () => options
  }

  describe(): Description {
    return this.about()
  }

  stableAfter(epsilon: number): number {
    checkEpsilon(epsilon)
    return this.warmup + 1
  }

  snapshot(): Json {
    return { id: this.id, version: VERSION, state: save(this) }
  }

  restore(snapshot: Json): void {
    const { id, version, state } = (snapshot ?? {}) as { id?: Json; version?: Json; state?: Json }
    if (id !== this.id) throw new TypeError(`${this.id}: cannot restore a snapshot of ${String(id)}`)
    if (version !== VERSION) throw new TypeError(`${this.id}: cannot restore snapshot version ${String(version)}, expected ${VERSION}`)
    load(this, state, false)
    load(this, state, true)
  }

  reset(): void {
    const Fresh = this.constructor as new (options: object) => this
    load(this, save(new Fresh(this.options())), true)
  }

  /** The checked parameters. */
  protected read<P>(): P {
    return this.options() as P
  }

  /** For an input that is not finite: throws, or says what to return: the last value (`true`) or NaN (`false`). */
  protected invalid(input: unknown): boolean {
    if (this.mode !== 'throw') return this.mode === 'skip'
    const single = typeof input !== 'object' || input === null
    const field = this.about().inputs.find((name) => single || !Number.isFinite((input as Record<string, unknown>)[name]))
    const received = single ? input : (input as Record<string, unknown>)[field ?? '']
    throw new RangeError(`${this.id}: ${field}: expected a finite number, received ${String(received)}`)
  }
}

/** An indicator with one output. */
export abstract class Scalar extends Base {
  value = NaN

  protected refuse(input: unknown): number {
    return this.invalid(input) ? this.value : NaN
  }
}

/** An indicator with several outputs: one record, reused, and a second one for `preview`. */
export abstract class Several<V extends object> extends Base {
  readonly value: V
  protected readonly scratch: V
  protected readonly fresh: boolean

  constructor(about: Description, given: CommonOptions & { copy?: boolean }) {
    super(about, given)
    const empty = (): V => Object.fromEntries(about.outputs.map((name) => [name, NaN])) as V
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
    for (const name of Object.keys(out) as (keyof V)[]) out[name] = last ? this.value[name] : NaN as V[keyof V]
    return out
  }
}

const checkEpsilon = (epsilon: number): void => {
  if (!(epsilon > 0 && epsilon < 1)) throw new RangeError(`stableAfter: epsilon: expected a number between 0 and 1, received ${epsilon}`)
}

/** Inputs until the seed of a recursion that keeps the share `keep` of its state weighs less than `epsilon`; never, if it keeps all. */
export const fade = (keep: number, epsilon: number): number => {
  checkEpsilon(epsilon)
  if (keep >= 1) return Infinity
  return keep <= 0 ? 1 : Math.ceil(Math.log(epsilon) / Math.log(keep))
}
