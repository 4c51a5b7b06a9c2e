import { byId, setText, show } from './dom.js'

/**
 * Resolves once this browser is signed in: by its cookie, by what follows `#` in a printed link, or by a token that is typed in.
 *
 * @returns {Promise<void>}
 */
export async function signedIn() {
  const [, name, secret] = /^#(token|login)=([\w-]+)$/.exec(location.hash) ?? []
  // Out of the address before anything else, so that it stands in no history.
  if (secret !== undefined) history.replaceState(undefined, '', location.pathname + location.search)
  if (secret !== undefined && (await exchange(name === 'token' ? { token: secret } : { code: secret })) === undefined) return
  const { role } = await (await fetch('/api/v1/session')).json()
  if (role === null) await asked()
}

/** @param {Readonly<Record<string, string>>} secret @returns {Promise<string | undefined>} why not; undefined when it worked */
async function exchange(secret) {
  const response = await fetch('/api/v1/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-millrace': '1' },
    body: JSON.stringify(secret),
  })
  if (response.ok) return undefined
  const { detail } = await response.json()
  return `Not signed in: ${detail}.`
}

/** @returns {Promise<void>} */
function asked() {
  const form = /** @type {HTMLFormElement} */ (byId('sign-in'))
  const field = /** @type {HTMLInputElement} */ (byId('sign-in-token'))
  show(form, true)
  field.focus()
  return new Promise((resolve) => {
    form.addEventListener('submit', async (event) => {
      event.preventDefault()
      const problem = await exchange({ token: field.value.trim() })
      setText(byId('sign-in-problem'), problem ?? '')
      if (problem !== undefined) return
      field.value = ''
      show(form, false)
      resolve()
    })
  })
}
