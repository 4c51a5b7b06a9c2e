import { crashPoints } from '@millrace/core'
import type { CrashPoint } from '@millrace/core'

/** Moments of the calls of the venue, as the wire sees them: before a request leaves, while it is under way, and when the answer is there and nobody has heard it. */
export const wirePlaces = [
  'wire:create:asked',
  'wire:create:flying',
  'wire:create:answered',
  'wire:cancel:asked',
  'wire:cancel:flying',
  'wire:cancel:answered',
  'wire:fills:answered',
  'wire:orders:answered',
  'wire:balances:answered',
] as const

export type WirePlace = (typeof wirePlaces)[number]

/** Copies of a store are made by other processes: its own tests kill those. */
export type EnginePlace = Exclude<CrashPoint, `backup:${string}` | `restore:${string}`>

/** Where a process dies: at a named place, or at a moment that only chance knows. */
export type Place = EnginePlace | WirePlace | 'anywhere'

export const enginePlaces: readonly EnginePlace[] = crashPoints.filter((point): point is EnginePlace => !/^(backup|restore):/.test(point))

/** The requests that change something or tell what changed, by their address. */
export function wireCallOf(url: string | URL, method: string | undefined): 'create' | 'cancel' | 'fills' | 'orders' | 'balances' | undefined {
  const path = new URL(url).pathname
  if (method === 'POST') return path.endsWith('/orders') ? 'create' : path.endsWith('/batch_cancel') ? 'cancel' : undefined
  if (path.endsWith('/historical/fills')) return 'fills'
  if (path.includes('/orders/historical/')) return 'orders'
  return path.endsWith('/accounts') ? 'balances' : undefined
}
