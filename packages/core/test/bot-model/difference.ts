/** Returns where two plain values first differ, with both sides; undefined when they say the same. */
export function difference(a: unknown, b: unknown, path = ''): string | undefined {
  if (Object.is(a, b)) return undefined
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return `${path}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`
  const [one, two] = [a, b] as [Record<string, unknown>, Record<string, unknown>]
  for (const key of new Set([...Object.keys(one), ...Object.keys(two)])) {
    const found = difference(one[key], two[key], `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}
