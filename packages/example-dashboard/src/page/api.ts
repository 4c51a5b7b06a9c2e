import { fromWire } from './wire.ts'

const root = '/api/v1'

/** A refusal in the server's own words. */
class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  constructor(status: number, title: string, detail: string) {
    super(`${title}: ${detail}`)
    this.status = status
  }
}

async function answer<T>(response: Response): Promise<T> {
  const body: unknown = await response.json()
  if (response.ok) return fromWire(body) as T
  const { title, detail } = body as { readonly title: string; readonly detail: string }
  throw new Refused(response.status, title, detail)
}

/** Reads an endpoint. The promise fails with {@link Refused} or when nobody answers. */
export const read = async <T>(path: string): Promise<T> => answer(await fetch(`${root}${path}`))

/** Asks for a change. */
export async function send<T>(path: string, body?: Readonly<Record<string, unknown>>, method = 'POST'): Promise<T> {
  const headers = { 'x-millrace': '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
  return answer(await fetch(`${root}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }))
}

/** A failure in words. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
