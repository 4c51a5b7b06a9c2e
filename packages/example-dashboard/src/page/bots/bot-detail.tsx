import type { BotChart, BotState, FillRecord } from '@millrace/core'
import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import { reasonOf, send } from '../api.ts'
import { idOf } from '../data.ts'
import { shortTime } from '../format.ts'
import { Moment } from '../icon.tsx'
import { Num, SourcesContext } from '../number.tsx'
import { Loading } from '../panels/loading.tsx'
import { RoundTrips } from '../panels/round-trips.tsx'
import { useResource } from '../use-resource.ts'
import { CandleChart } from './candle-chart.tsx'
import { Explorer } from './explorer.tsx'
import { Reasons } from './reasons.tsx'

interface DetailProps {
  readonly bot: BotState
  readonly nowMs: number
  readonly currency: string
  readonly close: () => void
}

/** Everything about one bot. */
export function BotDetail({ bot, nowMs, currency, close }: DetailProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const trips = useContext(SourcesContext)?.trips
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="detail" aria-labelledby="detail-title" onClose={close}>
      <header class="card-head">
        <h2 id="detail-title">{`${bot.instrument} · ${bot.id}`}</h2>
        <button type="button" class="button button-quiet" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      <LifeCycle bot={bot} />
      <Chart bot={bot} />
      <div class="columns">
        <Tranches bot={bot} nowMs={nowMs} currency={currency} />
        <section>
          <h3>Now</h3>
          <Reasons bot={bot} nowMs={nowMs} currency={currency} />
        </section>
        <Explorer id={bot.id} nowMs={nowMs} currency={currency} />
        <Settings id={bot.id} />
      </div>
      <h3>Round trips</h3>
      <RoundTrips trips={(trips?.items ?? []).filter(({ botId }) => botId === bot.id)} nowMs={nowMs} />
    </dialog>
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
  const fills = useResource<FillPage>('/fills?limit=500', 60_000, bot.lastFill?.fillId)
  if (chart.value === undefined) return <Loading failure={chart.failure} />
  return <CandleChart chart={chart.value} fills={(fills.value?.items ?? []).filter(({ botId }) => botId === bot.id)} />
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
          <thead>
            <tr>
              {['No.', 'Opened', 'Price', 'Quantity', 'Cost', 'Fees'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tranches.map(({ trancheId, number, openedAtMs }) => (
              <tr key={trancheId}>
                <td>{number}</td>
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

interface Config {
  readonly hash: string
  readonly config: { readonly defaults?: unknown; readonly bots?: readonly { readonly id?: string }[] }
}

/** The bot's part of the configuration in force, as the journal has it. */
function Settings({ id }: { id: string }) {
  const { value, failure } = useResource<Config>('/config', 300_000)
  if (value === undefined) return <Loading failure={failure} />
  const own = value.config.bots?.find((bot) => bot.id === id)
  return (
    <section>
      <h3>Settings in force</h3>
      <details>
        <summary>{`Configuration ${value.hash.slice(0, 12)}`}</summary>
        <pre class="settings">
          {JSON.stringify(
            own === undefined ? value.config : { ...(value.config.defaults === undefined ? {} : { defaults: value.config.defaults }), ...own },
            undefined,
            2,
          )}
        </pre>
      </details>
    </section>
  )
}
