const camelCase = (key: string): string => key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** The one mapper back from the names of `/api/v1` to the engine's own; `null` becomes undefined: absent. */
export function fromWire(value: unknown): unknown {
  if (value === null) return undefined
  if (typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(fromWire)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [camelCase(key), fromWire(member)]))
}
