import type { CandleEvent, MarketEvent } from '../../contracts/events.ts'
import type { Candle } from '../../model/candle.ts'
import { candleResampler } from '../../model/resample.ts'
import { MINUTE_MS } from '../../model/time.ts'
import type { EpochMs } from '../../model/time.ts'
import { STEPS_PER_MINUTE, STEP_MS } from './parameters.ts'
import { minuteCandle } from './trading-day.ts'
import type { TradingDay } from './trading-day.ts'

/**
 * The events of one instrument: of the shortest timeframe the forming candle at each five-second price, of every timeframe the closed candle at its
 * end. A minute without trades has no candle, as on the venue; a longer candle needs one minute with trades.
 */
export interface InstrumentFeed {
  /** Takes a closed minute from before the first step, so that candles of longer timeframes are whole. */
  warm(candle: Candle): void
  /** Appends the events of one step of a day, timeframes ascending. */
  step(day: TradingDay, step: number, events: MarketEvent[]): void
}

/** `timeframesMs` ascending, without repeats; `fromMs` is since when `warm` is given every minute. */
export function instrumentFeed(instrument: string, timeframesMs: readonly number[], fromMs: number): InstrumentFeed {
  const event = (timeframeMs: number, candle: Candle, closed: boolean, atMs: EpochMs): CandleEvent => ({
    type: 'candle',
    instrument,
    timeframeMs,
    candle,
    closed,
    atMs,
  })
  const resamplers = timeframesMs.map((timeframeMs) => (timeframeMs === MINUTE_MS ? undefined : candleResampler(timeframeMs, fromMs)))
  const shortestMs = timeframesMs[0]!
  const shortest = resamplers[0]

  function close(minute: Candle | undefined, atMs: EpochMs, events: MarketEvent[]): void {
    for (let i = 0; i < resamplers.length; i++) {
      const resampler = resamplers[i]
      if (minute !== undefined) resampler?.push(minute)
      const closed = resampler === undefined ? minute : resampler.closeAt(atMs)
      if (closed !== undefined) events.push(event(timeframesMs[i]!, closed, true, atMs))
    }
  }

  return {
    warm(candle) {
      for (const resampler of resamplers) resampler?.push(candle)
    },
    step(day, step, events) {
      const minute = Math.floor(step / STEPS_PER_MINUTE)
      const steps = (step % STEPS_PER_MINUTE) + 1
      const atMs = (day.startMs + (step + 1) * STEP_MS) as EpochMs
      const candle = day.traded[minute] === 1 ? minuteCandle(day, minute, steps) : undefined
      // Before the minute is pushed, or it would count twice.
      if (candle !== undefined && atMs % shortestMs !== 0) events.push(event(shortestMs, shortest?.forming(candle) ?? candle, false, atMs))
      if (steps === STEPS_PER_MINUTE) close(candle, atMs, events)
    },
  }
}
