import type { PluginRegistry } from '../../config/built-ins.ts'
import type { BotConfig } from '../../contracts/bot-config.ts'
import type { SimulatedExchange } from '../../contracts/exchange.ts'
import type { SafetyRule } from '../../contracts/safety-rule.ts'
import { EventLoop } from '../../engine/event-loop.ts'
import type { LoopHost, LoopSnapshot, OrderSide } from '../../engine/event-loop.ts'
import type { Input } from '../../engine/input-tap.ts'
import { TradingKernel } from '../../engine/kernel.ts'
import { currenciesOf } from '../../model/instrument.ts'
import type { Instrument } from '../../model/instrument.ts'
import type { Json } from '../../model/json.ts'
import type { EpochMs } from '../../model/time.ts'
import { strictSafety } from '../../safety/strict-safety.ts'
import { unplain } from './plain.ts'
import type { RecordingHeader } from './record-run.ts'

/** What a recording is run again with: the same plugins, which no file can hold. */
export interface ReplayOptions {
  readonly bots: readonly BotConfig[]
  /** What bots that were added or edited while running are made of: as the recorded run had it. */
  readonly plugins?: PluginRegistry
  /** Rules of the account; `strictSafety()` when left out. */
  readonly safety?: readonly (SafetyRule | readonly SafetyRule[])[]
  /** Fills orders as the recorded run's did. Left out for a real exchange: what it said is in the recording. */
  readonly exchange?: SimulatedExchange
}

/** What looks on while a recording is run again. */
export interface ReplayWatch extends Pick<LoopHost, 'order' | 'fill'> {
  /** Stands between the loop and where its orders go. */
  readonly side?: (side: OrderSide, kernel: TradingKernel) => OrderSide
}

/** A loop that inputs are put into again. */
export interface ReplayLoop {
  readonly loop: EventLoop
  /** Set before an input during which an order was kept back. */
  readonly refuse: { next: boolean }
}

/** Answers nothing: what a real venue said is among the inputs. */
const silent: OrderSide = { apply: () => [], snapshot: () => null, restore: () => undefined }

/** The products of the run, as its market listed them. */
export const instrumentsOf = (header: RecordingHeader): readonly Instrument[] => unplain(header.instruments) as readonly Instrument[]

/** An empty kernel like the recorded run's. */
export const replayKernel = (
  header: RecordingHeader,
  { bots, plugins, safety }: Pick<ReplayOptions, 'bots' | 'plugins' | 'safety'>,
  journal: boolean,
): TradingKernel =>
  new TradingKernel({
    environment: header.environment,
    bots,
    plugins,
    quoteCurrency: currenciesOf(bots[0]!.instrument).quote,
    accountSafety: (safety ?? [strictSafety()]).flat(),
    storeId: header.storeId,
    configHash: header.configHash,
    booking: header.booking,
    grading: header.grading,
    record: header.record,
    staleMs: header.staleMs,
    breakers: header.breakers,
    instruments: instrumentsOf(header),
    journal,
  })

/** Keeps the next order from leaving when that is wanted, as the halt file did. */
export const refusing = (refuse: { next: boolean }): LoopHost['commit'] => {
  return (_entries, sending) => {
    const refused = sending && refuse.next
    if (refused) refuse.next = false
    return !refused
  }
}

/** The run as it was when its recording began. */
export function openLoop(header: RecordingHeader, options: ReplayOptions, watch: ReplayWatch = {}): ReplayLoop {
  const kernel = replayKernel(header, options, header.journal)
  if (header.exchange === 'simulated' && options.exchange === undefined)
    throw new RangeError('expected the simulated exchange that the recorded run had, received none')
  const refuse = { next: false }
  const own = header.exchange === 'real' ? silent : options.exchange!.replica(instrumentsOf(header))
  const { side, ...outputs } = watch
  const loop = new EventLoop(kernel, side?.(own, kernel) ?? own, { commit: refusing(refuse), ...outputs })
  loop.wall = header.wall
  kernel.restore(header.kernel)
  loop.restore(unplain(header.loop as Json) as LoopSnapshot)
  return { loop, refuse }
}

/** Puts an input in, as it came. */
export function applyInput(loop: EventLoop, input: Input, nowMs: EpochMs): void {
  switch (input.kind) {
    case 'market':
      return loop.market(input.event, nowMs)
    case 'command':
      return loop.command(input.command, nowMs)
    case 'outside':
      return loop.outside(input.event, nowMs)
    case 'link':
      return loop.link(input.event, nowMs)
    case 'probe':
      return void loop.probe(loop.kernel.state.durable.orders.get(input.clientOrderId)!, nowMs)
    case 'reconciled':
      return loop.reconciled(input.trigger, nowMs)
    case 'warning':
      return loop.warn(input.code, input.detail, nowMs)
    case 'advance':
      return loop.advance(nowMs)
    case 'end':
      return loop.end()
    case 'refused':
    case 'ended':
      return
    default:
      return input satisfies never
  }
}
