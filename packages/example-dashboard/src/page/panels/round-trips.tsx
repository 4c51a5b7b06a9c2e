import type { RoundTripRecord } from '@millrace/core'
import { ColumnHeads } from '../column-heads.tsx'
import { idOf } from '../data.ts'
import { shortTime, words } from '../format.ts'
import { Moment } from '../icon.tsx'
import { Num } from '../number.tsx'

const columns = ['Closed', 'Bot', 'Held', 'P&L', 'Fees', 'Return', 'Efficiency', 'Grade', 'Closed by'] as const

/** Round trips, newest first: from the first fill of a position until its bot was flat. */
export function RoundTrips({ trips, nowMs }: { trips: readonly RoundTripRecord[]; nowMs: number }) {
  if (trips.length === 0) return <p class="empty">No position has been closed yet.</p>
  return (
    <table class="trips">
      <ColumnHeads names={columns} />
      <tbody>
        {trips.map((trip) => (
          <tr key={trip.id}>
            <td>
              <Moment ms={trip.closedAtMs} text={shortTime(trip.closedAtMs, nowMs)} />
            </td>
            <td>{trip.botId}</td>
            <td>
              <Num of={`trips/items/${String(idOf(trip.id))}/holdingMs`} as="duration" />
            </td>
            <Cells trip={trip} />
            <td>
              <span class={`grade grade-${trip.grade.charAt(0).toLowerCase()}`}>{trip.grade}</span>
            </td>
            <td class="why">{words(trip.closedBy)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cells({ trip }: { trip: RoundTripRecord }) {
  const of = `trips/items/${String(idOf(trip.id))}`
  return (
    <>
      <td class="number" data-name="P&L">
        <Num of={`${of}/pnl`} as="signed" coloured />
      </td>
      <td class="number" data-name="Fees">
        <Num of={`${of}/fees`} as="fee" />
      </td>
      <td class="number" data-name="Return">
        <Num of={`${of}/returnPercent`} as="signed-percent" />
      </td>
      <td class="number" data-name="Efficiency">
        <Num of={`${of}/totalEfficiency`} as="count" />
      </td>
    </>
  )
}
