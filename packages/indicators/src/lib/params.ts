import type { Description } from './types.ts'
import { unexpected } from './unexpected.ts'

/** The longest period. */
export const LONG = 1_000_000

/** Whichever kind of parameter: the fields that are there. */
interface Spec {
  /** None: the id does not tell of it. */
  readonly kind?: string
  readonly default: unknown
  readonly min?: number
  readonly max?: number
  readonly choices?: readonly unknown[]
}

/**
 * The options with defaults filled in, and the id: `name(integers,other=value)`, whole numbers always, the rest when it is not the default.
 * Throws a `RangeError` that names the option, what was expected and what was received.
 */
export const readOptions = ({ name, params }: Description, given: object): readonly [id: string, options: Readonly<Record<string, unknown>>] => {
  const specs: Readonly<Record<string, Spec>> = { ...params, onInvalid: { default: 'throw', choices: ['throw', 'skip', 'propagate'] } }
  const known = `options ${Object.keys(specs).join()}`
  if (given !== Object(given)) throw unexpected(name, known, given)
  const options: Record<string, unknown> = { ...given }
  const shown: unknown[] = []
  for (const key in options) if (!specs[key] && key !== 'copy') throw unexpected(name, known, key)
  for (const key in specs) {
    const { kind, default: standard, min, max, choices } = specs[key]!
    const value = (options[key] ??= standard)
    const whole = kind === 'integer'
    const good = choices
      ? choices.includes(value)
      : (whole ? Number.isInteger(value) : Number.isFinite(value)) && (value as number) >= min! && (value as number) <= max!
    if (!good) throw unexpected(`${name}: ${key}`, choices ?? `${kind} from ${min} to ${max}`, value)
    if (whole || (kind && value !== standard)) shown.push(whole ? value : `${key}=${String(value)}`)
  }
  return [`${name}(${shown.join()})`, options]
}
