import type { EpochMs } from '../model/time.ts'
import type { KernelState } from './kernel-state.ts'

/** Preview evaluations stand on this grid of event time. */
export const GRID_MS = 5_000

/** Asks for the next point of the grid, when some bot wants previews. */
export function startGrid(state: KernelState): void {
  if (Number.isNaN(state.nextGridMs)) return
  state.nextGridMs = Math.floor(state.nowMs / GRID_MS) * GRID_MS + GRID_MS
  state.sink.effect({ type: 'wakeAt', atMs: state.nextGridMs as EpochMs })
}
