import type { EngineState } from '@millrace/core'
import { useState } from 'preact/hooks'
import { dateTime, duration } from './format.ts'
import type { Link, Live } from './live.ts'
import { chooseTheme, chosenTheme } from './theme.ts'
import type { Theme } from './theme.ts'

const why: Readonly<Record<Link, string>> = {
  connecting: '',
  live: '',
  polling: '',
  silent: 'The engine is silent.',
  lost: 'The connection is lost and is being tried again.',
  ended: 'The run has ended.',
}

/** Says how far the numbers can be trusted. They are never carried forward: they stay as the engine gave them, with their age. */
export function Silence({ live: { state, link, silentMs } }: { live: Live }) {
  return (
    <p id="silence" class="banner banner-warn">
      {`${why[link]} All numbers are as of ${dateTime(state!.nowMs)} UTC, ${duration(silentMs)} ago.`}
    </p>
  )
}

/** What stands in everybody's way: entries off, tripped breakers, and orders nobody knows the outcome of. */
export function StateBanners({ state }: { state: EngineState | undefined }) {
  if (state === undefined) return null
  const unknown = state.bots.filter(({ workingOrder }) => workingOrder?.state === 'unknown')
  return (
    <>
      {state.tradingState === 'reducing' && (
        <p id="reducing" class="banner banner-warn" role="status">
          {`Entries off, exits on. ${state.tradingStateReason ?? ''}`}
        </p>
      )}
      {unknown.length > 0 && (
        <p id="unknown-orders" class="banner banner-bad" role="alert">
          {`Outcome unknown: ${unknown.map(({ id, workingOrder }) => `${id} ${workingOrder!.side} ${workingOrder!.clientOrderId}`).join(', ')}. The engine asks the venue; no entries on these instruments meanwhile.`}
        </p>
      )}
    </>
  )
}

const themes: readonly Theme[] = ['system', 'light', 'dark']

export function Footer() {
  const [theme, setTheme] = useState(chosenTheme)
  const choose = (next: Theme): void => {
    chooseTheme(next)
    setTheme(next)
  }
  return (
    <footer>
      <p data-words="page">
        All times are UTC. Scores run from −1 (sell) to +1 (buy). Prices of a simulated market are not real prices, and results on paper are not returns. Charts
        by{' '}
        <a href="https://www.tradingview.com/" rel="noreferrer">
          TradingView Lightweight Charts
        </a>
        .
      </p>
      <label class="choice">
        <span>Colours</span>
        <select value={theme} onChange={(event) => choose(event.currentTarget.value as Theme)}>
          {themes.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
    </footer>
  )
}
