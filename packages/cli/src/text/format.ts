import { SECOND_MS } from '@millrace/core'

/** UTC to the second at a fixed width, for lines under each other: `2025-10-10 21:15:00Z`. */
export const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`

/** A wait for people: `42s`, `3m 10s`, `2h 05m`. */
export function waitText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / SECOND_MS))
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes}m ${String(seconds % 60).padStart(2, '0')}s` : `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`
}

/** A rate for people: `812`, `45.1 k`, `5.20 M`. */
export function rateText(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return '-'
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(2)} M`
  return perSecond >= 1e3 ? `${(perSecond / 1e3).toFixed(1)} k` : perSecond.toFixed(0)
}

/** Thousands set apart, as in `12,345`. */
export const countText = (count: number): string => count.toLocaleString('en-US')

/** A count with its noun: `1 row`, `2 rows`. */
export const counted = (count: number, noun: string): string => `${countText(count)} ${noun}${count === 1 ? '' : 's'}`

/** A decimal amount to cents for people, half away from zero in its text; the exact one stands in `--json`. */
export function amountText(amount: string): string {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.')
  const cents = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0').slice(0, 2)) + ((fraction[2] ?? '0') >= '5' ? 1n : 0n)
  const sign = amount.startsWith('-') && cents > 0n ? '-' : ''
  return `${sign}${(cents / 100n).toLocaleString('en-US')}.${String(cents % 100n).padStart(2, '0')}`
}
