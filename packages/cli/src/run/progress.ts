import type { Output } from '../terminal.ts'
import { rateText, timeText, waitText } from '../text/format.ts'

/** How far a run has come. */
export interface ProgressPoint {
  /** Event time. */
  readonly nowMs: number
  /** Closed candles times the bots that stepped them, so far. */
  readonly candleBots: number
}

/** First and last moment of the market; the last one absent when it never ends. */
export interface Span {
  readonly fromMs?: number
  readonly toMs?: number
}

/** One line of progress: event time, share, rate, time left (by the share of event time done; none without an end). */
export function progressLine(point: ProgressPoint, span: Span, elapsedMs: number): string {
  const rate = elapsedMs > 0 ? `${rateText((point.candleBots * 1000) / elapsedMs)} candle-bots/s` : ''
  const parts = [timeText(point.nowMs)]
  if (span.fromMs !== undefined && span.toMs !== undefined && span.toMs > span.fromMs) {
    const share = Math.min(1, Math.max(0, (point.nowMs - span.fromMs) / (span.toMs - span.fromMs)))
    parts.push(`${(share * 100).toFixed(0).padStart(3)} %`, rate, share > 0 ? `${waitText((elapsedMs * (1 - share)) / share)} left` : '')
  } else {
    parts.push(rate)
  }
  return parts.filter((part) => part !== '').join('  ')
}

/** One line of the progress of a backtest, which knows itself how far it is. */
const shareLine = ({ nowMs, share, candleBotsPerSecond, leftMs }: SharePoint): string =>
  [timeText(nowMs), `${(share * 100).toFixed(0).padStart(3)} %`, `${rateText(candleBotsPerSecond)} candle-bots/s`, `${waitText(leftMs)} left`].join('  ')

/** How far a backtest has come. */
interface SharePoint {
  /** Event time. */
  readonly nowMs: number
  /** 0 to 1. */
  readonly share: number
  readonly candleBotsPerSecond: number
  readonly leftMs: number
}

export interface Progress {
  /** At most one line a second comes of it. */
  report(point: ProgressPoint): void
  /** The same of a backtest. */
  show(point: SharePoint): void
  /** The same of work that only counts. */
  count(lineOf: () => string): void
  /** Ends a line that is redrawn in place. */
  end(): void
}

/** Shows progress on stderr: redrawn in place where a person looks, a line a second in a pipe. */
export function showProgress(to: Output, span: Span, nowMs: () => number = () => performance.now()): Progress {
  const startedMs = nowMs()
  let lastMs = startedMs
  let drawn = false
  const draw = (lineOf: () => string): void => {
    if (nowMs() - lastMs < 1000) return
    lastMs = nowMs()
    const line = lineOf()
    if (to.isTty) to.write(`\r${line.slice(0, to.columns - 1).padEnd(to.columns - 1)}`)
    else to.write(`${line}\n`)
    drawn = to.isTty
  }
  return {
    report: (point) => draw(() => progressLine(point, span, lastMs - startedMs)),
    show: (point) => draw(() => shareLine(point)),
    count: draw,
    end() {
      if (drawn) to.write('\n')
      drawn = false
    },
  }
}
