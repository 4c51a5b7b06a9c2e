import type { Candle } from '../model/candle.ts'

/** Prices beyond this are a broken feed, whatever the instrument. */
const MAX_PRICE = 1e15

/** Tells what is wrong with a candle; undefined when it may be used. */
export function candleProblem(candle: Candle): string | undefined {
  const { open, high, low, close, volume } = candle
  if (
    close > 0 &&
    low > 0 &&
    low <= close &&
    close <= high &&
    low <= open &&
    open <= high &&
    high < MAX_PRICE &&
    volume >= 0 &&
    volume < Number.POSITIVE_INFINITY
  )
    return undefined
  return `expected 0 < low <= open, close <= high < 1e15 and volume >= 0, received open ${open}, high ${high}, low ${low}, close ${close}, volume ${volume}`
}
