import type { BotChart, FillRecord } from '@millrace/core'
import { CandlestickSeries, LineSeries, createChart, createSeriesMarkers } from 'lightweight-charts'
import type { IChartApi, SeriesMarker, UTCTimestamp } from 'lightweight-charts'
import { useEffect, useRef } from 'preact/hooks'
import { chartStyle, colour, seconds } from '../chart-style.ts'
import { words } from '../format.ts'
import { useTheme } from '../theme.ts'
import { linesOf } from './panes.ts'
import type { ChartLine } from './panes.ts'

const time = (ms: number): UTCTimestamp => seconds(ms) as UTCTimestamp
/** Candles that are in sight at first. */
const shownCandles = 240
const lineColours = ['accent', 'warm', 'cool', 'hot'] as const
const lineColour = (place: number): string => lineColours[place % lineColours.length]!

const markersOf = (fills: readonly FillRecord[], { candles, timeframeMs }: BotChart): SeriesMarker<UTCTimestamp>[] => {
  const [first, last] = [candles[0]?.openTimeMs, candles.at(-1)?.openTimeMs]
  if (first === undefined || last === undefined) return []
  return fills
    .filter(({ atMs }) => atMs >= first && atMs < last + timeframeMs)
    .map(({ atMs, side, price }) => ({
      time: time(Math.floor(atMs / timeframeMs) * timeframeMs),
      position: side === 'buy' ? ('belowBar' as const) : ('aboveBar' as const),
      shape: side === 'buy' ? ('arrowUp' as const) : ('arrowDown' as const),
      color: colour(side === 'buy' ? 'good' : 'bad'),
      text: `${side} ${price}`,
    }))
    .sort((a, b) => a.time - b.time)
}

/** `macd.macd` is the macd of the macd: once will do. */
const legendOf = (name: string): string => words([...new Set(name.split('.'))].join(' '))

/** Colours begin anew in each pane, so the legend goes by pane. */
const byPane = (chart: BotChart): readonly ChartLine[] => [...linesOf(chart)].sort((a, b) => a.pane - b.pane)

function draw(api: IChartApi, chart: BotChart, fills: readonly FillRecord[]): void {
  const precision = { type: 'price', precision: chart.priceDecimals, minMove: 10 ** -chart.priceDecimals } as const
  const up = { upColor: colour('good'), borderUpColor: colour('good'), wickUpColor: colour('good') }
  const down = { downColor: colour('bad'), borderDownColor: colour('bad'), wickDownColor: colour('bad') }
  const candles = api.addSeries(CandlestickSeries, { ...up, ...down, priceFormat: precision })
  candles.setData(chart.candles.map(({ openTimeMs, open, high, low, close }) => ({ time: time(openTimeMs), open, high, low, close })))
  createSeriesMarkers(candles, markersOf(fills, chart))
  for (const { series, pane, place } of linesOf(chart)) {
    const line = api.addSeries(
      LineSeries,
      {
        color: colour(lineColour(place)),
        lineWidth: 1,
        priceLineVisible: false,
        lastValueVisible: false,
        ...(pane === 0 ? { priceFormat: precision } : {}),
      },
      pane,
    )
    // Where there is no reading the line has a gap.
    line.setData(
      chart.candles.map(({ openTimeMs }, index) => ({
        time: time(openTimeMs),
        ...(series.values[index] === undefined ? {} : { value: series.values[index] }),
      })),
    )
  }
  api.panes()[0]?.setStretchFactor(3)
  // The newest hours; the rest is a scroll away.
  api.timeScale().setVisibleLogicalRange({ from: Math.max(0, chart.candles.length - shownCandles), to: chart.candles.length })
}

/** Candles with the bot's own fills marked and its strategy's own indicators in panes. */
export function CandleChart({ chart, fills }: { chart: BotChart; fills: readonly FillRecord[] }) {
  const place = useRef<HTMLDivElement>(null)
  const theme = useTheme()
  const key = `${chart.botId} ${chart.candles.at(-1)?.openTimeMs} ${chart.candles.length} ${fills[0]?.fillId} ${theme}`
  useEffect(() => {
    const api = createChart(place.current!, chartStyle())
    draw(api, chart, fills)
    return () => api.remove()
  }, [key])
  return (
    <figure class="candles" data-candles={chart.candles.length} data-fills={markersOf(fills, chart).length}>
      <div ref={place} class="candle-chart" aria-hidden="true" />
      <figcaption class="note" data-words="engine">
        {chart.candles.length === 0
          ? 'No closed candles yet.'
          : `${chart.candles.length} closed candles of ${chart.instrument}; arrows are this bot's fills; lines are its strategy's own indicators, pane by pane from the top:`}
      </figcaption>
      <ul class="legend">
        {byPane(chart).map(({ series: { name }, pane, place }, i, lines) => (
          <li key={name} class={`line-${lineColour(place)} ${i > 0 && lines[i - 1]!.pane !== pane ? 'legend-pane' : ''}`}>
            {legendOf(name)}
          </li>
        ))}
      </ul>
    </figure>
  )
}
