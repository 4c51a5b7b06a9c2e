import type { CommonOptions, Indicator, Json, Ohlcv, Pair } from '../lib/types.ts'
import { errorOf, fail, isTrue, near, same } from './check.ts'
import { explained } from './fixes.ts'
import { flatValue, type Laws, risingValue, scale, shift } from './laws.ts'
import { type Any, copyOf, type Create, LENGTH, outputsOf } from './runs.ts'
import { flat, from, inputsOf, rising, rough, type TestColumns, transformed, walk } from './series.ts'

/** Memory of the process: `collect` runs the garbage collector, `heapUsed` is in bytes. */
export interface Memory {
  collect(): void
  heapUsed(): number
}

/** What the contract needs to know. */
export interface Subject {
  /** A new indicator with these common options. */
  readonly create: (options?: CommonOptions & { readonly copy?: boolean }) => Indicator<never, unknown> & { readonly input?: unknown }
  /** Its batch form over columns; pairs are close and volume. */
  readonly batch?: (columns: TestColumns, options?: CommonOptions) => Float64Array | Readonly<Record<string, Float64Array>>
  readonly laws?: Laws
  readonly memory?: Memory
}

/** One check of the contract, for any test runner. */
export interface ContractCase {
  readonly name: string
  /** Throws when the indicator breaks the rule. */
  run(): void
}

/**
 * The contract of an indicator as a list of checks: warm-up, bit equality of its forms, pure preview, snapshot at any point, restart, laws of scale and shift,
 * ranges, flat and rising prices, invalid input, no growth.
 *
 * @example
 * ```ts
 * import { sma } from '@millrace/indicators'
 * import { indicatorContract } from '@millrace/indicators/testing'
 * const cases = indicatorContract({ create: (options) => sma(5, options), laws: { price: 1, shift: 1, flat: 'price' } })
 * for (const { run } of cases) run()
 * cases.length > 10 // => true
 * ```
 */
export const indicatorContract = (subject: Subject): readonly ContractCase[] => {
  const create = (options?: CommonOptions & { copy?: boolean }): Any => subject.create(options) as unknown as Any
  const { laws = {}, memory } = subject
  const cases: ContractCase[] = [
    { name: 'warm-up: NaN before, numbers after', run: () => warmUp(create) },
    { name: 'describes its outputs and its range holds', run: () => description(create) },
    { name: 'preview is the next value and changes nothing', run: () => preview(create) },
    { name: 'continues from a snapshot taken at any point', run: () => snapshots(create) },
    { name: 'refuses a foreign snapshot and keeps its state', run: () => foreignSnapshots(create) },
    { name: 'reset is as good as new', run: () => reset(create) },
    { name: 'another start agrees after stableAfter', run: () => restart(create) },
    { name: 'invalid input: throws, skips or propagates, and never enters the state', run: () => invalid(create) },
    { name: 'reuses its record, or copies it when asked', run: () => records(create) },
    { name: 'its state does not grow', run: () => growth(create) },
  ]
  const { batch } = subject
  if (batch !== undefined) {
    cases.push({ name: 'batch equals streaming bit for bit', run: () => batchEquality(create, batch) })
    cases.push({ name: 'batch has the same policy for invalid input', run: () => batchPolicy(create, batch) })
  }
  if (laws.price !== undefined) cases.push({ name: 'scales with the price as stated', run: () => scale(create, laws) })
  if (laws.shift !== undefined) cases.push({ name: 'shifts with the price as stated', run: () => shift(create, laws.shift!) })
  if (laws.flat !== undefined) cases.push({ name: 'flat prices give the documented value', run: () => flatValue(create, laws.flat!) })
  if (laws.rising !== undefined) cases.push({ name: 'rising prices give the documented value', run: () => risingValue(create, laws.rising!) })
  if (memory !== undefined) cases.push({ name: 'memory does not grow over a million updates', run: () => memoryGrowth(create, memory) })
  return cases.map((each) => ({ name: each.name, run: () => explained(each.name, () => each.run()) }))
}

const throughText = (state: Json): Json => JSON.parse(JSON.stringify(state)) as Json

const warmUp = (create: Create): void => {
  const { warmup } = create()
  for (const columns of [walk(LENGTH), rough(LENGTH)]) {
    outputsOf(create(), columns).forEach((row, i) => {
      for (const x of row) isTrue(`input ${i}`, i < warmup ? Number.isNaN(x) : Number.isFinite(x), i < warmup ? 'NaN' : 'a number', x)
    })
  }
  isTrue('value before any input', copyOf(create().value).every(Number.isNaN), 'NaN', create().value)
}

const description = (create: Create): void => {
  const indicator = create()
  const about = indicator.describe()
  const names = typeof indicator.value === 'number' ? ['value'] : Object.keys(indicator.value as object)
  isTrue('outputs', names.join() === about.outputs.join(), about.outputs.join(), names.join())
  const [low, high] = about.range ?? [-Infinity, Infinity]
  for (const columns of [walk(LENGTH), rough(LENGTH), flat(LENGTH), rising(LENGTH), walk(LENGTH, 3, 0.2)]) {
    for (const row of outputsOf(create(), columns)) {
      for (const x of row) isTrue('range', !(x < low || x > high), `${low} to ${high}`, x)
    }
  }
}

const preview = (create: Create): void => {
  const indicator = create()
  const other = inputsOf(walk(LENGTH, 9), indicator.input as string)
  inputsOf(rough(LENGTH), indicator.input as string).forEach((input, i) => {
    const before = JSON.stringify(indicator.snapshot())
    const value = copyOf(indicator.value)
    indicator.preview(other[i]!)
    const next = copyOf(indicator.preview(input))
    same(`value after preview ${i}`, value, copyOf(indicator.value))
    isTrue(`state after preview ${i}`, JSON.stringify(indicator.snapshot()) === before, before, JSON.stringify(indicator.snapshot()))
    same(`preview ${i}`, copyOf(indicator.update(input)), next)
  })
}

const snapshots = (create: Create): void => {
  const { warmup, input } = create()
  const inputs = inputsOf(rough(LENGTH), input as string)
  const expected = outputsOf(create(), rough(LENGTH))
  for (const point of new Set([0, 1, 2, warmup - 1, warmup, warmup + 1, warmup + 2, 217, 250])) {
    if (point < 0 || point >= LENGTH) continue
    const first = create()
    for (const x of inputs.slice(0, point)) first.update(x)
    const second = create()
    for (const x of inputs.slice(50, 77)) second.update(x)
    second.restore(throughText(first.snapshot()))
    same(`value after restore at ${point}`, copyOf(first.value), copyOf(second.value))
    inputs.slice(point).forEach((x, i) => {
      same(`preview after restore at ${point}, input ${point + i}`, expected[point + i]!, copyOf(second.preview(x)))
      same(`restored at ${point}, input ${point + i}`, expected[point + i]!, copyOf(second.update(x)))
    })
  }
}

const foreignSnapshots = (create: Create): void => {
  const indicator = create()
  for (const x of inputsOf(walk(100), indicator.input as string)) indicator.update(x)
  const [id, version, ...state] = throughText(indicator.snapshot()) as readonly Json[]
  const before = JSON.stringify(indicator.snapshot())
  for (const bad of [
    null,
    7,
    {},
    [],
    ['other(1)', version!, ...state],
    [id!, 99, ...state],
    [id!, version!],
    [id!, version!, ...state.slice(1), []],
    [id!, version!, 3, 3],
  ]) {
    const error = errorOf(`restore ${JSON.stringify(bad)}`, () => indicator.restore(bad as Json))
    isTrue('message', error.message.length > 10, 'a clear message', error.message)
    isTrue('state after a refused restore', JSON.stringify(indicator.snapshot()) === before, before, JSON.stringify(indicator.snapshot()))
  }
}

const reset = (create: Create): void => {
  const indicator = create()
  const fresh = JSON.stringify(indicator.snapshot())
  const expected = outputsOf(indicator, walk(200))
  indicator.reset()
  isTrue('state after reset', JSON.stringify(indicator.snapshot()) === fresh, fresh, JSON.stringify(indicator.snapshot()))
  isTrue('value after reset', copyOf(indicator.value).every(Number.isNaN), 'NaN', indicator.value)
  outputsOf(indicator, walk(200)).forEach((row, i) => same(`after reset ${i}`, expected[i]!, row))
}

const restart = (create: Create): void => {
  const stable = create().stableAfter(1e-12)
  isTrue('stableAfter(1e-12)', stable > create().warmup && stable >= create().stableAfter(1e-6), 'more than the warm-up and than stableAfter(1e-6)', stable)
  if (!Number.isFinite(stable)) return
  const start = 137
  const columns = walk(stable + start + 50)
  const whole = outputsOf(create(), columns)
  const late = outputsOf(create(), from(columns, start), start)
  const scale = Math.max(
    ...whole
      .slice(start + stable - 1)
      .flat()
      .map(Math.abs),
    ...columns.close.slice(-50),
  )
  for (let i = stable - 1; i < late.length; i++) late[i]!.forEach((x, k) => near(`input ${i} after a later start`, whole[start + i]![k]!, x, 1e-12 * scale))
}

/** The input with one thing wrong in it, and something else in its place. */
const broken = (input: number | Ohlcv | Pair, fields: readonly string[], value: unknown): (number | Ohlcv | Pair)[] => [
  ...(typeof input === 'number' ? [] : fields.map((name) => ({ ...input, [name]: value }))),
  value as number,
]

const invalid = (create: Create): void => {
  const inputs = inputsOf(walk(120), create().input as string)
  const fields = create().describe().inputs
  const expected = outputsOf(create(), walk(120))
  for (const mode of ['throw', 'skip', 'propagate'] as const) {
    const indicator = create({ onInvalid: mode })
    inputs.forEach((input, i) => {
      const before = JSON.stringify(indicator.snapshot())
      const last = copyOf(indicator.value)
      const answer = mode === 'skip' ? last : last.map(() => NaN)
      for (const value of [NaN, Infinity, -Infinity, undefined, null, '5']) {
        for (const bad of broken(input, fields, value)) {
          if (mode === 'throw') {
            const first = errorOf(`update(${String(value)})`, () => indicator.update(bad))
            const second = errorOf(`preview(${String(value)})`, () => indicator.preview(bad))
            for (const error of [first, second]) {
              isTrue(
                'error',
                error instanceof RangeError && fields.some((name) => error.message.includes(name)),
                'a RangeError that names the input',
                error.message,
              )
            }
            continue
          }
          same(`${mode}: preview(${String(value)})`, answer, copyOf(indicator.preview(bad)))
          same(`${mode}: update(${String(value)})`, answer, copyOf(indicator.update(bad)))
        }
      }
      if (mode === 'throw') isTrue('state after refused inputs', JSON.stringify(indicator.snapshot()) === before, before, JSON.stringify(indicator.snapshot()))
      same(`${mode}: input ${i} after bad ones`, expected[i]!, copyOf(indicator.update(input)))
    })
  }
}

const records = (create: Create): void => {
  const inputs = inputsOf(walk(100), create().input as string)
  const indicator = create()
  if (typeof indicator.value === 'number') return
  for (const x of inputs) {
    isTrue('update', indicator.update(x) === indicator.value, 'the record `value`', 'another')
    isTrue('preview', indicator.preview(x) !== indicator.value, 'another record than `value`', '`value`')
  }
  const copying = create({ copy: true })
  const seen = new Set<unknown>(inputs.map((x) => copying.update(x)))
  isTrue('copy: true', seen.size === inputs.length, `${inputs.length} records`, seen.size)
}

const growth = (create: Create): void => {
  const indicator = create()
  const sizeAfter = (start: number, rounds: number): number => {
    for (let round = start; round < start + rounds; round++) {
      for (const x of inputsOf(walk(1000, round), indicator.input as string, round * 1000)) indicator.update(x)
    }
    return JSON.stringify(indicator.snapshot()).split(',').length
  }
  const before = sizeAfter(0, 1)
  const after = sizeAfter(1, 9)
  isTrue('numbers in the state after 10,000 inputs', after === before, String(before), after)
}

const columnsOf = (out: Float64Array | Readonly<Record<string, Float64Array>>): readonly Float64Array[] =>
  out instanceof Float64Array ? [out] : Object.values(out)

const batchEquality = (create: Create, batch: NonNullable<Subject['batch']>): void => {
  const { warmup } = create()
  const short = walk(LENGTH)
  const samples = [
    walk(LENGTH),
    rough(LENGTH),
    flat(LENGTH),
    rising(LENGTH),
    walk(0),
    walk(1),
    walk(warmup),
    walk(warmup + 1),
    walk(warmup + 2),
    transformed(short, 1e-9, 1, 0),
  ]
  for (const columns of samples) {
    const rows = outputsOf(create(), columns)
    const out = columnsOf(batch(columns))
    for (const column of out) if (column.length !== rows.length) fail('length of the batch output', rows.length, column.length)
    rows.forEach((row, i) =>
      same(
        `batch, candle ${i} of ${rows.length}`,
        row,
        out.map((column) => column[i]!),
      ),
    )
  }
}

const batchPolicy = (create: Create, batch: NonNullable<Subject['batch']>): void => {
  const columns = rough(200)
  const fields = create()
    .describe()
    .inputs.map((name) => ({ x: 'close', y: 'volume' } as Readonly<Record<string, string>>)[name] ?? name) as (keyof TestColumns)[]
  // Late, where most are warm, and early, where a batch form must not take a warm-up for done that missed an input.
  for (const at of [60, 3]) {
    const bad = { ...columns, ...Object.fromEntries(fields.map((name) => [name, columns[name].slice()])) } as TestColumns
    fields.forEach((name, i) => (bad[name][at + i] = i === 0 ? NaN : Infinity))
    const error = errorOf('batch over NaN', () => batch(bad))
    isTrue('error', error instanceof RangeError && error.message.includes(`[${at}]`), 'a RangeError that names the input and its index', error.message)
    for (const mode of ['skip', 'propagate'] as const) {
      const rows = outputsOf(create({ onInvalid: mode }), bad)
      const out = columnsOf(batch(bad, { onInvalid: mode }))
      rows.forEach((row, i) =>
        same(
          `batch, ${mode}, bad input ${at}, candle ${i}`,
          row,
          out.map((column) => column[i]!),
        ),
      )
    }
  }
}

const memoryGrowth = (create: Create, memory: Memory): void => {
  const indicator = create()
  const inputs = inputsOf(walk(1000), indicator.input as string)
  const run = (times: number): void => {
    for (let i = 0; i < times; i++) for (let k = 0; k < 1000; k++) indicator.update(inputs[k]!)
  }
  run(50)
  let least = Infinity
  for (let attempt = 0; attempt < 5 && least >= 1; attempt++) {
    memory.collect()
    const before = memory.heapUsed()
    run(1000)
    memory.collect()
    least = Math.min(least, (memory.heapUsed() - before) / 1e6)
  }
  isTrue('heap growth per update over 1e6 updates', least < 1, 'less than 1 byte', least)
}
