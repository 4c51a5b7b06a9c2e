/** Cells of a row of the report; what is given replaces what fits the number. */
export type FillCells = Partial<Record<'portfolio' | 'id' | 'product' | 'side' | 'at' | 'size' | 'base' | 'price' | 'fee' | 'total' | 'quote', string>>

export const reportHeader = 'portfolio,trade id,product,side,created at,size,size unit,price,fee,total,price/fee/total unit'

const pairs = ['BTC-USD', 'ETH-USD', 'SOL-USD'] as const
const START_MS = Date.UTC(2025, 8, 1)

/** Row `i` of a made-up report: a trade a minute, three of each moment. */
export function reportRow(i: number, cells: FillCells = {}): string {
  const product = cells.product ?? pairs[i % pairs.length]!
  const [base, quote] = product.split('-')
  const side = i % 2 === 0 ? 'BUY' : 'SELL'
  const at = new Date(START_MS + Math.floor(i / 3) * 60_000 + 123).toISOString()
  const filled = { portfolio: 'Default', id: String(9_000 + i), product, side, at, size: '0.5', base, price: '20.25', fee: '0.09', quote, ...cells }
  const total = cells.total ?? (filled.side === 'BUY' ? '-10.215' : '10.035')
  const { portfolio, id, at: createdAt, size, base: sizeUnit, price, fee, quote: unit } = filled
  return [portfolio, id, product, filled.side, createdAt, size, sizeUnit, price, fee, total, unit].join(',')
}

export const report = (count: number): string => [reportHeader, ...Array.from({ length: count }, (_, i) => reportRow(i)), ''].join('\n')
