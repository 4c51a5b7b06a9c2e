import fc from 'fast-check'
import { faults } from './faulty-venue.ts'
import type { Fault } from './faulty-venue.ts'

/** Thousandths by which a price moves. */
type Move = number

/** What may happen to a run, one at a time; plain data, so that a counterexample can be read and typed in again. */
export type ModelCommand =
  | { readonly do: 'nothing' }
  /** A closed minute of both instruments. `thin`: hardly anything is traded, so orders fill in part. */
  | { readonly do: 'minute'; readonly btc: Move; readonly eth: Move; readonly thin?: true }
  /** Part of a minute of both instruments, not closed yet. */
  | { readonly do: 'forming'; readonly seconds: number; readonly btc: Move; readonly eth: Move }
  /** Minutes in which nothing is heard. */
  | { readonly do: 'silence'; readonly minutes: number }
  | { readonly do: 'quote'; readonly on: 'btc' | 'eth'; readonly spread: number }
  /** A candle that cannot be, or was there before. */
  | { readonly do: 'nonsense'; readonly what: 'negative' | 'repeated' }
  | { readonly do: 'fault'; readonly what: Fault }
  /** What the venue held back arrives. */
  | { readonly do: 'release' }
  /** `bot` -1: all of them. */
  | { readonly do: 'pause' | 'resume' | 'flatten'; readonly bot: number }
  | { readonly do: 'emergencyStop'; readonly cancel: boolean }
  | { readonly do: 'rearm' }
  /** A limit is asked to become this: tighter ones are taken, looser ones refused. */
  | { readonly do: 'limit'; readonly what: 'tradeMax' | 'exposure' | 'dailyTradesAccount'; readonly share: number }
  | { readonly do: 'midnight' }
  | { readonly do: 'restart' }
  /** The kernel is thrown away and another goes on from its snapshot. */
  | { readonly do: 'snapshot' }

const move = fc.integer({ min: -30, max: 30 })
const jump = fc.integer({ min: -150, max: 150 })
const one = <T extends ModelCommand>(shape: { readonly [K in keyof T]: fc.Arbitrary<T[K]> | T[K] }): fc.Arbitrary<T> =>
  fc.record(
    Object.fromEntries(Object.entries(shape).map(([key, value]) => [key, value instanceof fc.Arbitrary ? value : fc.constant(value)])),
  ) as fc.Arbitrary<T>
const weighted = (weight: number, arbitrary: fc.Arbitrary<ModelCommand>) => ({ weight, arbitrary })
const bot = fc.integer({ min: -1, max: 3 })

/** One command. Whatever it is, it shrinks to nothing, so a counterexample keeps only what matters. */
export const modelCommand: fc.Arbitrary<ModelCommand> = fc.oneof(
  { withCrossShrink: true },
  weighted(1, one({ do: 'nothing' })),
  weighted(60, one({ do: 'minute', btc: move, eth: move })),
  weighted(8, one({ do: 'minute', btc: move, eth: move, thin: true })),
  weighted(10, one({ do: 'minute', btc: jump, eth: jump })),
  weighted(25, one({ do: 'forming', seconds: fc.integer({ min: 1, max: 59 }), btc: move, eth: move })),
  weighted(4, one({ do: 'silence', minutes: fc.integer({ min: 1, max: 10 }) })),
  weighted(6, one({ do: 'quote', on: fc.constantFrom('btc', 'eth'), spread: fc.integer({ min: 0, max: 50 }) })),
  weighted(3, one({ do: 'nonsense', what: fc.constantFrom('negative', 'repeated') })),
  weighted(16, one({ do: 'fault', what: fc.constantFrom(...faults) })),
  weighted(8, one({ do: 'release' })),
  weighted(3, one({ do: 'pause', bot })),
  weighted(5, one({ do: 'resume', bot })),
  weighted(4, one({ do: 'flatten', bot })),
  weighted(2, one({ do: 'emergencyStop', cancel: fc.boolean() })),
  weighted(5, one({ do: 'rearm' })),
  weighted(2, one({ do: 'limit', what: fc.constantFrom('tradeMax', 'exposure', 'dailyTradesAccount'), share: fc.integer({ min: 6, max: 10 }) })),
  weighted(2, one({ do: 'midnight' })),
  weighted(4, one({ do: 'restart' })),
  weighted(4, one({ do: 'snapshot' })),
)

/** A counterexample without what was shrunk away. */
export const readable = (commands: readonly ModelCommand[]): string =>
  commands
    .filter((command) => command.do !== 'nothing')
    .map((command) => JSON.stringify(command))
    .join('\n')
