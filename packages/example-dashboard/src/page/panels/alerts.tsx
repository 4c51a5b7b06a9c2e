import type { Alert, EngineState } from '@millrace/core'
import { shortTime } from '../format.ts'
import { Icon, Moment } from '../icon.tsx'

const icons = { info: 'ok', warning: 'alert', critical: 'block' } as const

/** What a person should know, newest first. */
export function Alerts({ state }: { state: EngineState }) {
  return (
    <section aria-labelledby="alerts-title" class="panel">
      <h2 id="alerts-title">Alerts</h2>
      <div id="alerts" class="scrolls" role="region" aria-labelledby="alerts-title" tabIndex={0}>
        {state.alerts.length === 0 ? (
          <p class="empty">No alerts.</p>
        ) : (
          <ul class="alerts">
            {state.alerts.map((alert, index) => (
              <Item key={`${alert.atMs} ${alert.code} ${alert.botId} ${index}`} alert={alert} nowMs={state.nowMs} />
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

function Item({ alert, nowMs }: { alert: Alert; nowMs: number }) {
  return (
    <li class={`alert alert-${alert.severity}`}>
      <Icon name={icons[alert.severity]} />
      <div>
        <p class="alert-head">
          <span class="severity">{alert.severity}</span>
          <strong>{alert.code}</strong>
          {alert.botId !== undefined && <span class="tag">{alert.botId}</span>}
          <Moment ms={alert.atMs} text={shortTime(alert.atMs, nowMs)} />
        </p>
        <p data-words="engine">{alert.detail}</p>
      </div>
    </li>
  )
}
