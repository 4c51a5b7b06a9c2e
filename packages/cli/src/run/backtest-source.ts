import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { BotConfig, CandleSeries, Instrument, SeriesInfo } from '@millrace/core'
import { durationText, timeText } from '@millrace/core'
import { listedProducts } from '../config/possible.ts'
import { withCandles } from '../data/stored-candles.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import type { BacktestSettings } from './backtest-settings.ts'
import { isStore } from '../stored/is-store.ts'
import { counted } from '../text/format.ts'
import { openReplay } from './open-market.ts'

/** Where the candles of a backtest come from, as recorded: longer ones are made of them, and what is missing stays to be seen. */
export interface BacktestSource {
  readonly instruments: readonly Instrument[]
  readonly text: string
  /** What a person must know of the data. */
  readonly notes: readonly string[]
  readonly candles: readonly CandleSeries[]
}

/** What of a bot says which candles it needs. */
type Traded = Pick<BotConfig, 'instrument' | 'timeframeMs'>

/** What of the settings says which candles are meant. */
export type SourceSettings = Pick<BacktestSettings, 'data' | 'detailMs' | 'gapPolicy' | 'fromMs' | 'toMs'>

/** Dollar coins whose prices may stand for dollars, in order of preference. */
const dollarQuotes = ['USD', 'USDC', 'USDT']

/** Opens a folder of candle files, or a file of stored candles. */
export async function backtestSource(settings: SourceSettings, bots: readonly Traded[]): Promise<BacktestSource> {
  if (statSync(settings.data, { throwIfNoEntry: false })?.isFile() !== true) return recorded(settings, bots)
  if (!isStore(settings.data))
    throw new CliError(
      exitCodes.refused,
      `--data: expected a file of stored candles or a folder, received ${settings.data}; of a CSV file name the folder, ${dirname(settings.data)}`,
    )
  return stored(settings, bots)
}

const instrumentsOf = (bots: readonly Traded[]): readonly string[] => [...new Set(bots.map(({ instrument }) => instrument))]

async function recorded(settings: SourceSettings, bots: readonly Traded[]): Promise<BacktestSource> {
  const market = await openReplay(settings, bots, settings.detailMs)
  const { text, notes } = market.describe()
  const candles = instrumentsOf(bots).map((instrument) => market.recorded(instrument) ?? withoutData(instrument, bots))
  return { instruments: await market.instruments(), text, notes, candles }
}

function stored({ data, detailMs, gapPolicy }: SourceSettings, bots: readonly Traded[]): Promise<BacktestSource> {
  return withCandles(data, (store) => {
    const notes: string[] = []
    const list = store.list()
    const candles = instrumentsOf(bots).map((instrument) => {
      const found = chosen(list, instrument, [
        ...bots.filter((bot) => bot.instrument === instrument).map(({ timeframeMs }) => timeframeMs),
        ...(detailMs === undefined ? [] : [detailMs]),
      ])
      if (found === undefined) {
        notes.push(`${instrument} has no candles that its timeframes can be made from`)
        return withoutData(instrument, bots)
      }
      const { series, fromMs, toMs, missing, gaps } = found
      notes.push(
        `${instrument}: ${durationText(series.timeframeMs)} candles of ${series.instrument} from ${series.source}, ${timeText(fromMs)} to ${timeText(toMs)}`,
      )
      if (missing > 0) notes.push(`${instrument}: ${counted(missing, 'candle')} missing in ${counted(gaps, 'gap')}`)
      return { instrument, timeframeMs: series.timeframeMs, columns: store.read(series, fromMs, toMs), completeToMs: toMs }
    })
    if (candles.every(({ columns }) => columns.length === 0))
      throw new CliError(exitCodes.refused, `${data}: there are no candles for these bots; look with millrace data list --db ${data}`)
    return { instruments: listedProducts(bots), text: `stored candles of ${data}, gap policy ${gapPolicy}`, notes, candles }
  })
}

/** The longest candles that all timeframes can be made from, in the nearest quote currency. */
function chosen(list: readonly SeriesInfo[], instrument: string, timeframesMs: readonly number[]): SeriesInfo | undefined {
  const [base, quote] = instrument.split('-')
  const rank = ({ series }: SeriesInfo): number => (series.instrument === instrument ? -1 : dollarQuotes.indexOf(series.instrument.split('-')[1]!))
  const serves = ({ series }: SeriesInfo): boolean => {
    const [ownBase, ownQuote = ''] = series.instrument.split('-')
    return series.instrument === instrument || (ownBase === base && quote === 'USD' && dollarQuotes.includes(ownQuote))
  }
  return list
    .filter((info) => serves(info) && timeframesMs.every((ms) => ms % info.series.timeframeMs === 0))
    .sort((a, b) => b.series.timeframeMs - a.series.timeframeMs || rank(a) - rank(b) || b.rows - a.rows)[0]
}

const withoutData = (instrument: string, bots: readonly Traded[]): CandleSeries => {
  const column = new Float64Array(0)
  const columns = { length: 0, openTime: column, open: column, high: column, low: column, close: column, volume: column }
  return { instrument, timeframeMs: bots.find((bot) => bot.instrument === instrument)!.timeframeMs, columns }
}
