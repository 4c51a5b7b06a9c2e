import type { FeeRates, Instrument } from '@millrace/core'
import { createTtlLruCache } from '../cache/ttl-lru-cache.ts'
import { fetchInstruments } from '../market/fetch-instruments.ts'
import type { PublicLink } from '../market/public-link.ts'
import type { Trouble } from '../orders/find-order.ts'
import type { RestClient } from '../rest/rest-client.ts'
import { fetchFeeRates } from './account-facts.ts'

const FEES_TTL_MS = 300_000
const PRODUCTS_TTL_MS = 30_000

export interface RulesAndFees {
  instruments(): Promise<readonly Instrument[]>
  instrument(id: string): Promise<Instrument | undefined>
  feeRates(): Promise<FeeRates>
  takerRate(): Promise<FeeRates['takerRate']>
  rulesAreOld(): void
}

/** The rules of the instruments and the fees, asked for as seldom as they change. Refreshing the rules in time is the caller's, who calls `instruments`. */
export function rulesAndFees(rest: RestClient, { clock }: PublicLink, signal: AbortSignal, trouble: Trouble): RulesAndFees {
  const now = (): number => clock.nowMs()
  const products = createTtlLruCache<ReadonlyMap<string, Instrument>>({ ttlMs: PRODUCTS_TTL_MS, maxSize: 1, now })
  const fees = createTtlLruCache<FeeRates>({ ttlMs: FEES_TTL_MS, maxSize: 1, now })
  let latest: ReadonlyMap<string, Instrument> | undefined
  async function load(): Promise<ReadonlyMap<string, Instrument>> {
    const list = await fetchInstruments(rest, '/products', clock.nowMs(), signal)
    for (const problem of list.problems) trouble(problem, 'unknownValue')
    return new Map(list.instruments.map((instrument) => [instrument.id, instrument]))
  }
  const refresh = async (): Promise<ReadonlyMap<string, Instrument>> => (latest = await products.get('', load))
  const feeRates = (): Promise<FeeRates> => fees.get('', () => fetchFeeRates(rest, signal))
  return {
    feeRates,
    instruments: async () => [...(await refresh()).values()],
    instrument: async (id) => (latest ?? (await refresh())).get(id),
    takerRate: async () => (await feeRates()).takerRate,
    rulesAreOld() {
      latest = undefined
      products.invalidate()
    },
  }
}
