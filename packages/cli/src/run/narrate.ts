import type { Alert, Engine, FillRecord } from '@millrace/core'
import { amountText, timeText } from '../text/format.ts'

/** More alerts than this say no more to a person; all of them are in the journal. */
const maxAlertLines = 50

/** One line for one execution. */
function fillLine(fill: FillRecord): string {
  const result = fill.side === 'sell' ? `, P&L ${amountText(fill.realizedPnl)}` : ''
  return `${timeText(fill.atMs)}  ${fill.botId}: ${fill.side === 'buy' ? 'bought' : 'sold'} ${fill.quantity} ${fill.instrument} at ${fill.price} = ${amountText(fill.value)}, fee ${amountText(fill.feeAmount)} ${fill.feeCurrency}${result} (${fill.source})`
}

/** One line for one alert. */
const alertLine = (alert: Alert): string =>
  `${timeText(alert.atMs)}  ${alert.severity.toUpperCase()} ${alert.code}${alert.botId === undefined ? '' : ` ${alert.botId}`}: ${alert.detail}`

/** Says on the terminal what happens in a run: alerts always, fills where a person can follow them. Returns what ends it. */
export function narrate(engine: Engine, say: (line: string) => void, options: { readonly fills: boolean }): () => void {
  let alerts = 0
  const stops = [
    engine.on('alert', (alert) => {
      if (alert.severity === 'info') return
      alerts += 1
      if (alerts <= maxAlertLines) say(alertLine(alert))
      if (alerts === maxAlertLines) say(`further alerts are not shown here (${maxAlertLines} so far)`)
    }),
  ]
  if (options.fills) stops.push(engine.on('fill', (fill) => say(fillLine(fill))))
  return () => stops.forEach((stop) => stop())
}
