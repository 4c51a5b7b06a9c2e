import { EventLoop } from '../engine/event-loop.ts'
import type { LoopHost, OrderSide } from '../engine/event-loop.ts'
import type { TradingKernel } from '../engine/kernel.ts'
import { fillRecord } from '../engine/settle.ts'
import type { EngineSettings } from './engine-settings.ts'
import type { Outputs } from './outputs.ts'

/** The loop of a run, with the simulation beside the venue if there is one: what happens goes to the journal, and from there to the outputs. */
export function runLoop(
  { market, shadow }: EngineSettings,
  kernel: TradingKernel,
  orders: OrderSide,
  { outputs, commit }: { readonly outputs: Outputs; readonly commit: LoopHost['commit'] },
): EventLoop {
  const instruments = [...kernel.state.instruments.values()].map(({ instrument }) => instrument)
  const loop = new EventLoop(kernel, shadow?.beside(orders, instruments) ?? orders, {
    commit,
    order: (order) => outputs.order(order),
    fill: (result, order) => {
      shadow?.filled(fillRecord(result, order))
      outputs.fill(result, order)
    },
    alert: (alert) => outputs.alert(alert),
  })
  loop.wall = market.timeline === 'wall'
  return loop
}
