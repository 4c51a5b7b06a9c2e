import { useContext } from 'preact/hooks'
import type { ServiceStatus } from '../data.ts'
import { Icon } from '../icon.tsx'
import { Num, SourcesContext } from '../number.tsx'
import { useResource } from '../use-resource.ts'
import { Loading } from './loading.tsx'

const icons = { ok: 'ok', warning: 'alert', bad: 'block' } as const

/** The health of every part, and what the cache of market data has saved. */
export function Health() {
  const { value, failure } = useResource<ServiceStatus>('/status', 10_000)
  if (value === undefined) return <Loading failure={failure} />
  return (
    <div class="columns">
      <table class="parts">
        <tbody>
          {value.parts.map(({ part, status, detail }) => (
            <tr key={part} class={`part-${status}`}>
              <th scope="row">{part}</th>
              <td>
                <span class="part-status">
                  <Icon name={icons[status]} />
                  {status}
                </span>
              </td>
              <td class="why" data-words="server">
                {detail}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Cache />
    </div>
  )
}

const rows = [
  ['Reads saved', 'hitRate', 'percent'],
  ['Reads', 'requests', 'count'],
  ['Hits', 'hits', 'count'],
  ['Shared with a read under way', 'coalesced', 'count'],
  ['Misses', 'misses', 'count'],
  ['Evictions', 'evictions', 'count'],
  ['Kept now', 'size', 'count'],
  ['Calls in the last minute', 'callsLastMinute', 'count'],
  ['Refused by the venue', 'refusals', 'count'],
] as const

function Cache() {
  const cache = useContext(SourcesContext)?.cache
  return (
    <section>
      <h3>Market-data cache</h3>
      {cache?.stats === undefined ? (
        <p class="empty">{cache === undefined ? 'Reading …' : 'None: prices of this market are simulated or recorded.'}</p>
      ) : (
        <dl class="facts">
          {rows.map(([name, member, as]) => (
            <div key={member}>
              <dt>{name}</dt>
              <dd>
                <Num of={`cache/stats/${member}`} as={as} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}
