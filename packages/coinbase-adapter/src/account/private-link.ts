import type { EpochMs, LinkEvent } from '@millrace/core'
import { Subject } from 'rxjs'
import type { Signer } from '../auth/signer.ts'
import { createTokenBucket } from '../limits/token-bucket.ts'
import type { TokenBucket } from '../limits/token-bucket.ts'
import { tellRefusal } from '../market/public-link.ts'
import type { Budget, PublicLink } from '../market/public-link.ts'
import { createRestClient } from '../rest/rest-client.ts'
import type { RestClient } from '../rest/rest-client.ts'
import type { ConnectionOptions } from '../socket/connection.ts'
import { createKeyWatch } from '../user/key-watch.ts'
import type { KeyWatch } from '../user/key-watch.ts'

/** A payload as the venue sent it. */
export interface RawMessage {
  readonly source: 'rest' | 'socket'
  /** Method and path, or the address of the socket's channel. */
  readonly name: string
  /** HTTP status. */
  readonly status?: number
  readonly text: string
}

/** A third of what the venue was known to allow to one key; its newer pages name no number. */
const PRIVATE_BUDGET: Budget = { capacity: 10, perSecond: 10 }
/** Of it, what reads leave for orders and cancels. */
const RESERVE = 3
/** What needs the key: one budget for all of it, its signed client, and the watch over the key. */
export interface PrivateLink {
  readonly rest: RestClient
  readonly bucket: TokenBucket
  readonly watch: KeyWatch
  /** News of the key and the budget, and of what could not be read. */
  readonly news: Subject<LinkEvent>
  /** The venue's clock minus ours in ms. */
  readonly offsetMs: () => number
  readonly socket: Omit<ConnectionOptions, 'channels'>
}

export interface PrivateOptions {
  readonly onRaw?: (message: RawMessage) => void
  readonly privateBudget?: Budget
}

export function privateLink(link: PublicLink, userSocket: string, key: Signer, { onRaw, privateBudget = PRIVATE_BUDGET }: PrivateOptions): PrivateLink {
  const { clock, venueClock, urls, random, silenceMs, http } = link
  const news = new Subject<LinkEvent>()
  const show = (message: RawMessage): void => {
    try {
      onRaw?.(message)
    } catch (error) {
      // Who looks on does not decide what becomes of an order.
      news.next({ type: 'error', detail: `onRaw threw: ${error instanceof Error ? error.message : String(error)}` })
    }
  }
  const bucket = createTokenBucket({ ...privateBudget, now: () => clock.nowMs() })
  const watch = createKeyWatch((event) => news.next(event))
  const offsetMs = (): number => venueClock.offsetMs ?? 0
  const signer = timedSigner(key, link)
  const rest = createRestClient({
    baseUrl: urls.rest,
    ...{ http, bucket, signer, offsetMs, random },
    reserve: Math.min(RESERVE, privateBudget.capacity / 2),
    onRefused: tellRefusal(news),
    afterUnauthorized: compareSeldom(link),
    onAnswer({ method, path, status, body }) {
      show({ source: 'rest', name: `${method} ${path}`, status, text: body })
      watch.answered(status)
    },
  })
  const socket = {
    urls: [userSocket, urls.marketSocket] as const,
    ...{ clock, random, signer, offsetMs, silenceMs },
    readyMs: 2 * silenceMs,
    onFrame: (text: string) => show({ source: 'socket', name: 'user', text }),
  }
  return { rest, bucket, watch, news, offsetMs, socket }
}

/** A refused token may come from a clock that jumped; a key that is refused again and again must not use up the budget of public requests. */
const COMPARE_AFTER_MS = 10_000

function compareSeldom({ clock, venueClock }: PublicLink): () => Promise<void> {
  let comparedMs = Number.NEGATIVE_INFINITY
  return async () => {
    if (clock.nowMs() - comparedMs < COMPARE_AFTER_MS) return
    comparedMs = clock.nowMs()
    await venueClock.measure().then(nothing, nothing)
  }
}

const nothing = (): void => undefined

/** Tokens carry the venue's time: it is asked for before the first one. When that fails, ours must do. */
function timedSigner(signer: Signer, { clock, venueClock }: PublicLink): Signer {
  const nowMs = async (): Promise<EpochMs> => {
    const offsetMs = await venueClock.known().catch(() => 0)
    return (clock.nowMs() + offsetMs) as EpochMs
  }
  return {
    keyName: signer.keyName,
    algorithm: signer.algorithm,
    rest: async (method, host, path) => signer.rest(method, host, path, await nowMs()),
    socket: async () => signer.socket(await nowMs()),
  }
}
