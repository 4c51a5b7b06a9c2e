/** Relative rounding error of a quotient of prices: a distance of exactly the limit must count as the limit. */
const ROUNDING = 1e-12

/** A margin in fractions of a price, with what is only rounding taken for zero. */
export const roundedMargin = (margin: number): number => (Math.abs(margin) < ROUNDING ? 0 : margin)
