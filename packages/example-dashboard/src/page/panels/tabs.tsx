import type { EngineState } from '@millrace/core'
import { useContext, useState } from 'preact/hooks'
import { SourcesContext } from '../number.tsx'
import { Health } from './health.tsx'
import { Logs } from './logs.tsx'
import { Performance } from './performance.tsx'
import { RoundTrips } from './round-trips.tsx'
import { Timeline } from './timeline.tsx'

const tabs = ['Timeline', 'Round trips', 'Performance', 'Health', 'Log'] as const

/** What is looked at now and then. */
export function Tabs({ state }: { state: EngineState }) {
  const [open, setOpen] = useState<(typeof tabs)[number]>('Timeline')
  const keys = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    const next = tabs[(tabs.indexOf(open) + step + tabs.length) % tabs.length]!
    setOpen(next)
    document.getElementById(`tab-${next}`)?.focus()
  }
  return (
    <section class="panel" aria-label="Records">
      <div class="tabs" role="tablist" aria-label="Records" onKeyDown={keys}>
        {tabs.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            class="tab"
            aria-selected={open === name}
            aria-controls="tab-panel"
            tabIndex={open === name ? 0 : -1}
            onClick={() => setOpen(name)}
          >
            {name}
          </button>
        ))}
      </div>
      <div id="tab-panel" class="scrolls" role="tabpanel" aria-labelledby={`tab-${open}`} tabIndex={0}>
        <Content name={open} state={state} />
      </div>
    </section>
  )
}

function Content({ name, state }: { name: (typeof tabs)[number]; state: EngineState }) {
  const trips = useContext(SourcesContext)?.trips
  switch (name) {
    case 'Timeline':
      return <Timeline nowMs={state.nowMs} lastSeq={state.lastSeq} />
    case 'Round trips':
      return (
        <>
          <p>
            <a class="download" href="/api/v1/round-trips.csv" download>
              All as CSV
            </a>
          </p>
          <RoundTrips trips={trips?.items ?? []} nowMs={state.nowMs} />
        </>
      )
    case 'Performance':
      return <Performance failure={undefined} />
    case 'Health':
      return <Health />
    case 'Log':
      return <Logs />
  }
}
