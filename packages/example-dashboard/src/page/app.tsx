import type { EngineState } from '@millrace/core'
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { BotDetail } from './bots/bot-detail.tsx'
import { BotGrid } from './bots/bot-grid.tsx'
import { queryOf, viewOf } from './bots/view.ts'
import type { View } from './bots/view.ts'
import { sourcePaths } from './data.ts'
import type { CacheStats, Capacity, Portfolio, Sources } from './data.ts'
import { amount } from './format.ts'
import { Guarded } from './guarded.tsx'
import { follow } from './live.ts'
import type { Live } from './live.ts'
import { SourcesContext } from './number.tsx'
import { Alerts } from './panels/alerts.tsx'
import { Fills } from './panels/fills.tsx'
import { Tabs } from './panels/tabs.tsx'
import { PortfolioPanel } from './portfolio.tsx'
import { StatusBar } from './status-bar.tsx'
import { HaltBanner, useStop } from './stop.tsx'
import { Silence, StateBanners, Footer } from './surroundings.tsx'
import { sentenceOf } from './toast-of.ts'
import { Announcer, Toasts, useToasts } from './toasts.tsx'
import { useResource } from './use-resource.ts'

/** The page: it shows the engine's state and works nothing out. Every number is read from its source and formatted. */
export function App({ signedOut }: { signedOut: () => void }) {
  const [live, setLive] = useState<Live>({ state: undefined, link: 'connecting', silentMs: 0 })
  const [view, change] = useView()
  const { toasts, take, dismiss } = useToasts()
  const waiting = useRef<string[]>([])
  useEffect(
    () =>
      follow(
        setLive,
        (event) => {
          take(event)
          const sentence = sentenceOf(event)
          if (sentence !== undefined) waiting.current.push(sentence)
        },
        signedOut,
      ),
    [],
  )
  const { state, link } = live
  const stop = useStop(state?.tradingState)
  const sources = useSources(state)
  const old = state !== undefined && link !== 'live' && link !== 'polling'
  useEffect(() => void document.body.classList.toggle('stale', old), [old])
  useEffect(() => {
    if (state !== undefined) document.title = `${amount(state.equity)} ${state.quoteCurrency} · ${state.environment} · Millrace`
  }, [state])
  const detail = state?.bots.find(({ id }) => id === view.bot)
  return (
    <SourcesContext.Provider value={sources}>
      <StatusBar state={state} link={link} stop={stop} />
      <main>
        {old && <Silence live={live} />}
        <StateBanners state={state} />
        <HaltBanner state={state} controls={stop} />
        {state === undefined ? <p class="empty">Connecting to the engine …</p> : <Panels state={state} view={view} change={change} />}
      </main>
      <Footer />
      {detail !== undefined && state !== undefined && (
        <BotDetail
          key={detail.id}
          bot={detail}
          nowMs={state.nowMs}
          currency={state.quoteCurrency}
          environment={state.environment}
          stop={stop}
          close={() => change({ bot: '' })}
        />
      )}
      <Toasts toasts={toasts} dismiss={dismiss} />
      <Announcer waiting={waiting} />
    </SourcesContext.Provider>
  )
}

function Panels({ state, view, change }: { state: EngineState; view: View; change: (part: Partial<View>) => void }) {
  return (
    <>
      <Guarded name="The portfolio">
        <PortfolioPanel state={state} />
      </Guarded>
      <Guarded name="The list of bots">
        <BotGrid state={state} view={view} change={change} />
      </Guarded>
      <div class="activity">
        <Guarded name="The list of fills">
          <Fills state={state} />
        </Guarded>
        <Guarded name="The list of alerts">
          <Alerts state={state} />
        </Guarded>
      </div>
      <Guarded name="What happened">
        <Tabs state={state} />
      </Guarded>
    </>
  )
}

/** The view stands in the address: it can be kept, sent and gone back to. */
function useView(): readonly [View, (part: Partial<View>) => void] {
  const [view, setView] = useState(() => viewOf(location.search))
  useEffect(() => {
    const back = (): void => setView(viewOf(location.search))
    addEventListener('popstate', back)
    return () => removeEventListener('popstate', back)
  }, [])
  const change = useCallback((part: Partial<View>) => {
    const next = { ...viewOf(location.search), ...part }
    const address = location.pathname + queryOf(next)
    // Opening a bot is a step to go back from; a filter is not.
    if (part.bot === undefined || part.bot === '') history.replaceState(undefined, '', address)
    else history.pushState(undefined, '', address)
    setView(next)
  }, [])
  return [view, change]
}

/** Everything that numbers are read from. What follows from fills is read again after each. */
function useSources(state: EngineState | undefined): Sources {
  const fill = state?.lastFills[0]?.fillId
  const from = <K extends keyof Sources>(name: K): string | undefined => (state === undefined ? undefined : sourcePaths[name])
  return {
    state,
    // What today came to, from the same moment as the value beside it, or nearly.
    portfolio: useResource<Portfolio>(from('portfolio'), 5_000, `${state?.equity} ${fill}`, 1_000).value,
    equity: useResource<NonNullable<Sources['equity']>>(from('equity'), 15_000, fill).value,
    capacity: useResource<{ readonly items: readonly Capacity[] }>(from('capacity'), 10_000, fill).value,
    performance: useResource<NonNullable<Sources['performance']>>(from('performance'), 15_000, fill).value,
    trips: useResource<NonNullable<Sources['trips']>>(from('trips'), 60_000, fill).value,
    cache: useResource<CacheStats>(from('cache'), 10_000).value,
  }
}
