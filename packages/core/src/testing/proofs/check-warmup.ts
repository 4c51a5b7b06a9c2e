import type { Candle } from '../../model/candle.ts'

import type { Strategy } from '../../contracts/strategy.ts'
import { strategyCandles } from '../strategy-candles.ts'
import { StrategyRun, feed, surroundings } from '../strategy-run.ts'
import { Findings, made } from './proof.ts'
import type { Proof, ProofOptions, StrategySource } from './proof.ts'

/** Readings of two starts agree to this share of themselves, or of the price where they are smaller. */
const TOLERANCE = 1e-9
/** Candles compared behind the warm-up. */
const COMPARED = 100
/** The longest data that is made up for a slow indicator. */
const MOST_CANDLES = 60_000

/**
 * Shows that it does not matter where a strategy begins: from different starts, after the `stableAfter(1e-9)` of its slowest indicator, scores and readings agree to
 * 1e-9 of their size. A strategy with memory is compared without it, because what it remembers is where it began.
 *
 * @example
 * ```ts
 * checkWarmup(weightedSignals()).passed // => true
 * ```
 */
export function checkWarmup(source: StrategySource, options: ProofOptions = {}): Proof {
  const findings = new Findings()
  const { stable, endless, memory } = needs(made(source, options.candles ?? []))
  const starts = [0, 1, 7, 37]
  const needed = stable + starts.at(-1)! + 2
  if (endless.length > 0) return findings.proof([`${endless.join(', ')} never forget where they began: a restart decides otherwise than the run before it`])
  if (needed > (options.candles?.length ?? MOST_CANDLES))
    return findings.proof([`${needed} candles are needed for readings that are stable to 1e-9, there are ${options.candles?.length ?? MOST_CANDLES}`])
  const candles = options.candles ?? strategyCandles(needed + COMPARED)
  const from = Math.max(needed, candles.length - COMPARED)
  const [whole, ...late] = starts.map((start) => settled(made(source, candles), candles, start, from))
  late.forEach((own, n) => {
    own.forEach((line, i) => {
      findings.compared++
      const expected = whole![i]!
      line.forEach(({ name, value }, k) => {
        const other = expected[k]!.value
        const scale = Math.max(Math.abs(value), Math.abs(other), name === 'score' ? 1 : candles[from + i]!.close)
        if (!(Math.abs(value - other) <= TOLERANCE * scale) && !Object.is(value, other))
          findings.add(name, candles[from + i]!.openTime, `${other} from the first candle, ${value} from candle ${starts[n + 1]}`)
      })
    })
  })
  return findings.proof(memory ? ['the state that the strategy hands over was left out'] : [])
}

interface Needs {
  readonly stable: number
  readonly endless: readonly string[]
  readonly memory: boolean
}

function needs(strategy: Strategy): Needs {
  const { indicators, memory } = strategy.create()
  let stable = Math.max(1, strategy.window)
  const endless: string[] = []
  for (const [key, indicator] of indicators) {
    const own = indicator.stableAfter?.(TOLERANCE) ?? indicator.warmup + 1
    if (!Number.isFinite(own)) endless.push(key)
    else stable = Math.max(stable, own + (indicator.alignment ?? 0))
  }
  return { stable, endless, memory: memory !== undefined }
}

/** Numbers of each candle from one on, of a strategy that began at another: score, components, readings. */
function settled(
  strategy: Strategy,
  candles: readonly Candle[],
  start: number,
  from: number,
): (readonly { readonly name: string; readonly value: number }[])[] {
  const run = new StrategyRun(strategy)
  const around = surroundings()
  const lines: (readonly { readonly name: string; readonly value: number }[])[] = []
  for (let i = start; i < candles.length; i++) {
    const candle = candles[i]!
    for (const [, indicator] of run.instance.indicators) feed(indicator, candle)
    run.window.push(candle)
    if (i < from) continue
    const { score, components } = run.evaluate(candle, around)
    const readings = run.instance.indicators.flatMap(([key, { value }]) => numbersOf(key, value))
    lines.push([{ name: 'score', value: score }, ...components.map((part) => ({ name: part.name, value: part.score })), ...readings])
  }
  return lines
}

const numbersOf = (key: string, value: unknown): readonly { readonly name: string; readonly value: number }[] =>
  typeof value === 'number'
    ? [{ name: `reading ${key}`, value }]
    : Object.entries((value ?? {}) as object).flatMap(([name, member]) =>
        typeof member === 'number' ? [{ name: `reading ${key}.${name}`, value: member }] : [],
      )
