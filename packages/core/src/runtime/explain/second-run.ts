import type { BotChangeCommand, Command, MarketEvent } from '../../contracts/events.ts'
import type { SimulatedExchange } from '../../contracts/exchange.ts'
import type { JournalEntry } from '../../contracts/journal.ts'
import type { MarketSource, StreamQuery } from '../../contracts/market-source.ts'
import type { Store } from '../../contracts/store.ts'
import { planBotChange } from '../../engine/change-bot.ts'
import { EventLoop } from '../../engine/event-loop.ts'
import type { TradingKernel } from '../../engine/kernel.ts'
import type { EntryData } from '../../engine/journal/entry-data.ts'
import type { Decision } from '../../model/decision.ts'
import { EngineError } from '../../model/errors.ts'
import type { EpochMs } from '../../model/time.ts'
import { simulatedSide } from '../account-side.ts'
import { lastCloseMs, readPast } from '../change-bots.ts'
import { streamOf } from '../market-feed.ts'
import { closeGate } from '../close-gate.ts'
import type { EngineSettings } from '../engine-settings.ts'
import { makeKernel, openRun } from '../open-run.ts'
import type { Checkpoint } from './checkpoints.ts'
import { JournalMirror } from './journal-mirror.ts'

/** Events handled before the process gets a turn for something else. */
const TURN = 2_000

export interface SecondRun {
  readonly settings: EngineSettings
  readonly exchange: SimulatedExchange
  readonly store: Store
  /** Where it begins: inside a run, or at the entry `runStarted` of one. */
  readonly from: Checkpoint | { readonly startedSeq: number }
  readonly botId: string
  readonly atMs: EpochMs
}

/**
 * Runs a piece of a run again, with kernel, simulated venue and market as they were, and returns the bot's last decision at or before a moment, as it would have
 * been given out then. What came from outside (commands, alerts about listeners) is taken from the journal, and every entry is held against it.
 *
 * @throws EngineError `NOT_EXPLAINABLE` when the second run is not the first one over again
 */
export async function secondRun({ settings, exchange, store, from, botId, atMs }: SecondRun): Promise<Decision | undefined> {
  const mirror = new JournalMirror(store, 'startedSeq' in from ? from.startedSeq - 1 : from.kernel.seq)
  const { loop, stream } = await begin(settings, exchange, mirror, from)
  let last: Decision | undefined
  loop.decision = (decision) => {
    if (decision.botId === botId && decision.timeMs <= atMs) last = decision
  }
  let handled = 0
  let query: StreamQuery | undefined = stream
  while (query !== undefined) {
    const events: Iterable<MarketEvent> = settings.market.events?.(query) ?? []
    let { afterMs }: StreamQuery = query
    query = undefined
    for (const event of events) {
      if (takeOutside(loop, mirror, exchange, Math.min(event.atMs, atMs + 1))) {
        await changeBot(settings.market, loop, mirror.next()!)
        // Other series from here on, as in the first run.
        query = { ...stream, ...streamOf(loop.kernel.state.bots), ...(afterMs === undefined ? {} : { afterMs }) }
        break
      }
      if (event.atMs > atMs) break
      loop.market(event, event.atMs)
      afterMs = event.atMs
      if (++handled % TURN === 0) await new Promise((resolve) => setTimeout(resolve))
    }
  }
  while (takeOutside(loop, mirror, exchange, atMs + 1)) await changeBot(settings.market, loop, mirror.next()!)
  if (loop.nextMs <= atMs) loop.advance(atMs)
  const missed = mirror.next()
  if (missed !== undefined && missed.atMs < atMs && missed.type !== 'blockerChanged')
    throw new EngineError('NOT_EXPLAINABLE', `running the market again did not give entry ${missed.seq} (${missed.type}) of the journal`)
  return last
}

async function begin(
  settings: EngineSettings,
  exchange: SimulatedExchange,
  mirror: JournalMirror,
  from: SecondRun['from'],
): Promise<{ readonly loop: EventLoop; readonly stream: StreamQuery }> {
  // Every evaluation is given out, and nothing is logged a second time.
  const quiet: EngineSettings = { ...settings, record: 'all', logger: undefined }
  const wire = (kernel: TradingKernel, venue: ConstructorParameters<typeof EventLoop>[1]): EventLoop =>
    new EventLoop(kernel, venue, {
      commit(entries, sending) {
        mirror.write(entries)
        return !(sending && kernel.state.durable.halted)
      },
    })
  if ('startedSeq' in from) {
    let loop: EventLoop | undefined
    const run = await openRun(
      { ...quiet, store: { open: () => mirror.asStore() } },
      (_, kernel, venue) => (loop = wire(kernel, venue)),
      (instruments) => simulatedSide(exchange.replica(instruments)),
    )
    return { loop: loop!, stream: run.stream }
  }
  const instruments = await settings.market.instruments()
  const kernel = makeKernel(quiet, instruments, mirror.asStore().identity.storeId, true)
  const venue = exchange.replica(instruments)
  const loop = wire(kernel, venue)
  kernel.restore(from.kernel)
  loop.restore(from.loop)
  return { loop, stream: from.stream }
}

/**
 * What the journal says came from outside before a moment, at its place among the entries.
 *
 * @returns true when the next of it adds or edits a bot, which takes a look at the market's past
 */
function takeOutside(loop: EventLoop, mirror: JournalMirror, exchange: SimulatedExchange, beforeMs: number): boolean {
  for (let entry = mirror.next(); entry !== undefined && entry.atMs < beforeMs; entry = mirror.next()) {
    const { seq } = entry
    if (isBotChange(entry)) return true
    if (!applyOutside(loop, entry, exchange)) return false
    if (mirror.next()?.seq === seq) return false
  }
  return false
}

const isBotChange = ({ type, data }: JournalEntry): boolean => type === 'command' && ['addBot', 'editBot'].includes((data as EntryData['command']).kind)

/** Changes a bot again, warmed up by the same candles. */
async function changeBot(market: MarketSource, loop: EventLoop, { data, atMs }: JournalEntry): Promise<void> {
  const command = (data as EntryData['command']).payload as unknown as BotChangeCommand
  const { config, preloadCandles } = planBotChange(loop.kernel.state, command).bot
  const history = await readPast(market, { ...config, preloadCandles }, lastCloseMs(atMs, config.timeframeMs))
  loop.command({ ...command, history }, atMs)
}

function applyOutside(loop: EventLoop, entry: JournalEntry, exchange: SimulatedExchange): boolean {
  const { kernel } = loop
  if (entry.type === 'command') {
    const command = (entry.data as EntryData['command']).payload as Command | null
    if (command === null) return false
    if (command.kind === 'emergencyStop') {
      const { cancelOpenOrders, reason } = command
      closeGate(loop, { flush: () => undefined }, { nowMs: entry.atMs, latencyMs: exchange.latencyMs, cancelOpenOrders, reason })
    } else loop.command(command, entry.atMs)
    return true
  }
  if (entry.type === 'reconciled' && (entry.data as EntryData['reconciled']).trigger === 'rearm') {
    kernel.begin(entry.atMs, loop)
    kernel.record('reconciled', undefined, entry.data as EntryData['reconciled'])
    loop.command({ kind: 'rearm' }, entry.atMs)
    return true
  }
  const alert = entry.type === 'alert' ? (entry.data as EntryData['alert']) : undefined
  if (alert?.code !== 'LISTENER_FAILED') return false
  kernel.begin(entry.atMs, loop)
  kernel.state.alert(alert.code, alert.severity as 'warning', alert.detail)
  loop.finishStep(entry.atMs)
  return true
}
