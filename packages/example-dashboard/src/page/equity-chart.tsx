import type { EquityPoint } from '@millrace/core'
import { LineSeries, createChart } from 'lightweight-charts'
import type { ISeriesApi, UTCTimestamp } from 'lightweight-charts'
import { useEffect, useRef } from 'preact/hooks'
import { chartStyle, colour, seconds } from './chart-style.ts'
import { dateTime } from './format.ts'
import { Moment } from './icon.tsx'
import { Num } from './number.tsx'
import { useTheme } from './theme.ts'

/** Points as the chart takes them: ordered, one a second; what stands in between is a line and no data. */
const lineOf = (points: readonly { readonly atMs: number; readonly equity: string }[]) => {
  const bySecond = new Map(points.map(({ atMs, equity }) => [seconds(atMs), Number(equity)]))
  return [...bySecond].map(([time, value]) => ({ time: time as UTCTimestamp, value }))
}

interface EquityChartProps {
  readonly points: readonly EquityPoint[] | undefined
  /** What the account is worth at the moment of the figures beside the curve. */
  readonly now: { readonly atMs: number; readonly equity: string } | undefined
  readonly currency: string
}

/** The equity curve: valuations of the ledger, up to that of this moment, and nothing else. */
export function EquityChart({ points, now, currency }: EquityChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const series = useRef<ISeriesApi<'Line'>>(undefined)
  const fit = useRef<() => void>(undefined)
  const theme = useTheme()
  useEffect(() => {
    const chart = createChart(place.current!, chartStyle())
    // All of it stays in sight when a window gets smaller or a phone is turned.
    chart.timeScale().applyOptions({ lockVisibleTimeRangeOnResize: true })
    series.current = chart.addSeries(LineSeries, { color: colour('accent'), lineWidth: 2, priceLineVisible: false })
    fit.current = () => chart.timeScale().fitContent()
    return () => chart.remove()
  }, [theme])
  const [first, last] = [points?.[0], points?.at(-1)]
  const later = now !== undefined && last !== undefined && now.atMs > last.atMs ? now : undefined
  // The last point of a curve is of when it was asked for: a later one takes its place.
  const line = later === undefined ? (points ?? []) : [...points!.slice(0, Math.max(1, points!.length - 1)), later]
  const shown = line.map(({ atMs, equity }) => `${atMs} ${equity}`).join()
  useEffect(() => {
    series.current?.setData(lineOf(line))
    fit.current?.()
  }, [shown, theme])
  return (
    <figure class="equity" data-points={points?.length ?? 0}>
      <div ref={place} class="equity-chart" aria-hidden="true" />
      <figcaption class="note">
        {first === undefined || last === undefined ? (
          'The equity curve begins with the first valuation.'
        ) : (
          <>
            Equity: <Num of="equity/points" as="length" /> valuations of the ledger, <Num of="equity/points/0/equity" as="amount" /> at{' '}
            <Moment ms={first.atMs} text={dateTime(first.atMs).slice(5, 16)} /> to{' '}
            <Num of={later === undefined ? `equity/points/${points!.length - 1}/equity` : 'portfolio/equity'} as="amount" /> {currency} at{' '}
            <Moment ms={(later ?? last).atMs} text={dateTime((later ?? last).atMs).slice(5)} /> UTC.
          </>
        )}
      </figcaption>
    </figure>
  )
}
