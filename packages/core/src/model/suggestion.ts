/**
 * Returns `; did you mean …?` when one of the known names is near, else an empty text.
 *
 * @example
 * ```ts
 * suggestion('simulted', ['simulated', 'coinbase']) // => '; did you mean "simulated"?'
 * suggestion('xrp', ['simulated', 'coinbase']) // => ''
 * ```
 */
export function suggestion(name: string, known: readonly string[]): string {
  let best = ''
  let distance = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    const d = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (d < distance) {
      distance = d
      best = candidate
    }
  }
  return best === '' ? '' : `; did you mean ${JSON.stringify(best)}?`
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}
