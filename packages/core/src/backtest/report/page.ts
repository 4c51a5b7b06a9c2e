import { durationText, timeText } from '../../model/time-text.ts'
import type { BacktestRun } from '../backtest-run.ts'
import type { BacktestResult, ReportOptions } from '../backtest-result.ts'
import { botChart } from './bot-view.ts'
import type { BotChart } from './bot-view.ts'
import { candleChart } from './candle-chart.ts'
import { explorerOf, keptDecisions } from './explorer.ts'
import { embedded, escaped, grouped } from './markup.ts'
import { reportScript } from './script.ts'
import { breakdownSection, distributionSection, equitySection, heatMap, rangeSection, summarySection } from './sections.ts'
import { reportShell } from './shell.ts'

/** One file with everything in it: nothing is loaded, and its own policy forbids it. */
export function reportPage(run: BacktestRun, result: BacktestResult, { title = 'Backtest' }: ReportOptions): string {
  const { options, prepared } = run
  const shown = { fromMs: prepared.startMs, toMs: Math.min(prepared.endMs, result.statistics.endMs) }
  const charts = options.bots.map((bot) => {
    const { columns } = prepared.series.find(({ instrument, timeframeMs }) => instrument === bot.instrument && timeframeMs === bot.timeframeMs)!
    return botChart(bot, columns, shown, result.fills)
  })
  const decisions = keptDecisions(result.decisions)
  const explorers = Object.fromEntries(charts.map((chart) => [chart.botId, explorerOf(chart, decisions)]))
  const span = `${timeText(result.statistics.startMs)} to ${timeText(result.statistics.endMs)}`
  const left = result.decisions.length - decisions.length
  const body = `${summarySection(result)}
${rangeSection(result, options.gapPolicy ?? 'skip')}
${equitySection(result)}
${heatMap(result.statistics.months)}
${distributionSection(result.trades)}
${breakdownSection(result)}
<section><h2><label for="bot">Candles and decisions of</label> <select id="bot">${charts.map(({ botId }) => `<option>${escaped(botId)}</option>`).join('')}</select></h2>
${charts.map(chartPart).join('\n')}
${left > 0 ? `<p class="note">${grouped(String(left))} of ${grouped(String(result.decisions.length))} decisions without an order are not in this file.</p>` : ''}
</section>
<p class="note">A result on old prices says what would have happened to these rules then, with these fees and fills. It promises nothing.</p>`
  const data = `<script type="application/json" id="decisions">${embedded(explorers)}</script>`
  return reportShell({ title, subtitle: span, body, data, script: reportScript })
}

const chartPart = (chart: BotChart): string =>
  `<div data-part="${escaped(chart.botId)}"><p class="note">${escaped(chart.instrument)}, ${escaped(chart.strategy)}, ${durationText(chart.timeframeMs)} candles${chart.barMs === chart.timeframeMs ? '' : `, drawn as ${durationText(chart.barMs)}`}. Click a candle, or use the arrow keys, to read why.</p>${candleChart(chart)}<div class="why" aria-live="polite"></div></div>`
