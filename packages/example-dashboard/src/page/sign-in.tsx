import { fieldText } from './field-text.ts'
import { useState } from 'preact/hooks'
import { read, reasonOf, send } from './api.ts'

/** Signs this browser in by what follows `#` in a printed link, or finds that it is signed in. Resolves to false when somebody has to type a token. */
export async function signedIn(): Promise<boolean> {
  const [, name, secret] = /^#(token|login)=([\w-]+)$/.exec(location.hash) ?? []
  if (secret !== undefined) {
    // Out of the address before anything else, so that it stands in no history.
    history.replaceState(undefined, '', location.pathname + location.search)
    const done = await send('/session', name === 'token' ? { token: secret } : { code: secret }).then(
      () => true,
      () => false,
    )
    if (done) return true
  }
  return (await read<{ readonly role: string | undefined }>('/session')).role !== undefined
}

/** Asks for a token. No password field: the browser is not to offer to keep it. */
export function SignIn({ done }: { done: () => void }) {
  const [problem, setProblem] = useState('')
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const token = fieldText(event, 'token').trim()
    try {
      await send('/session', { token })
      done()
    } catch (error) {
      setProblem(`Not signed in. ${reasonOf(error)}.`)
    }
  }
  return (
    <main>
      <form id="sign-in" class="panel sign-in" onSubmit={(event) => void submit(event)}>
        <h1>Sign in to Millrace</h1>
        <p>
          Open the link that the start printed, or type the token in: it stands in the file ending in <code>.token</code> beside the database.
        </p>
        <label for="sign-in-token">Token</label>
        <input id="sign-in-token" name="token" class="secret" type="text" autocomplete="off" spellcheck={false} required autofocus />
        <button type="submit" class="button">
          Sign in
        </button>
        <p role="alert">{problem}</p>
        <p class="note">
          To stop the bots without this page: <code>millrace panic</code> in a terminal.
        </p>
      </form>
    </main>
  )
}
