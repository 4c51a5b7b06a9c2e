import type { EngineState, FillRecord } from '@millrace/core'
import { ColumnHeads } from '../column-heads.tsx'
import { idOf } from '../data.ts'
import { shortTime, words } from '../format.ts'
import { Moment } from '../icon.tsx'
import { Num } from '../number.tsx'

const columns = ['Time', 'Bot', 'Side', 'Quantity', 'Price', 'Fee', 'P&L', 'Why'] as const

/** The last fills, newest first. */
export function Fills({ state }: { state: EngineState }) {
  const decimals = new Map(state.bots.map((bot) => [bot.instrument, bot.priceDecimals]))
  return (
    <section aria-labelledby="fills-title" class="panel">
      <div class="panel-head">
        <h2 id="fills-title">Last fills</h2>
        <a class="download" href="/api/v1/fills.csv" download>
          All as CSV
        </a>
      </div>
      <div id="fills" class="scrolls" role="region" aria-labelledby="fills-title" tabIndex={0}>
        {state.lastFills.length === 0 ? (
          <p class="empty">No fills yet.</p>
        ) : (
          <table class="fills">
            <ColumnHeads names={columns} />
            <tbody>
              {state.lastFills.map((fill) => (
                <FillRow key={fill.fillId} fill={fill} nowMs={state.nowMs} decimals={decimals.get(fill.instrument) ?? 0} />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </section>
  )
}

function FillRow({ fill, nowMs, decimals }: { fill: FillRecord; nowMs: number; decimals: number }) {
  const of = `state/lastFills/${String(idOf(fill.fillId))}`
  return (
    <tr data-fill={fill.fillId}>
      <td class="when">
        <Moment ms={fill.atMs} text={shortTime(fill.atMs, nowMs)} />
      </td>
      <td>{fill.botId}</td>
      <td>
        <span class={`side side-${fill.side}`}>{fill.side.toUpperCase()}</span>
      </td>
      <td class="number" data-name="Quantity">
        <Num of={`${of}/quantity`} as="quantity" />
      </td>
      <td class="number" data-name="Price">
        <Num of={`${of}/price`} as={`price:${decimals}`} />
      </td>
      <td class="number" data-name="Fee">
        <Num of={`${of}/feeAmount`} as="fee" /> {fill.feeCurrency}
      </td>
      <td class="number" data-name="P&L">
        {fill.side === 'sell' ? <Num of={`${of}/realizedPnl`} as="signed" coloured /> : '–'}
      </td>
      <td class="why">{words(fill.source)}</td>
    </tr>
  )
}
