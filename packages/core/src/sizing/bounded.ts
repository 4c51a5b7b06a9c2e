/** Keeps an amount at most `max`; one below `min` is lifted to it only when told to, and else left for the trade size rule to deny. */
export const bounded = (amount: number, { min, max, lift }: { readonly min: number; readonly max: number; readonly lift: boolean }): number => {
  if (amount > max) return max
  return lift && amount < min ? min : amount
}
