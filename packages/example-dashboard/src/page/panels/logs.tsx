import { useState } from 'preact/hooks'
import { dateTime } from '../format.ts'
import { useResource } from '../use-resource.ts'
import { Loading } from './loading.tsx'

interface Lines {
  readonly items: readonly { readonly seq: number; readonly atMs: number; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string }[]
}

const levels = ['debug', 'info', 'warn', 'error'] as const
const most = 200

/** The last lines of the log; the server has taken secrets out. */
export function Logs() {
  const { value, failure } = useResource<Lines>('/logs', 5_000)
  const [from, setFrom] = useState<(typeof levels)[number]>('info')
  if (value === undefined) return <Loading failure={failure} />
  const shown = value.items.filter(({ level }) => levels.indexOf(level) >= levels.indexOf(from)).slice(0, most)
  return (
    <>
      <label class="choice">
        <span>From level</span>
        <select value={from} onChange={(event) => setFrom(event.currentTarget.value as typeof from)}>
          {levels.map((level) => (
            <option key={level}>{level}</option>
          ))}
        </select>
      </label>
      <p class="note">Times of the log are those of the machine, which need not be those of the market; UTC.</p>
      {shown.length === 0 ? (
        <p class="empty">No lines yet.</p>
      ) : (
        <ol class="timeline logs">
          {shown.map(({ seq, atMs, level, message }) => (
            <li key={seq}>
              <time>{dateTime(atMs)}</time>
              <span class="tag">{level}</span>
              <span>{message}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  )
}
