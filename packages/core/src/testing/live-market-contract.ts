import {
  closes,
  closesByProof,
  describesItself,
  goesOn,
  historyIsTheStream,
  historyIsWhole,
  holdsWhatWasAsked,
  instrumentsAreListed,
  losesNothing,
  survives,
  unsubscribes,
} from './live-market-checks.ts'
import type { LiveMarketSubject } from './live-market-subject.ts'
import { laterPromisesOf } from './plugins/contract-case.ts'
import type { LaterContractCase } from './plugins/contract-case.ts'

/**
 * Returns the promises that every live market keeps, for any test runner: instruments, history, and a stream of one-minute candles that are closed by proof,
 * survives a broken venue and loses nothing. `make` is called anew for each. No case waits for real time: the harness moves the venue's.
 *
 * @example
 * ```ts
 * const cases = liveMarketContract(() => {
 *   const clock = simulatedClock(parseTime('2026-01-02'))
 *   const market = { ...simulatedMarket({ seed: 1, start: '2026-01-01', clock }), timeline: 'wall' as const }
 *   return { market, instruments: ['BTC-USD'], nowMs: () => clock.nowMs(), settle: async () => clock.advance(15_000), close: () => market.close() }
 * })
 * await cases[0]!.run() // => undefined
 * await cases.find(({ name }) => name.startsWith('a broken venue'))!.run() // => { skipped: 'the harness cannot break its venue' }
 * ```
 */
export function liveMarketContract(make: () => LiveMarketSubject | Promise<LiveMarketSubject>): readonly LaterContractCase[] {
  const promise = laterPromisesOf(make)
  const tried = (name: string, fix: string, check: (subject: LiveMarketSubject) => Promise<void | string>): LaterContractCase =>
    promise(name, fix, async (subject) => {
      try {
        return await check(subject)
      } finally {
        await subject.close()
      }
    })
  return [
    tried(
      'instruments are listed with usable rules',
      "return every instrument that can be traded here under a name such as BTC-USD, with the increments and minimums of the venue's list.",
      instrumentsAreListed,
    ),
    tried('it is of timeline wall, and says where its prices come from', "timeline: 'wall', and describe().text in words a person can check.", describesItself),
    tried(
      'history is oldest first, in whole candles that are over',
      'leave the candle out that still forms: most venues give it as the last one. Keep openTime >= fromMs and openTime + timeframe <= toMs.',
      historyIsWhole,
    ),
    tried(
      'candles close by proof: once, at their end, in order',
      'give a candle out as closed when the venue says so or has begun the next one, never by your own clock alone; atMs is its end, or the time it came.',
      closesByProof,
    ),
    tried(
      'the stream holds what was asked for and nothing else',
      'subscribe at the venue to query.instruments only, and drop what comes unasked.',
      holdsWhatWasAsked,
    ),
    tried(
      'history and stream hold the same closed candles',
      'take closed candles from one place: candles put together from trades differ from those of the history.',
      historyIsTheStream,
    ),
    tried(
      'it goes on after a moment with the candles that follow',
      'with query.afterMs, begin with the closed candles since then: after a restart they are missing.',
      goesOn,
    ),
    tried('nothing arrives after unsubscribing', 'return a teardown that stops timers and requests under way.', unsubscribes),
    tried(
      'closing ends the stream without an error, and asks for nothing more',
      'close() completes what is subscribed; a request that fails because of it is no failure of the stream.',
      closes,
    ),
    tried(
      'a broken venue is told and survived: the stream never fails',
      'catch what a request throws, give it out as { type: "link", event: { type: "error" or "down", detail } }, and try again.',
      survives,
    ),
    tried(
      'after a broken venue every candle is there, once',
      'remember per instrument which closed candle was the last one given out, and ask for everything since.',
      losesNothing,
    ),
  ]
}
