import type { BotChangeReport, BotState } from '@millrace/core'
import { useState } from 'preact/hooks'
import { reasonOf, send } from '../api.ts'
import { fieldText } from '../field-text.ts'
import { changeWords, durationWord, presetNames, settingsFrom, settingText } from './settings-text.ts'
import { TwoStep } from '../two-step.tsx'

/** What came of a change: a refusal, what was added, or what is another value now. */
function Outcome({ answer }: { answer: string | { readonly added: string } | readonly BotChangeReport['changes'][number][] }) {
  if (typeof answer === 'string')
    return answer === '' ? null : (
      <p class="bad change-refused" role="alert">
        {answer}
      </p>
    )
  if ('added' in answer)
    return (
      <p class="change-done" role="status">
        {answer.added}
      </p>
    )
  return (
    <div class="change-done" role="status">
      <p>{answer.length === 0 ? 'Nothing is another value now.' : 'Written down; it holds from the next candle on:'}</p>
      <ul>
        {answer.map((change) => {
          const { name, text } = changeWords(change)
          return (
            <li key={change.path}>
              <strong>{name}</strong>: {text}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

type Answer = Parameters<typeof Outcome>[0]['answer']

/** Sends settings; a refusal comes back in the engine's words, path by path. */
const asked = (path: string, method: string, body?: Readonly<Record<string, unknown>>): Promise<Answer> =>
  send<BotChangeReport>(path, body, method).then(
    ({ changes }) => changes,
    (error: unknown) => reasonOf(error),
  )

/** Settings of a bot while it runs: two at hand, and any other as it would stand in the configuration. */
export function EditBot({ bot, config, done }: { bot: BotState; config: Readonly<Record<string, unknown>> | undefined; done: () => void }) {
  const [answer, setAnswer] = useState<Answer>('')
  const path = `/bots/${encodeURIComponent(bot.id)}`
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const settings = settingsFrom({ confirm: fieldText(event, 'confirm'), actionThreshold: fieldText(event, 'threshold') }, fieldText(event, 'more'))
    setAnswer(typeof settings === 'string' ? settings : await asked(path, 'PATCH', settings))
    done()
  }
  const retire = async (close: boolean): Promise<void> => {
    setAnswer(await asked(`${path}?close=${close}`, 'DELETE'))
    done()
  }
  const retiring = config?.['retire'] === true
  return (
    <details class="change" open={answer !== ''}>
      <summary>Edit or retire</summary>
      <form class="change-form" onSubmit={(event) => void submit(event)}>
        <label>
          Confirm for <input name="confirm" type="text" size={8} placeholder={durationWord(config?.['confirmMs'])} autocomplete="off" />
        </label>
        <label>
          Action threshold{' '}
          <input name="threshold" type="text" inputMode="decimal" size={6} placeholder={settingText(config?.['actionThreshold'])} autocomplete="off" />
        </label>
        <label class="change-more">
          Other settings, as in the configuration
          <textarea name="more" rows={2} spellcheck={false} placeholder={'"exits": [{ "use": "stop-loss", "params": { "fraction": 0.03 } }]'} />
        </label>
        <button type="submit" class="button">
          Change
        </button>
        <span class="note">Kept over restarts. Limits only tighten while it runs.</span>
      </form>
      <p class="life-cycle">
        {retiring ? (
          <span class="tag">retiring: no entries, exits only</span>
        ) : (
          <TwoStep id="retire" class="" idle="Retire" armed="Confirm: no more entries" busy="Retiring …" cancel="Keep it" act={() => retire(false)} />
        )}
        <TwoStep
          id="retire-close"
          class=""
          idle="Retire and sell now"
          armed="Confirm: sell at market"
          busy="Selling …"
          cancel="Keep it"
          act={() => retire(true)}
        />
        <span class="note">A retired bot makes no entries; its exits, or a sale now, give its money back to the account.</span>
      </p>
      <Outcome answer={answer} />
    </details>
  )
}

/** Adds a bot while the others run. */
export function AddBot() {
  const [answer, setAnswer] = useState<Answer>('')
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const typed = { id: fieldText(event, 'id'), instrument: fieldText(event, 'instrument').toUpperCase(), preset: fieldText(event, 'preset') }
    const settings = settingsFrom(typed, fieldText(event, 'more'))
    const result = typeof settings === 'string' ? settings : await asked('/bots', 'POST', settings)
    setAnswer(typeof result === 'string' ? result : { added: `Added ${typed.id} on ${typed.instrument}: it may trade from its next candle on.` })
  }
  return (
    <details class="change add-bot">
      <summary>Add a bot</summary>
      <form class="change-form" onSubmit={(event) => void submit(event)}>
        <label>
          Id <input name="id" type="text" size={12} required autocomplete="off" />
        </label>
        <label>
          Product <input name="instrument" type="text" size={12} required placeholder="BTC-USD" autocomplete="off" />
        </label>
        <label>
          Preset{' '}
          <select name="preset">
            <option value="">as configured for all</option>
            {presetNames.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label class="change-more">
          Other settings, as in the configuration
          <textarea name="more" rows={2} spellcheck={false} placeholder={'"confirm": "10m"'} />
        </label>
        <button type="submit" class="button">
          Add
        </button>
        <span class="note">Warmed up from the past, journalled, and there after a restart.</span>
      </form>
      <Outcome answer={answer} />
    </details>
  )
}
