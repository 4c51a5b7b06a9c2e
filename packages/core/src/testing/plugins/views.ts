import type { BotView } from '../../contracts/bot-view.ts'

/** A copy that may be written to; functions and rings of times are shared, because nobody can write to them through a view. */
export function copyOfView(view: BotView): BotView {
  const { candle, position, today, cash, market, portfolio } = view
  return {
    ...view,
    candle: { ...candle },
    position: { ...position },
    today: { ...today },
    cash: { ...cash },
    market: { ...market },
    portfolio: { ...portfolio },
  }
}

type Branch = Record<string, unknown>

const branches = ['candle', 'position', 'today', 'cash', 'market', 'portfolio'] as const

/** Writes every value of one view over another, object by object, as the engine does: references into it stay, what they show does not. */
export function overwrite(target: BotView, source: BotView): void {
  const kept = Object.fromEntries(branches.map((name) => [name, Object.assign(target[name] as unknown as Branch, source[name])]))
  Object.assign(target as unknown as Branch, source, kept)
}

/** What nothing of an earlier call may show in a later one. */
export function spoil(view: BotView): void {
  for (const part of [view, ...branches.map((name) => view[name])] as unknown as Branch[])
    for (const [key, value] of Object.entries(part)) if (typeof value === 'number') part[key] = Number.NaN
}

/** A copy with one number changed; `path` as in `market.price`. */
export function withNumber(view: BotView, path: string, value: number): BotView {
  const copy = copyOfView(view)
  const [first, second] = path.split('.') as [string, string?]
  if (second === undefined) (copy as unknown as Branch)[first] = value
  else (copy as unknown as Record<string, Branch>)[first]![second] = value
  return copy
}

/** A copy at another price: the last one, the close of the candle, and the quotes around it. */
export function atPrice(view: BotView, price: number): BotView {
  const { candle, market } = view
  const factor = price / market.price
  return {
    ...copyOfView(view),
    candle: { ...candle, high: Math.max(candle.open, price), low: Math.min(candle.open, price), close: price },
    market: { ...market, price, bid: market.bid * factor, ask: market.ask * factor },
  }
}
