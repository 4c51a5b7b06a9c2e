/** Relative rounding error of a price times a fraction: a price exactly at the level must count as touching it. */
const ROUNDING = 1e-12

/** True when a signed distance beyond a level is zero or more, seen on the scale of the prices; never for NaN. */
export const touches = (beyond: number, price: number): boolean => beyond >= -ROUNDING * price

/** A price for a person: ten digits are enough for any of them. */
export const priceText = (price: number): string => String(Number(price.toPrecision(10)))
