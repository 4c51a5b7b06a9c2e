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

const snakeCase = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The one mapper from the engine's names to those of `/api/v1`; the page has the one back (`page/wire.js`). */
export function toWire<T>(value: T): Wire<T> {
  return convert(value) as Wire<T>
}

function convert(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(convert)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [snakeCase(key), convert(member)]))
}

/** Names of requests back to the engine's own. What a request leaves out stays left out. */
export function fromWire(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(fromWire)
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), fromWire(member)]),
  )
}
