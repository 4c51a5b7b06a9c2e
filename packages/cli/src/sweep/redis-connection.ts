import type * as bullmq from 'bullmq'
import { InvalidArgumentError } from 'commander'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/** The job engine, which is installed by those who use several machines. */
export type BullMq = typeof bullmq

/**
 * Loads BullMQ.
 *
 * @throws CliError exit code 3 when it is not installed
 */
export async function loadBullMq(load: () => Promise<BullMq> = () => import('bullmq')): Promise<BullMq> {
  try {
    return await load()
  } catch (cause) {
    throw new CliError(exitCodes.refused, 'millrace sweep needs two packages that are not installed with millrace: npm install bullmq ioredis', { cause })
  }
}

/** Parses the address of a Redis. */
export function redisUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && (url.protocol === 'redis:' || url.protocol === 'rediss:') && url.hostname !== '') return url
  throw new InvalidArgumentError('Expected an address such as redis://127.0.0.1:6379, or rediss:// for TLS.')
}

/** An address for people: never with its password. */
export const redisText = ({ protocol, host, pathname }: URL): string => `${protocol}//${host}${pathname === '/' ? '' : pathname}`

/** How long a connection waits before it tries again, in ms. */
const retryMs = (times: number): number => Math.min(100 * times, 1_000)

/** How connections to a Redis are made, and how they stop trying. */
export interface RedisLink {
  readonly options: bullmq.ConnectionOptions
  /** From now on nothing is waited for: a connection that is away ends at its next attempt, and what waits for it fails. */
  giveUp(): void
}

/** Connections that wait for a Redis that is away instead of failing: whoever uses them decides when it has been long enough. */
export function redisLink(url: URL): RedisLink {
  let givenUp = false
  return {
    options: { url: url.href, maxRetriesPerRequest: null, connectTimeout: 5_000, retryStrategy: (times) => (givenUp ? null : retryMs(times)) },
    giveUp: () => void (givenUp = true),
  }
}
