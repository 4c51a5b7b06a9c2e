import type { OrderSide } from '../engine/event-loop.ts'
import { errorText } from '../model/error-text.ts'
import { EngineError } from '../model/errors.ts'
import { cancelLive, cancelOnlyText, cancelSimulated } from './cancel-only.ts'
import type { CancelOnlyReport } from './cancel-only.ts'
import type { EngineShell } from './engine-shell.ts'
import type { Outputs } from './outputs.ts'

/** What is left of a run that failed; without a kernel when the start did not come that far. */
type FailedRun = Pick<EngineShell, 'settings' | 'loop' | 'journal' | 'live'> & { readonly kernel: EngineShell['kernel'] | undefined }

/** Nothing can be written down any more. */
export const isJournalFailure = (error: unknown): error is EngineError => error instanceof EngineError && error.code === 'JOURNAL_FAILED'

/** Books that do not balance must not be traded on by the next start either. */
export function latchInvariant({ settings, kernel, loop, journal }: FailedRun, error: unknown): void {
  if (!(error instanceof EngineError) || error.code !== 'INVARIANT_VIOLATED' || kernel === undefined) return
  try {
    kernel.begin(kernel.state.nowMs, loop)
    kernel.record('latch', undefined, { state: 'halted', reason: 'invariant', untilMs: null })
    loop.finishStep(kernel.state.nowMs)
    journal.flush()
  } catch (second) {
    settings.logger?.error(`the latch could not be written: ${errorText(second)}`)
  }
}

/** After {@link isJournalFailure} nothing happens any more but cancels; there is no mode that trades from memory. At once at a simulated venue. */
export function cancelOnly(run: EngineShell, orders: OrderSide, outputs: Outputs, error: EngineError, done: () => void): void {
  const { exchange, clock, logger } = run.settings
  const { durable, nowMs } = run.kernel.state
  const tell = (report: CancelOnlyReport): void => {
    // Not what the failed step had to say: it did not happen. And not journalled, for want of a journal.
    outputs.discard()
    outputs.alert({ code: 'JOURNAL_FAILED', severity: 'critical', detail: `${error.message}: ${cancelOnlyText(report)}`, botId: undefined, atMs: nowMs })
    outputs.flush()
  }
  const failed = (second: unknown): void => logger?.error(`cancelling failed too: ${errorText(second)}`)
  if (run.live !== undefined) {
    void cancelLive(exchange, clock, durable, run.live.idle()).then(tell).catch(failed).finally(done)
    return
  }
  try {
    tell(cancelSimulated(orders, durable, nowMs))
  } catch (second) {
    failed(second)
  }
  done()
}
