import { useContext } from 'preact/hooks'
import { ColumnHeads } from '../column-heads.tsx'
import { Num, SourcesContext } from '../number.tsx'
import { Loading } from './loading.tsx'

/** P&L by UTC day and by bot, and what the record suggests looking at. */
export function Performance({ failure }: { failure: string | undefined }) {
  const performance = useContext(SourcesContext)?.performance
  if (performance === undefined) return <Loading failure={failure} />
  const { byDay, byBot, advice } = performance
  return (
    <div class="columns">
      <PnlTable title="UTC day" of="performance/byDay" names={byDay.map(({ day }) => day).reverse()} />
      <PnlTable title="Bot" of="performance/byBot" names={byBot.map(({ botId }) => botId)} />
      <section>
        <h3>Advice</h3>
        {advice.length === 0 ? (
          <p class="empty">The record suggests nothing yet.</p>
        ) : (
          <ul class="changes">
            {advice.map(({ botId, code, finding, action }) => (
              <li key={`${botId} ${code}`}>
                <strong>{`${botId} ${code}`}</strong> {finding} <span class="needs">{action}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  )
}

function PnlTable({ title, of, names }: { title: string; of: string; names: readonly string[] }) {
  if (names.length === 0) return <p class="empty">No fills yet.</p>
  return (
    <table class="pnl">
      <ColumnHeads names={[title, 'Realised', 'Open', 'Fees', 'Fills']} />
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <td data-words="name">{name}</td>
            <td class="number" data-name="Realised">
              <Num of={`${of}/${name}/realizedPnl`} as="signed" coloured />
            </td>
            <td class="number" data-name="Open">
              <Num of={`${of}/${name}/unrealizedPnl`} as="signed" coloured />
            </td>
            <td class="number" data-name="Fees">
              <Num of={`${of}/${name}/fees`} as="amount" />
            </td>
            <td class="number" data-name="Fills">
              <Num of={`${of}/${name}/fills`} as="count" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
