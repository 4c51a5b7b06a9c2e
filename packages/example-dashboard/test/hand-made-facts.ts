import type { Alert, EpochMs, FillRecord } from '@millrace/core'

export const startMs = Date.UTC(2026, 0, 5, 12, 0, 0) as EpochMs
export const at = (seconds: number): EpochMs => (startMs + seconds * 1000) as EpochMs

export const aFill: FillRecord = {
  fillId: 'f-1',
  clientOrderId: '5f3c0b8e-0000-4000-8000-000000000001',
  botId: 'sol',
  instrument: 'SOL-USD',
  side: 'buy',
  price: '186.44',
  quantity: '0.0531',
  value: '9.899964',
  feeAmount: '0.089099676',
  feeCurrency: 'USD',
  realizedPnl: '0',
  source: 'weighted-signals',
  atMs: at(-1800),
}
export const aSale: FillRecord = {
  ...aFill,
  fillId: 'f-2',
  botId: 'toshi',
  instrument: 'TOSHI-USD',
  side: 'sell',
  price: '0.0007391',
  quantity: '14285',
  value: '10.55804350',
  feeAmount: '0.0950223915',
  realizedPnl: '0.33412',
  source: 'takeProfit',
  atMs: at(-45),
}
export const anAlert: Alert = { code: 'STALE_DATA', severity: 'warning', detail: 'AERO-USD: no price for 4 min; entries wait', botId: 'aero', atMs: at(-200) }
