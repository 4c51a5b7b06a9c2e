/** `gateClosedAtMs` → `gate_closed_at_ms`. */
type SnakeCase<S extends string> = S extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Tail>}`
  : S

/** A value as it crosses the edge: snake_case keys, `null` for what is absent or no finite number. */
export type Wire<T> = T extends undefined | null
  ? null
  : T extends number
    ? number
    : T extends string | boolean
      ? T
      : T extends readonly (infer E)[]
        ? readonly Wire<E>[]
        : { readonly [K in keyof T & string as SnakeCase<K>]: Wire<T[K]> }

/** `actionThreshold` → `action_threshold`. */
export const snakeCase = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The one mapper from the engine's names to those of `/api/v1`; the page has the one back (`page/wire.ts`). */
export function toWire<T>(value: T): Wire<T> {
  // Long lists have the same few names over and over.
  const names = new Map<string, string>()
  const named = (key: string): string => {
    const known = names.get(key)
    if (known !== undefined) return known
    const name = snakeCase(key)
    names.set(key, name)
    return name
  }
  return convert(value, named) as Wire<T>
}

function convert(value: unknown, named: (key: string) => string): unknown {
  if (value === undefined || value === null) return null
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => convert(item, named))
  const wire: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) {
    // What a name is does not matter to a property that is defined, not set.
    if (key === '__proto__') Object.defineProperty(wire, key, { value: convert(member, named), enumerable: true })
    else wire[named(key)] = convert(member, named)
  }
  return wire
}

/** Names of requests back to the engine's own. What a request leaves out stays left out. */
export function fromWire(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(fromWire)
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), fromWire(member)]),
  )
}
