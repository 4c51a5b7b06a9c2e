import type { EmergencyStopReport, ReconcileReport } from '../contracts/engine.ts'
import type { HaltAsked } from '../contracts/store.ts'
import { EngineError } from '../model/errors.ts'
import { isSimulated } from './account-side.ts'
import { closeGate } from './close-gate.ts'
import type { EngineShell } from './engine-shell.ts'
import { assertReconciled, closeLiveGate, reconcileLive } from './live/live-side.ts'

/** How often a waiting engine looks for the halt file of another process. */
const HALT_POLL_MS = 200

/** Of an emergency stop. */
export interface StopOptions {
  readonly cancelOpenOrders?: boolean
  readonly reason?: string
}

/** What shuts the gate that orders leave by, a command or the halt file of another process, and what opens it again. */
export class TradingGate {
  private readonly shell: EngineShell
  /** Emergency stops that were asked for, so that a re-arm under way sees one. */
  private stops = 0
  /** The request in the halt file that has been carried out. */
  private handled: HaltAsked | undefined
  private haltTimer: ReturnType<typeof setInterval> | undefined

  constructor(shell: EngineShell) {
    this.shell = shell
  }

  async emergencyStop({ cancelOpenOrders = false, reason = 'asked for by the operator' }: StopOptions = {}): Promise<EmergencyStopReport> {
    const { shell } = this
    this.stops++
    if (shell.live === undefined) return shell.ask(() => this.shut(cancelOpenOrders, reason))
    const latch = () => shell.ask(() => this.shut(cancelOpenOrders, reason).gateClosedAtMs)
    return closeLiveGate(shell.live, shell.loop.kernel.state.durable, latch, cancelOpenOrders)
  }

  async rearm(): Promise<void> {
    const { shell } = this
    shell.assertRunning()
    const { stops } = this
    // One that was not carried out yet is nobody's to take back: who re-arms cannot have seen it.
    const known = this.handled
    if (shell.live !== undefined) await assertReconciled(shell.live)
    const stopped = await shell.ask(() => {
      // A stop that was asked for while the books were compared stands.
      const asked = shell.store?.halt?.requested()
      if (this.stops !== stops || (asked !== undefined && !isSame(asked, known))) return true
      shell.kernel.state.durable.ledger.assertBalanced()
      // The simulated venue is folded from our own journal: what is left to compare is the ledger with itself.
      if (shell.live === undefined) shell.loop.reconciled('rearm', shell.nowMs())
      shell.store?.halt?.clear()
      shell.command({ kind: 'rearm' })
      shell.journal.flush()
      return false
    })
    if (!stopped) return
    // Now, and not at the next look: then it was seen, and whoever re-arms again takes it back.
    this.checkHalt()
    throw new EngineError('RECONCILE_FAILED', 'trading stays halted: an emergency stop came while the books were compared')
  }

  async reconcile(): Promise<ReconcileReport> {
    const { shell } = this
    shell.assertRunning()
    if (shell.live !== undefined) return reconcileLive(shell.live, () => shell.nowMs())
    return shell.ask(() => {
      // The simulated venue is folded from our own journal.
      shell.kernel.state.durable.ledger.assertBalanced()
      return { atMs: shell.nowMs(), differences: [], corrections: [], mismatch: undefined, unconfirmed: false }
    })
  }

  /** Another process wants nothing more to leave. */
  get haltRequested(): boolean {
    return this.shell.store?.halt?.requested() !== undefined
  }

  /** Looks for the halt file now, and from time to time until {@link unwatch}. A stop that cannot be heard ends the run. */
  watch(): void {
    const look = (): void => {
      try {
        this.checkHalt()
      } catch (error) {
        this.shell.fail(error)
      }
    }
    this.haltTimer = setInterval(look, HALT_POLL_MS)
    look()
  }

  unwatch(): void {
    clearInterval(this.haltTimer)
  }

  /** Another process asks for a stop through the halt file; the answer is written only once the latch is durable. */
  private checkHalt(): void {
    const { shell } = this
    const request = shell.store?.halt?.requested()
    if (request === undefined) this.handled = undefined
    if (request === undefined || shell.phase !== 'running') return
    shell.run(() => {
      // Also when something else has halted already, or an older request has: what works at the venue is to be cancelled.
      if (!isSame(request, this.handled)) {
        this.shut(true, request.reason)
        this.stops++
      }
      this.handled = request
      shell.store?.halt?.acknowledge(shell.kernel.state.nowMs)
    })
  }

  /** Durably; what it asks a real venue to cancel goes on its way, a simulated one has answered. */
  private shut(cancelOpenOrders: boolean, reason: string): EmergencyStopReport {
    const { loop, journal, settings } = this.shell
    const latencyMs = isSimulated(settings.exchange) ? settings.exchange.latencyMs : 0
    return closeGate(loop, journal, { nowMs: this.shell.nowMs(), latencyMs, cancelOpenOrders, reason })
  }
}

const isSame = (asked: HaltAsked, known: HaltAsked | undefined): boolean => asked.reason === known?.reason && asked.atMs === known.atMs
