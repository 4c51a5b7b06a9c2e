import type { BotState, EngineState } from '@millrace/core'
import { useState } from 'preact/hooks'
import { Icon } from '../icon.tsx'
import { Num } from '../number.tsx'
import { primaryOf } from './reasons.tsx'
import { botName } from './bot-words.ts'
import { nearest } from './nearest.ts'

/** More bots than this are shown when somebody opens the list. */
const openUpTo = 24

/** Every bot on a line with the one reason that holds it back, the nearest to a trade first. */
export function Glance({ state, open }: { state: EngineState; open: (id: string) => void }) {
  const [shown, setShown] = useState<boolean | undefined>()
  const bots = nearest(state.bots)
  return (
    <details class="panel glance" open={shown ?? bots.length <= openUpTo} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>
        <h3>At a glance</h3>{' '}
        <span class="note">
          {state.tradingState === 'halted'
            ? 'trading is halted: what each would wait for without that, the nearest to a trade first'
            : 'the nearest to a trade first, each with the one reason that holds it back'}
        </span>
      </summary>
      <ol>
        {bots.map((bot) => (
          <Line key={bot.id} bot={bot} name={botName(bot, bots)} nowMs={state.nowMs} currency={state.quoteCurrency} open={open} />
        ))}
      </ol>
    </details>
  )
}

interface LineProps {
  readonly bot: BotState
  readonly name: string
  readonly nowMs: number
  readonly currency: string
  readonly open: (id: string) => void
}

function Line({ bot, name, nowMs, currency, open }: LineProps) {
  const { name: reason, text, kind } = primaryOf(bot, nowMs, currency)
  const action = bot.score === undefined ? 'hold' : bot.action
  return (
    <li data-glance={bot.id}>
      <button type="button" class="glance-bot" onClick={() => open(bot.id)} aria-label={`${name}: details of ${bot.id}`} data-words="engine">
        {name}
      </button>
      <span class={`glance-heat temperature-${bot.temperature}`} title={bot.temperature}>
        <Icon name={bot.temperature} />
        <span class="visually-hidden">{bot.temperature}</span>
      </span>
      <span class={`glance-score action-${action}`}>
        <Num of={`state/bots/${bot.id}/score`} as="score" /> {action}
      </span>
      <span class={`glance-why glance-${kind}`} title={text} data-words="engine">
        <strong>{reason}</strong> {text}
      </span>
    </li>
  )
}
