import { appendFileSync } from 'node:fs'
import { ConfigError, consoleNotifier, createRedact, jsonLogger, notifyAbout, secretsOf, systemClock, webhookNotifier } from '@millrace/core'
import type { Alert, Engine, Logger } from '@millrace/core'
import { createLogRing } from './server/api/log-ring.ts'
import type { LogRing } from './server/api/log-ring.ts'

/** What watches a run from outside: its log, and people who are told. */
export interface Operations {
  readonly logs: LogRing
  readonly logger: Logger
  readonly metrics: boolean
  /** Begins to write down and tell what happens. */
  watch(engine: Pick<Engine, 'alerts$' | 'orders$' | 'fills$'>): void
  /** Takes more secrets out from here on: the tokens, once they are known. */
  keepSecret(secrets: readonly string[]): void
  close(): void
}

const severities: readonly Alert['severity'][] = ['info', 'warning', 'critical']
const levelOf = { info: 'info', warning: 'warn', critical: 'error' } as const

/**
 * Reads how a run is to be watched from the environment; README.md has the variables.
 *
 * @param print - takes one line for the terminal
 * @throws ConfigError when a variable has a value that means nothing
 */
export function operations(environment: Readonly<Record<string, string | undefined>>, print: (line: string) => void): Operations {
  const { MILLRACE_LOG: file, MILLRACE_METRICS: metrics, MILLRACE_NOTIFY: from, MILLRACE_WEBHOOK_URL: webhook } = environment
  if (from !== undefined && !severities.includes(from as Alert['severity']))
    throw new ConfigError([{ path: 'MILLRACE_NOTIFY', expected: severities.join(', '), received: from }])
  const clock = systemClock()
  let secrets = [...secretsOf(environment)]
  let redactNow = createRedact(secrets)
  const redact = (text: string): string => redactNow(text)
  const logs = createLogRing(redact)
  const toFile = jsonLogger({
    write: (line) => file !== undefined && appendFileSync(file, line, { mode: 0o600 }),
    redact,
    clock,
    level: 'debug',
  })
  const log =
    (level: keyof Logger) =>
    (...[message, fields]: Parameters<Logger['info']>): void => {
      logs.add(level, fields === undefined ? message : `${message} ${JSON.stringify(fields)}`, clock.nowMs())
      toFile[level](message, fields)
    }
  const logger: Logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') }
  const notifiers = [
    ...(from === undefined ? [] : [consoleNotifier((line) => print(`alert: ${line}`))]),
    ...(webhook === undefined ? [] : [webhookNotifier({ url: webhook })]),
  ]
  const ends: (() => void)[] = []
  return {
    logs,
    logger,
    metrics: metrics === '1',
    watch(engine) {
      const subscriptions = [
        engine.alerts$.subscribe((alert) => logger[levelOf[alert.severity]](`alert ${alert.code}: ${alert.detail}`, { botId: alert.botId ?? null })),
        engine.orders$.subscribe(({ clientOrderId, botId, side, state, origin }) => logger.info(`order ${state}`, { clientOrderId, botId, side, origin })),
        engine.fills$.subscribe(({ fillId, botId, side, price, quantity, feeAmount }) =>
          logger.info('fill', { fillId, botId, side, price, quantity, feeAmount }),
        ),
      ]
      ends.push(() => subscriptions.forEach((subscription) => subscription.unsubscribe()))
      const onError = (notifier: string, error: unknown): void =>
        logger.error(`the notifier ${notifier} failed: ${error instanceof Error ? error.message : String(error)}`)
      if (notifiers.length > 0)
        ends.push(notifyAbout(engine, { notifiers, redact, clock, onError, ...(from === undefined ? {} : { from: from as Alert['severity'] }) }))
    },
    keepSecret(more) {
      secrets = [...secrets, ...more]
      redactNow = createRedact(secrets)
    },
    close() {
      for (const end of ends.splice(0)) end()
    },
  }
}
