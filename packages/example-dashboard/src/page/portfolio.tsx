import type { EngineState } from '@millrace/core'
import type { ComponentChildren } from 'preact'
import { useContext } from 'preact/hooks'
import { EquityChart } from './equity-chart.tsx'
import type { Portfolio } from './data.ts'
import { dateTime, shortTime } from './format.ts'
import { Moment } from './icon.tsx'
import { Num, SourcesContext } from './number.tsx'
import type { NumberFormat } from './written.ts'

interface FigureProps {
  readonly name: string
  readonly of: string
  readonly as?: NumberFormat
  readonly coloured?: boolean
  readonly children: ComponentChildren
}

function Figure({ name, of, as = 'amount', coloured = false, children }: FigureProps) {
  return (
    <div class="figure">
      <dt data-words="label">{name}</dt>
      <dd class="figure-value live">
        <Num of={of} as={as} coloured={coloured} />
      </dd>
      <dd class="figure-note">{children}</dd>
    </div>
  )
}

/** What the account is worth and what came of it. Everything is net of fees. */
export function PortfolioPanel({ state }: { state: EngineState }) {
  const sources = useContext(SourcesContext)
  return (
    <section aria-labelledby="portfolio-title" class="panel portfolio">
      <div class="panel-head">
        <h2 id="portfolio-title">Portfolio</h2>
        <Market market={state.market} />
      </div>
      <div class="portfolio-body">
        <dl id="figures" class="figures">
          <Figure name="Portfolio value" of="state/equity">
            {state.quoteCurrency}, cash and coins
          </Figure>
          <Figure name="Today, after fees" of="portfolio/today/gain" as="signed" coloured>
            {sources?.portfolio?.today === undefined ? 'no valuation yet' : <TodayNote portfolio={sources.portfolio} trades={state.today.trades} />}
          </Figure>
          <Figure name="Last 24 h" of="portfolio/lastDay/gain" as="signed" coloured>
            <Num of="portfolio/lastDay/returnPercent" as="signed-percent" />
          </Figure>
          <Figure name="Cash" of="state/cash/total">
            <Num of="state/cash/available" as="amount" /> free, <Num of="state/cash/reserved" as="amount" /> reserved
          </Figure>
          <Figure name="Coins" of="state/coins">
            at the last price
          </Figure>
          <Figure name="Unrealised P&L" of="state/unrealizedPnl" as="signed" coloured>
            of what is held
          </Figure>
          <Figure name="Realised P&L" of="state/realizedPnl" as="signed" coloured>
            net of fees
          </Figure>
          <Figure name="Fees paid" of="state/fees">
            inside P&L
          </Figure>
          <Figure name="Max drawdown" of="state/maxDrawdown">
            from a peak
          </Figure>
          <Figure name="Loss of the day" of="state/today/loss">
            as its limit counts it; worst <Num of="state/today/peakLoss" as="amount" />
          </Figure>
        </dl>
        <EquityChart points={sources?.equity?.points} now={sources?.portfolio} currency={state.quoteCurrency} />
      </div>
    </section>
  )
}

/** Where prices come from, in a line; the rest of it when somebody wants to know. */
function Market({ market: { text, notes } }: { market: EngineState['market'] }) {
  return (
    <details id="market" class="market" data-words="market">
      <summary>{[text, ...notes.slice(0, 1)].join(' · ')}</summary>
      <ul>
        {notes.slice(1).map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </details>
  )
}

/** Of which span: the account goes on between two answers of the server. */
const TodayNote = ({ portfolio: { today, atMs }, trades }: { portfolio: Portfolio; trades: number }) => (
  <>
    <Moment ms={today!.fromMs} text={shortTime(today!.fromMs, atMs)} /> to <Moment ms={atMs} text={dateTime(atMs).slice(11)} /> UTC,{' '}
    <Num of="state/today/trades" as="count" /> {trades === 1 ? 'entry' : 'entries'}
  </>
)
