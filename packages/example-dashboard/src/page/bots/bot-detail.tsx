import type { BotChart, BotState, EngineState, FillRecord } from '@millrace/core'
import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import { ColumnHeads } from '../column-heads.tsx'
import { reasonOf, send } from '../api.ts'
import { idOf } from '../data.ts'
import type { Sources } from '../data.ts'
import { shortTime } from '../format.ts'
import { Moment } from '../icon.tsx'
import { Num, SourcesContext } from '../number.tsx'
import { Loading } from '../panels/loading.tsx'
import { RoundTrips } from '../panels/round-trips.tsx'
import { StopButton } from '../stop.tsx'
import type { StopControls } from '../stop.tsx'
import { useResource } from '../use-resource.ts'
import { EditBot } from './change-bot.tsx'
import { CandleChart } from './candle-chart.tsx'
import { Explorer } from './explorer.tsx'
import { Reasons } from './reasons.tsx'

interface DetailProps {
  readonly bot: BotState
  readonly nowMs: number
  readonly currency: string
  readonly environment: EngineState['environment']
  readonly stop: StopControls
  readonly close: () => void
}

/** Everything about one bot. */
export function BotDetail({ bot, nowMs, currency, environment, stop, close }: DetailProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const inForce = useResource<InForce>('/config/bots', 300_000)
  const own = inForce.value?.bots.find(({ id }) => id === bot.id)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="detail" aria-labelledby="detail-title" onClose={close}>
      <header class="detail-head">
        <h2 id="detail-title">{`${bot.instrument} · ${bot.id}`}</h2>
        <span class={`badge badge-${environment}`}>{environment.toUpperCase()}</span>
        <button type="button" class="button button-quiet" onClick={() => dialog.current?.close()}>
          Close
        </button>
        <StopButton id="stop-here" controls={stop} />
      </header>
      {(stop.proof !== '' || stop.failure !== '') && (
        <p class="banner banner-bad" role="alert">
          {stop.failure === '' ? stop.proof : stop.failure}
        </p>
      )}
      <LifeCycle bot={bot} />
      <EditBot bot={bot} config={own?.config} done={inForce.again} />
      <Chart bot={bot} />
      <div class="columns">
        <Tranches bot={bot} nowMs={nowMs} currency={currency} />
        <section>
          <h3>Now</h3>
          <Reasons bot={bot} nowMs={nowMs} currency={currency} />
        </section>
        <Explorer id={bot.id} nowMs={nowMs} currency={currency} />
        <Settings own={own} hash={inForce.value?.hash} failure={inForce.failure} />
      </div>
      <Trips bot={bot} nowMs={nowMs} />
    </dialog>
  )
}

/** Its own last round trips, however many the others had since. */
function Trips({ bot, nowMs }: { bot: BotState; nowMs: number }) {
  const sources = useContext(SourcesContext)
  const trips = useResource<NonNullable<Sources['trips']>>(`/round-trips?limit=50&bot_id=${encodeURIComponent(bot.id)}`, 60_000, bot.lastFill?.fillId)
  return (
    <section>
      <h3>Round trips</h3>
      {trips.value === undefined ? (
        <Loading failure={trips.failure} />
      ) : (
        <SourcesContext.Provider value={sources && { ...sources, trips: trips.value }}>
          <RoundTrips trips={trips.value.items} nowMs={nowMs} />
        </SourcesContext.Provider>
      )}
    </section>
  )
}

/** Start and stop, with what they do in words. */
function LifeCycle({ bot }: { bot: BotState }) {
  const [failure, setFailure] = useState('')
  const act = async (): Promise<void> => {
    setFailure('')
    const verb = bot.paused ? 'start' : 'stop'
    await send(`/bots/${encodeURIComponent(bot.id)}/${verb}`).catch((error: unknown) => setFailure(reasonOf(error)))
  }
  return (
    <p class="life-cycle">
      <button type="button" class="button" onClick={() => void act()}>
        {bot.paused ? 'Start' : 'Pause'}
      </button>
      <span class="note">{bot.paused ? 'It may make entries again.' : 'No new entries of this bot; what it holds is still sold by its exits.'}</span>
      {failure !== '' && (
        <span class="bad" role="alert">
          {failure}
        </span>
      )}
    </p>
  )
}

interface FillPage {
  readonly items: readonly FillRecord[]
}

function Chart({ bot }: { bot: BotState }) {
  const key = `${bot.priceAtMs === undefined ? 0 : Math.floor(bot.priceAtMs / bot.timeframeMs)} ${bot.lastFill?.fillId}`
  const chart = useResource<BotChart>(`/bots/${encodeURIComponent(bot.id)}/candles`, 60_000, key)
  const fills = useResource<FillPage>(`/fills?limit=500&bot_id=${encodeURIComponent(bot.id)}`, 60_000, bot.lastFill?.fillId)
  if (chart.value === undefined) return <Loading failure={chart.failure} />
  return <CandleChart chart={chart.value} fills={fills.value?.items ?? []} />
}

function Tranches({ bot, nowMs, currency }: { bot: BotState; nowMs: number; currency: string }) {
  const { tranches } = bot.position
  const of = (id: string): string => `state/bots/${bot.id}/position/tranches/${String(idOf(id))}`
  return (
    <section>
      <h3>Tranches</h3>
      {tranches.length === 0 ? (
        <p class="empty">It holds nothing.</p>
      ) : (
        <table class="tranches">
          <ColumnHeads names={['No.', 'Opened', 'Price', 'Quantity', 'Cost', 'Fees']} />
          <tbody>
            {tranches.map(({ trancheId, openedAtMs }) => (
              <tr key={trancheId}>
                <td>
                  <Num of={`${of(trancheId)}/number`} as="count" />
                </td>
                <td>
                  <Moment ms={openedAtMs} text={shortTime(openedAtMs, nowMs)} />
                </td>
                <td class="number" data-name="Price">
                  <Num of={`${of(trancheId)}/entryPrice`} as={`price:${bot.priceDecimals}`} />
                </td>
                <td class="number" data-name="Quantity">
                  <Num of={`${of(trancheId)}/quantity`} as="quantity" />
                </td>
                <td class="number" data-name="Cost">
                  <Num of={`${of(trancheId)}/cost`} as="amount" /> {currency}
                </td>
                <td class="number" data-name="Fees">
                  <Num of={`${of(trancheId)}/fees`} as="fee" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

interface InForce {
  readonly hash: string
  readonly bots: readonly {
    readonly id: string
    readonly config: Readonly<Record<string, unknown>>
    readonly added: boolean
    readonly edited: Readonly<Record<string, unknown>>
  }[]
}

/** The bot as it is now, and what of it was changed while it ran. */
function Settings({ own, hash, failure }: { own: InForce['bots'][number] | undefined; hash: string | undefined; failure: string | undefined }) {
  if (own === undefined || hash === undefined) return <Loading failure={failure} />
  const edited = Object.keys(own.edited)
  return (
    <section>
      <h3>Settings in force</h3>
      {(own.added || edited.length > 0) && (
        <p class="note">
          {[own.added ? 'added while running' : '', edited.length > 0 ? `edited while running: ${edited.join(', ')}` : ''].filter(Boolean).join('; ')}
        </p>
      )}
      <details data-words="configuration">
        <summary>{`Configuration ${hash.slice(0, 12)}`}</summary>
        <pre class="settings">{JSON.stringify(own.config, undefined, 2)}</pre>
      </details>
    </section>
  )
}
