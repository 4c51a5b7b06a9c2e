import { catalog, type CatalogEntry, type ParamSpec } from '../src/index.ts'
import { migration } from './migration.ts'
import { picture } from './picture.ts'
import { fileOf, readDoc } from './read-docs.ts'

/** Golden files of TA-Lib that this package does not answer yet. */
export const NOT_YET = ['HT_DCPERIOD', 'HT_DCPHASE', 'HT_PHASOR', 'HT_TRENDMODE', 'MAMA', 'the 61 candlestick patterns']

const entries = Object.values(catalog) as CatalogEntry[]
const note = 'Written by `node packages/indicators/scripts/docs.ts` from the sources; do not edit.'

const bounds = (spec: ParamSpec): string =>
  spec.kind === 'choice' ? spec.choices.map((each) => `\`${String(each)}\``).join(', ') : `${spec.kind}, ${spec.min} to ${spec.max}`

const parameters = ({ about }: CatalogEntry): string => {
  const rows = Object.entries(about.params).map(([name, spec]) => `| \`${name}\` | ${bounds(spec)} | \`${String(spec.default)}\` |`)
  return rows.length === 0 ? 'None.' : ['| parameter | values | default |', '| --- | --- | --- |', ...rows].join('\n')
}

const count = (x: number): string => (Number.isFinite(x) ? String(x) : 'never')

const batchCall = ({ about }: CatalogEntry): string => {
  const parameters = readDoc(about.name).batch.map((name) => (name === 'columns' ? '{ open, high, low, close, volume }' : name))
  return `${about.name}(${parameters.join(', ')})`
}

/** What history it takes to get the value of a chart. */
const history = (entry: CatalogEntry): string => {
  const one = entry.create({})
  const [near, same] = [one.stableAfter(1e-3), one.stableAfter(1e-9)]
  if (!Number.isFinite(same)) return 'It never forgets its first candle: start with the candle that the chart starts with, or compare changes only.'
  if (same === 1) return 'It needs one candle only.'
  if (near === same) return `Any start gives the same value once ${same} candles are in (with the defaults).`
  return `It remembers its start. With the defaults, two starts agree to 1e-3 after ${near} candles and to 1e-9 after ${same}: feed that many before you compare.`
}

/** Whether what is said of TradingView is known, and from where. */
const certainty = (tradingview: string): string => {
  if (tradingview.startsWith('no built-in')) return ' So there is no standard chart to agree with.'
  if (tradingview.includes('not checked')) return ' The value of that chart is therefore **not promised**.'
  return /chart script|Channels|charts/.test(tradingview)
    ? ' That is general knowledge of its chart scripts, **not checked**.'
    : ' That is what its [reference manual](README.md#the-value-my-chart-shows) says.'
}

/** The page of one indicator. */
const page = (entry: CatalogEntry): string => {
  const { about } = entry
  const doc = readDoc(about.name)
  const one = entry.create({})
  const outputs = about.outputs.length === 1 ? 'one number' : `a record: ${about.outputs.map((name) => `\`${name}\``).join(', ')}`
  const range = about.range === undefined ? '' : `, range ${about.range.join(' to ')}`
  const levels = about.levels === undefined ? '' : `; customary levels ${about.levels.join(', ')}`
  return `# ${about.title}: \`${about.name}\`

<!-- ${note} -->

${doc.summary}

![${about.title} over a seeded random walk](pictures/${fileOf(about.name)}.svg)

## Definition

\`\`\`text
${doc.formula.replaceAll('; ', ';\n')}
\`\`\`

Source: ${doc.source}.

## Parameters

${parameters(entry)}

Every indicator also takes \`onInvalid: 'throw' | 'skip' | 'propagate'\`${about.outputs.length > 1 ? ' and `copy: true` for a fresh record per value' : ''}; see the [overview](README.md).

## Input, output, warm-up

- Reads ${about.inputs.map((name) => `\`${name}\``).join(', ')}; gives ${outputs}${range}${levels}.
- First value at index ${one.warmup} with the defaults (\`${one.id}\`).
- Flat prices: ${doc.flat}.
- Cost of an update: ${about.complexity} in the period.

\`\`\`ts
${doc.example}
\`\`\`

Batch form: \`import { ${about.name} } from '@millrace/indicators/batch'\`, then \`${batchCall(entry)}\`.

## The value your chart shows

- TradingView: ${doc.tradingview}.${certainty(doc.tradingview)}
- TA-Lib: ${doc.talib}.
- History: ${history(entry)}
- The last candle of a live chart is still forming: \`preview\` gives its value, \`update\` takes it when it has closed.
`
}

const overviewRow = ({ about, create, input }: CatalogEntry): string => {
  const one = create({})
  const read = input === 'close' ? 'numbers' : about.inputs.join(', ')
  return `| [\`${about.name}\`](${fileOf(about.name)}.md) | ${about.title} | ${read} | ${about.outputs.length === 1 ? 'number' : about.outputs.join(', ')} | \`${one.id}\` | ${one.warmup} | ${count(one.stableAfter(1e-3))} | ${about.complexity} |`
}

const overview = (): string => `# Indicators

<!-- ${note} -->

\`@millrace/indicators\` is useful alone: no dependencies, no native code. Every indicator has three forms that agree bit for bit: a streaming object, a batch function, and a generator over any iterable.

\`\`\`ts
import { each, macd, rsi } from '@millrace/indicators'
import { rsi as rsiOf } from '@millrace/indicators/batch'

const strength = rsi(2)
for (const close of [10, 11, 10]) strength.update(close)
strength.value // => 50
strength.preview(11) // => 75
strength.value // => 50

Array.from(rsiOf([10, 11, 10, 11], 2)) // => [NaN, NaN, 50, 75]
Array.from(each(rsi(2), [10, 11, 10, 11])) // => [NaN, NaN, 50, 75]
macd().describe().outputs // => ['macd', 'signal', 'histogram']
\`\`\`

## The value my chart shows

1. Feed enough history. A recursive average remembers its start: the column "agrees" below says after how many candles another start no longer matters to 1e-3 ("never": it remembers its first candle). \`indicator.stableAfter(1e-9)\` says it for any precision.
2. Where TA-Lib and TradingView start differently, the default is TradingView's and \`seed: 'talib'\` gives the other. TA-Lib was compared value by value. TradingView's own charts could not be reached: what the pages say of \`ta.*\` comes from its reference manual, and "not checked" marks what is general knowledge about its chart scripts. If a value differs there, please report it with symbol, timeframe and candle.
3. The page of each indicator says what flat prices, missing ranges and missing volume give.

## Rules for all of them

- \`warmup\` is the index of the first value. Before it every output is NaN: in \`value\`, in what \`update\` returns, and in batch arrays, which are as long as their input.
- \`update(x)\` takes the next closed candle. \`preview(x)\` says what \`update\` would return for the forming candle and changes nothing.
- Several outputs come in one record that is reused; \`copy: true\` gives a fresh one.
- \`snapshot()\` is a list of plain data that survives JSON; \`restore\` takes it back and refuses any other. \`reset()\` is as good as new.
- \`onInvalid\`: NaN, infinities and things that are no numbers never enter the state. \`throw\` (default) is a \`RangeError\` that names the input; \`skip\` repeats the last value; \`propagate\` gives NaN for that candle.
- Batch functions take any array of numbers; what is no number in it (a \`null\`, a text) is invalid input, as in \`update\`. Arrays to write into (\`out\`) are Float64Arrays, long enough and apart from what is read.
- Windows are sums over blocks, never running differences: nothing drifts, an outlier is gone after one window, a variance is never negative, and a flat price gives exactly that price. No epsilon hides small prices.
- \`describe()\` has name, parameters with bounds, outputs, pane, range and levels; \`catalog\` has all indicators by name.

## Putting them together

\`\`\`ts
import { atr, chain, cross, ema, join, macd, of, resample, rsi, sma } from '@millrace/indicators'

chain(ema(10), rsi(14)).warmup // => 23
of(macd(), 'histogram').id // => 'macd(12,26,9).histogram'
join(sma(12), sma(26), cross()).id // => 'cross() of (sma(12), sma(26))'
resample('5m', atr(14), { from: '1m' }).id // => 'atr(14) @ 5m of 1m'
\`\`\`

\`resample\` sees closed candles of the longer timeframe only. Inside a Millrace strategy leave \`from\` out: the engine says how long the bot's candles are. Your own indicator can be checked with \`indicatorContract\` from \`@millrace/indicators/testing\`.

## All indicators

"First" is the index of the first value with the defaults, "agrees" the number of inputs after which another start agrees to 1e-3.

| name | what it is | reads | gives | defaults | first | agrees | update |
| --- | --- | --- | --- | --- | --- | --- | --- |
${entries.map(overviewRow).join('\n')}

Not offered yet, though golden vectors exist: ${NOT_YET.join(', ')}.

See also: [coming from technicalindicators or trading-signals](migration.md), [speed](speed.md).
`

/** Every generated file of docs/indicators by its path in that folder. */
export const pages = (): ReadonlyMap<string, string> =>
  new Map([
    ['README.md', overview()],
    ['migration.md', migration(note)],
    ...entries.flatMap((entry): [string, string][] => [
      [`${fileOf(entry.about.name)}.md`, page(entry)],
      [`pictures/${fileOf(entry.about.name)}.svg`, picture(entry)],
    ]),
  ])
