import { causeTexts } from '@millrace/core'
import type { DriftDecision, DriftReport, DriftTrade } from '@millrace/core'
import { amountText, countText, timeText } from '../text/format.ts'
import { pairs, table } from '../text/table.ts'

/** Decisions that a terminal shows. */
const SHOWN = 10

/** A drift report for people. */
export function driftText(report: DriftReport): string {
  const { quote, backtest, actual, lines, unexplained, against, notes, same, decisions, startMs, endMs } = report
  const money = (amount: string): string => `${amountText(amount)} ${quote}`
  const run = against === 'shadow' ? 'shadow' : 'run'
  const head = pairs([
    ['time', `${timeText(startMs)} to ${timeText(endMs)}`],
    ['backtest', `${money(backtest.pnl)}, ${countText(backtest.fills)} fills`],
    [run, `${money(actual.pnl)}, ${countText(actual.fills)} fills`],
    ['decisions', `${countText(same)} alike, ${countText(decisions.length)} otherwise`],
  ])
  const rows = table(
    ['cause', quote, 'P&L with it', 'decisions changed', 'what is put in'],
    [
      ['backtest', '', amountText(backtest.pnl), '', ''],
      ...lines.map(({ cause, amount, pnl, decisions: changed }) => [
        causeTexts[cause].name,
        amountText(amount),
        amountText(pnl),
        countText(changed),
        causeTexts[cause].text,
      ]),
      ['unexplained', amountText(unexplained), amountText(actual.pnl), '', 'what none of that explains'],
      ['drift', amountText(report.drift), '', '', ''],
    ],
    [1, 2, 3],
  )
  return [head, rows, ...(decisions.length === 0 ? [] : [decisionsText(decisions)]), ...(notes.length === 0 ? [] : [notes.join('\n')])].join('\n\n')
}

function decisionsText(decisions: readonly DriftDecision[]): string {
  const size = ({ total }: DriftDecision): number => Math.abs(Number(total))
  const shown = decisions.toSorted((a, b) => size(b) - size(a)).slice(0, SHOWN)
  const rows = shown.map(({ atMs, botId, side, source, backtest, actual, first, total }) => [
    timeText(atMs),
    `${botId} ${side} (${source})`,
    tradeText(backtest),
    tradeText(actual),
    first === undefined ? '' : causeTexts[first].name,
    amountText(total),
  ])
  const left = decisions.length - shown.length
  const title = left === 0 ? 'decisions that went otherwise' : `the ${SHOWN} decisions that moved most; ${countText(left)} more with --json or --html`
  return `${title}\n${table(['decided', 'what', 'backtest', 'run', 'first changed by', 'sum'], rows, [5])}`
}

const tradeText = (trade: DriftTrade | undefined): string =>
  trade === undefined ? 'none' : trade.price === undefined ? 'nothing filled' : `${trade.quantity} at ${Number(Number(trade.price).toPrecision(8))}`
