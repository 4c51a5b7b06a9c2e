import { loadCredentials } from '@millrace/coinbase-adapter'
import { bad, coinbaseUrl, ok, reasonOf, skipped, warning } from './check.ts'
import type { Check, Finding, Subject } from './check.ts'

/** Real orders need what paper can do without. */
const isLive = async ({ config }: Subject): Promise<boolean> => (await config())?.environment === 'live'

const venue: Check = {
  id: 'venue',
  async look(subject) {
    if (subject.ask.offline) return skipped('--offline')
    try {
      const { products } = await subject.venue()
      return ok(`answers, with ${products.length} products`)
    } catch (error) {
      const detail = `${subject.ask.venueUrl ?? coinbaseUrl} cannot be reached: ${reasonOf(error)}`
      return (await isLive(subject)) ? bad(detail) : warning(`${detail}; --market simulated needs none`)
    }
  },
}

/** Asks something of a venue that answers; that it does not is told once, by its own check. */
const ofVenue = async (subject: Subject, look: (answer: Awaited<ReturnType<Subject['venue']>>) => Finding | Promise<Finding>): Promise<Finding> => {
  if (subject.ask.offline) return skipped('--offline')
  const answer = await subject.venue().catch(() => undefined)
  return answer === undefined ? skipped('the venue does not answer') : look(answer)
}

const clock: Check = {
  id: 'clock',
  look: (subject) =>
    ofVenue(subject, ({ timeMs }) => {
      const aheadMs = subject.parts.nowMs() - timeMs
      const text = `this clock is ${(Math.abs(aheadMs) / 1000).toFixed(1)} s ${aheadMs < 0 ? 'behind' : 'ahead of'} the venue's`
      if (Math.abs(aheadMs) > 10_000) return bad(`${text}: keys are refused and candles come at the wrong time; set it by NTP`)
      return Math.abs(aheadMs) > 2_000 ? warning(`${text}: set it by NTP`) : ok(text)
    }),
}

const products: Check = {
  id: 'products',
  look: (subject) =>
    ofVenue(subject, async (answer) => {
      const read = await subject.config()
      if (read === undefined) return skipped('there is no configuration to look at')
      const wanted = [...new Set(read.bots.map(({ instrument }) => instrument))]
      const states = wanted.map((id) => [id, answer.products.find((product) => product.id === id)?.state ?? 'not traded there'] as const)
      const missing = states.filter(([, state]) => state !== 'online')
      if (missing.length === 0) return ok(`online: ${wanted.join(', ')}`)
      return bad(`no entries for ${missing.map(([id, state]) => `${id} (${state})`).join(', ')}: the venue takes none now`)
    }),
}

const keyFile: Check = {
  id: 'key file',
  async look(subject) {
    const { ask, parts } = subject
    try {
      const found = loadCredentials({ env: parts.env, ...(ask.keyFile === undefined ? {} : { file: ask.keyFile }) })
      if (found !== undefined) return ok('there is a key, and nobody else can read its file')
      return (await isLive(subject))
        ? bad('there is no key: set COINBASE_KEY_FILE, or COINBASE_KEY_NAME and COINBASE_KEY_SECRET')
        : skipped('paper needs no key')
    } catch (error) {
      return bad(reasonOf(error))
    }
  },
}

const keyRights: Check = {
  id: 'key rights',
  look: (subject) =>
    ofVenue(subject, async () => {
      const { ask, parts } = subject
      try {
        if (loadCredentials({ env: parts.env, ...(ask.keyFile === undefined ? {} : { file: ask.keyFile }) }) === undefined) return skipped('there is no key')
      } catch {
        return skipped('the key file comes first')
      }
      const instruments = (await subject.config())?.bots.map(({ instrument }) => instrument) ?? []
      return parts.checkKey(ask.keyFile, ask.venueUrl, [...new Set(instruments)]).then(ok, (error: unknown) => bad(reasonOf(error)))
    }),
}

/** What the venue and the key must be. */
export const venueChecks: readonly Check[] = [venue, clock, products, keyFile, keyRights]
