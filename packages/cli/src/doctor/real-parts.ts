import { statfsSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { coinbase, coinbaseMarket, loadCredentials } from '@millrace/coinbase-adapter'
import { z } from 'zod'
import { coinbaseUrl } from './check.ts'
import type { DoctorParts } from './check.ts'

const timeoutMs = 5_000
const timeSchema = z.object({ epochMillis: z.coerce.number() })

const urls = (url: string | undefined): { readonly baseUrl?: string; readonly socketUrl?: string } =>
  url === undefined ? {} : { baseUrl: url, socketUrl: url.replace(/^http/, 'ws') }

/** The machine and the network as they are. */
export const realParts: DoctorParts = {
  nodeVersion: process.versions.node,
  stripsTypes: process.features.typescript !== false,
  env: process.env,
  nowMs: () => Date.now(),
  freeBytes(folder) {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  },
  outsideAddresses: () =>
    Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
    ),
  answers: (host, port) =>
    new Promise((resolve) => {
      const socket = connect({ host, port, timeout: 1_000 })
      const end = (answered: boolean): void => {
        socket.destroy()
        resolve(answered)
      }
      socket
        .once('connect', () => end(true))
        .once('error', () => end(false))
        .once('timeout', () => end(false))
    }),
  async askVenue(url) {
    const market = coinbaseMarket(urls(url))
    try {
      const [response, products] = await Promise.all([
        fetch(`${url ?? coinbaseUrl}/api/v3/brokerage/time`, { signal: AbortSignal.timeout(timeoutMs) }),
        market.instruments(),
      ])
      return { timeMs: timeSchema.parse(await response.json()).epochMillis, products }
    } finally {
      await market.close()
    }
  },
  async checkKey(keyFile, url, instruments) {
    const credentials = loadCredentials({ env: process.env, ...(keyFile === undefined ? {} : { file: keyFile }) })!
    const baseUrls = url === undefined ? {} : { baseUrls: { rest: url, marketSocket: url.replace(/^http/, 'ws'), userSocket: url.replace(/^http/, 'ws') } }
    const { market, exchange } = coinbase({ credentials, instruments, ...baseUrls })
    try {
      const { portfolioUuid } = await exchange.checkKey()
      return `may view and trade, not transfer; portfolio ${portfolioUuid ?? 'unknown'}`
    } finally {
      await exchange.close()
      await market.close()
    }
  },
}
