/** Returns the function with its last `limit` distinct results kept, the oldest forgotten first. */
export function boundedCache<K, T>(limit: number, compute: (key: K) => T): (key: K) => T {
  const results = new Map<K, T>()
  return (key) => {
    const known = results.get(key)
    if (known !== undefined) return known
    const result = compute(key)
    if (results.size >= limit) {
      for (const oldest of results.keys()) {
        results.delete(oldest)
        break
      }
    }
    results.set(key, result)
    return result
  }
}
