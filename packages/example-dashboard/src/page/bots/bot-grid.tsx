import type { EngineState } from '@millrace/core'
import { useContext, useState } from 'preact/hooks'
import { reasonOf, send } from '../api.ts'
import { shortTime } from '../format.ts'
import { Num, SourcesContext } from '../number.tsx'
import { useResource } from '../use-resource.ts'
import { BotCard } from './bot-card.tsx'
import { botName } from './bot-words.ts'
import { AddBot } from './change-bot.tsx'
import { Glance } from './glance.tsx'
import { confirming } from './nearest.ts'
import { Toolbar } from './toolbar.tsx'
import { arranged, isFiltered } from './view.ts'
import type { View } from './view.ts'

interface Prices {
  readonly items: readonly { readonly botId: string; readonly points: readonly { readonly atMs: number; readonly price: number }[] }[]
}

const nobody: Readonly<Record<EngineState['tradingState'], string>> = {
  active: 'no bot is confirming a trade that could leave.',
  reducing: 'no bot is confirming a sale; entries are off.',
  halted: 'nothing. Trading is halted, whatever a bot confirms.',
}

/** The bot whose trade is the next that could leave. */
function Next({ state }: { state: EngineState }) {
  const [first, ...others] = confirming(state)
  return (
    <p id="next" class="next" data-words="engine">
      <strong>Next: </strong>
      {first === undefined
        ? nobody[state.tradingState]
        : `${botName(first.bot, state.bots)} ${first.bot.confirmation.side}s at ${shortTime(first.untilMs, state.nowMs)} UTC if its signal holds${others.length > 0 ? `; ${others.length} more confirming` : ''}.`}
    </p>
  )
}

/** Entries of all bots off and on again, with what that means. */
function PauseAll({ tradingState }: { tradingState: EngineState['tradingState'] }) {
  const [failure, setFailure] = useState('')
  const ask = (path: '/pause' | '/resume'): void => {
    setFailure('')
    send(path).catch((error: unknown) => setFailure(reasonOf(error)))
  }
  // Halted is left by re-arming only.
  if (tradingState === 'halted') return null
  return (
    <p class="pause-all">
      {tradingState === 'active' ? (
        <button type="button" class="why-button" onClick={() => ask('/pause')}>
          Pause all
        </button>
      ) : (
        <button type="button" class="why-button" onClick={() => ask('/resume')}>
          Resume
        </button>
      )}
      <span class="note">{tradingState === 'active' ? 'turns new entries off; exits stay on' : 'ends a pause; limits that were reached stay in force'}</span>
      {failure !== '' && (
        <span class="bad" role="alert">
          {failure}
        </span>
      )}
    </p>
  )
}

/** Who has no cash for another entry, said before anybody wonders. */
function CashWarning() {
  const short = useContext(SourcesContext)?.capacity?.items.filter(({ byCash }) => byCash === 0) ?? []
  if (short.length === 0) return null
  return (
    <p id="cash-warning" class="banner banner-warn" role="status">
      {`Not enough cash for another entry: ${short.map(({ botId }) => botId).join(', ')}.`}
    </p>
  )
}

/** All bots, as the view wants them. */
export function BotGrid({ state, view, change }: { state: EngineState; view: View; change: (part: Partial<View>) => void }) {
  const prices = useResource<Prices>('/bots/prices', 10_000).value
  const capacity = useContext(SourcesContext)?.capacity
  const shown = arranged(view, state.bots)
  const count = shown.reduce((sum, { bots }) => sum + bots.length, 0)
  return (
    <section aria-labelledby="bots-title">
      <div class="section-head">
        <h2 id="bots-title">Bots</h2>
        <p id="bots-note" class="note" role="status" data-words={isFiltered(view) ? 'filter' : undefined}>
          {isFiltered(view) ? `${count} of ` : ''}
          <Num of="state/bots" as="length" />
        </p>
        <AddBot />
        <PauseAll tradingState={state.tradingState} />
      </div>
      <CashWarning />
      <Next state={state} />
      {state.bots.length > 0 && <Glance state={state} open={(id) => change({ bot: id })} />}
      <Toolbar view={view} change={change} />
      {count === 0 && <p class="empty">{state.bots.length === 0 ? 'This run has no bots.' : 'No bot fits these filters.'}</p>}
      {shown.map(({ title, bots }, index) => (
        <div key={title}>
          {title !== '' && <h3 class="group-title" data-words="filter">{`${title} (${bots.length})`}</h3>}
          <div id={index === 0 ? 'bots' : undefined} class={`bots density-${view.density}`}>
            {bots.map((bot) => (
              <BotCard
                key={bot.id}
                bot={bot}
                name={botName(bot, state.bots)}
                nowMs={state.nowMs}
                currency={state.quoteCurrency}
                points={prices?.items.find(({ botId }) => botId === bot.id)?.points}
                capacity={capacity?.items.find(({ botId }) => botId === bot.id)}
                open={(id) => change({ bot: id })}
              />
            ))}
          </div>
        </div>
      ))}
    </section>
  )
}
