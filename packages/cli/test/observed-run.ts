import type { FillRecord, OrderRecord } from '@millrace/core'
import { createEngine } from '@millrace/core'
import { capturedTerminal } from '../src/captured-terminal.fixture.ts'
import { executeRun } from '../src/run/execute-run.ts'
import type { RunReport } from '../src/run/report.ts'
import { runDefaults } from '../src/run/settings.ts'
import type { RunSettings } from '../src/run/settings.ts'

export interface ObservedRun {
  readonly report: RunReport
  readonly stderr: string
  /** Every order once, as it was when it was made. */
  readonly orders: readonly OrderRecord[]
  readonly fills: readonly FillRecord[]
}

/** Runs bots in this process, as the command does, and writes down every order and fill that the engine tells of. */
export async function observedRun(settings: Partial<RunSettings> & Pick<RunSettings, 'config'>): Promise<ObservedRun> {
  const terminal = capturedTerminal()
  const orders: OrderRecord[] = []
  const fills: FillRecord[] = []
  const exitCode = await executeRun(
    { ...runDefaults, speed: 'max', db: ':memory:', web: false, json: true, ...settings },
    terminal,
    {},
    {
      createEngine(options) {
        const engine = createEngine(options)
        engine.on('order', (order) => {
          if (order.state === 'intent') orders.push(order)
        })
        engine.on('fill', (fill) => fills.push(fill))
        return engine
      },
      listenForStop: () => ({ requested: new Promise(() => {}), dispose() {} }),
      exit: (code) => {
        throw new Error(`the run asked to exit with ${code}`)
      },
    },
  )
  if (exitCode !== 0) throw new Error(`the run ended with ${exitCode}:\n${terminal.stderr()}`)
  return { report: JSON.parse(terminal.stdout()) as RunReport, stderr: terminal.stderr(), orders, fills }
}
