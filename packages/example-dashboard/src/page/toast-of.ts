import { amount, quantity, signedAmount, words } from './format.ts'
import type { LiveEvent } from './live.ts'

/** One message: shown once for each change of state, and gone by itself unless it is grave. */
export interface Toast {
  readonly key: string
  readonly severity: 'info' | 'warning' | 'critical'
  readonly text: string
}

/** What an event is worth saying; undefined for what is normal: an order that was sent or works is no news. */
export function toastOf(event: LiveEvent): Toast | undefined {
  switch (event.type) {
    case 'fill': {
      const { fillId, botId, side, quantity: size, value, realizedPnl } = event.value
      const result = side === 'sell' ? `, result ${signedAmount(realizedPnl)}` : ''
      return { key: `fill ${fillId}`, severity: 'info', text: `${botId} ${side === 'buy' ? 'bought' : 'sold'} ${quantity(size)} for ${amount(value)}${result}` }
    }
    case 'order': {
      const { clientOrderId, botId, side, state, reason } = event.value
      if (state !== 'rejected' && state !== 'expired' && state !== 'unknown') return undefined
      const severity = state === 'unknown' ? 'critical' : 'warning'
      return { key: `order ${clientOrderId} ${state}`, severity, text: `${botId}: the ${side} is ${words(state)}${reason === undefined ? '' : `, ${reason}`}` }
    }
    case 'alert': {
      const { code, severity, detail, botId, atMs } = event.value
      // What is only worth knowing stands in the list of alerts.
      return severity === 'info' ? undefined : { key: `alert ${code} ${botId} ${atMs}`, severity, text: `${code}: ${detail}` }
    }
    case 'gap':
      return undefined
  }
}

/** What an event says to those who do not see it. */
export function sentenceOf(event: LiveEvent): string | undefined {
  if (event.type === 'fill') {
    const { botId, side, quantity: size, price, realizedPnl } = event.value
    return `${botId}: ${side === 'buy' ? 'bought' : 'sold'} ${quantity(size)} at ${price}${side === 'sell' ? `, result ${signedAmount(realizedPnl)}` : ''}`
  }
  if (event.type === 'alert') return `${event.value.severity}: ${event.value.detail}`
  return event.type === 'gap' ? 'Some events were missed; the lists are complete again.' : undefined
}
