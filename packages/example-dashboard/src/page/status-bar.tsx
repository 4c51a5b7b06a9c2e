import type { BotState, EngineState } from '@millrace/core'
import { dateTime } from './format.ts'
import { Icon } from './icon.tsx'
import type { Link } from './live.ts'
import { Num } from './number.tsx'
import { StopButton } from './stop.tsx'
import type { StopControls } from './stop.tsx'

const tradingTexts = { active: 'Trading', reducing: 'Entries off, exits on', halted: 'Halted' } as const
const tradingTones = { active: 'good', reducing: 'warn', halted: 'bad' } as const
const environmentWords = { paper: 'no real money', backtest: 'no real money', live: 'real money' } as const
const links: Readonly<Record<Link, readonly [text: string, tone: string]>> = {
  connecting: ['Connecting', 'wait'],
  live: ['Connected', 'good'],
  polling: ['Every 5 s', 'warn'],
  silent: ['Silent', 'warn'],
  lost: ['Reconnecting', 'bad'],
  ended: ['Ended', 'bad'],
}

/** The bot with the oldest price; undefined while one has none. */
const oldest = (bots: readonly BotState[]): BotState | undefined =>
  bots.some(({ priceAgeMs }) => priceAgeMs === undefined)
    ? undefined
    : bots.reduce<BotState | undefined>((old, bot) => (old !== undefined && old.priceAgeMs! >= bot.priceAgeMs! ? old : bot), undefined)

/** What the run is, whether it trades, its own time, and the emergency stop. */
export function StatusBar({ state, link, stop }: { state: EngineState | undefined; link: Link; stop: StopControls }) {
  const [text, tone] = links[link]
  return (
    <header class="bar">
      <div class="bar-inner">
        <h1 class="brand">
          <Icon name="mill" />
          Millrace
        </h1>
        {state !== undefined && <Chips state={state} />}
        <p class="link">
          {state !== undefined && (
            <time id="clock" class="clock" dateTime={new Date(state.nowMs).toISOString()}>
              {dateTime(state.nowMs)} UTC
            </time>
          )}
          <span id="link" class={`chip chip-${tone}`} role="status">
            {text}
          </span>
        </p>
        <div class="stop">
          <StopButton controls={stop} />
        </div>
      </div>
    </header>
  )
}

function Chips({ state }: { state: EngineState }) {
  const old = oldest(state.bots)
  return (
    <div class="chips">
      <span id="environment" class={`badge badge-${state.environment}`}>
        {state.environment.toUpperCase()}
      </span>
      <span class="environment-words">{environmentWords[state.environment]}</span>
      <span id="market-id" class="badge badge-plain">
        {state.market.id.toUpperCase()}
      </span>
      <span id="trading" class={`chip chip-${tradingTones[state.tradingState]}`}>
        {tradingTexts[state.tradingState]}
      </span>
      <span id="counts" class="clock">
        {state.tradingState === 'halted' ? (
          <>
            all <Num of="state/bots" as="length" /> bots held
          </>
        ) : (
          <>
            <Num of="state/bots" as="running" /> of <Num of="state/bots" as="length" /> running
          </>
        )}{' '}
        · <Num of="state/bots" as="hot" /> hot ·{' '}
        {old === undefined ? (
          'not all have a price'
        ) : (
          <>
            oldest price <Num of={`state/bots/${old.id}/priceAgeMs`} as="duration" />
          </>
        )}
      </span>
    </div>
  )
}
