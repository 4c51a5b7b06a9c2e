/** A quote amount for a person: at most 8 places, no needless zeros. */
export const quoteText = (amount: number): string => String(Number(amount.toFixed(Math.abs(amount) >= 1 ? 2 : 8)))

/** A remaining length of time for a person, in its two largest units, rounded up. */
export function remainingText(ms: number): string {
  if (!(ms < Number.POSITIVE_INFINITY)) return 'for ever'
  if (ms < 1_000) return `${Math.ceil(ms)} ms`
  const seconds = Math.ceil(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.ceil(seconds / 60)
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A fraction as percent for a person. */
export const percentText = (fraction: number): string => `${Number((fraction * 100).toFixed(4))} %`
