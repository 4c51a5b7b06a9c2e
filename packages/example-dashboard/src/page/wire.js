/** @param {string} key */
const camelCase = (key) => key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase())

/**
 * The one mapper back from the names of `/api/v1` to the engine's own; `null` becomes undefined: absent.
 *
 * @param {unknown} value
 * @returns {unknown}
 */
export function fromWire(value) {
  if (value === null) return undefined
  if (typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(fromWire)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [camelCase(key), fromWire(member)]))
}
