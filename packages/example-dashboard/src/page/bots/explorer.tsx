import { fieldText } from '../field-text.ts'
import type { Decision } from '@millrace/core'
import { useState } from 'preact/hooks'
import { read, reasonOf } from '../api.ts'
import { Why } from './why.tsx'

/** Why and why not, at any time: the engine makes the decision of that moment again. */
export function Explorer({ id, nowMs, currency }: { id: string; nowMs: number; currency: string }) {
  const [answer, setAnswer] = useState<Decision | string | undefined>()
  const ask = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const text = fieldText(event, 'at')
    // The field knows no zones: what is typed is UTC.
    const at = Date.parse(`${text}Z`)
    if (Number.isNaN(at)) return setAnswer('Choose a moment first.')
    setAnswer('Asking the engine …')
    setAnswer(await read<Decision>(`/bots/${encodeURIComponent(id)}/explain?at=${at}`).catch((error: unknown) => `No answer: ${reasonOf(error)}`))
  }
  return (
    <section aria-labelledby="explorer-title">
      <h3 id="explorer-title">Why did it (not) trade at …</h3>
      <form class="explorer" onSubmit={(event) => void ask(event)}>
        <label>
          Moment, UTC <input name="at" type="datetime-local" step="1" defaultValue={new Date(nowMs - 60_000).toISOString().slice(0, 19)} />
        </label>
        <button type="submit" class="button">
          Ask
        </button>
      </form>
      <div class="why-body" aria-live="polite">
        {typeof answer === 'string' ? <p>{answer}</p> : answer !== undefined && <Why decision={answer} nowMs={nowMs} currency={currency} />}
      </div>
    </section>
  )
}
