import type { EmergencyStopReport, EngineState } from '@millrace/core'
import { useEffect, useRef, useState } from 'preact/hooks'
import { reasonOf, send } from './api.ts'
import { exactTime } from './format.ts'
import { Icon } from './icon.tsx'
import { TwoStep } from './two-step.tsx'

/** The emergency stop of this page: what was answered, and what went wrong. */
export interface StopControls {
  /** Shown without waiting for the stream, until a later state trades again. */
  readonly proof: string
  readonly failure: string
  readonly stop: () => Promise<void>
  readonly rearm: (token: string) => Promise<boolean>
}

/** The emergency stop, which needs neither stream nor state, and the way back. */
export function useStop(tradingState: EngineState['tradingState'] | undefined): StopControls {
  const [proof, setProof] = useState('')
  const [failure, setFailure] = useState('')
  const before = useRef(tradingState)
  useEffect(() => {
    if (before.current === 'halted' && tradingState !== 'halted') setProof('')
    before.current = tradingState
  }, [tradingState])
  return {
    proof,
    failure,
    async stop() {
      setFailure('')
      try {
        setProof(proofText(await send<EmergencyStopReport>('/trades/emergency-stop', { confirm: true })))
      } catch (error) {
        setFailure(`The stop is not confirmed. ${reasonOf(error)}. Try again, or run “millrace panic” in a terminal.`)
      }
    },
    async rearm(token) {
      setFailure('')
      try {
        await send('/trades/rearm', { confirm: true, token })
        return true
      } catch (error) {
        setFailure(`Not re-armed. ${reasonOf(error)}.`)
        return false
      }
    },
  }
}

function proofText({ gateClosedAtMs, cancelled, unresolved }: EmergencyStopReport): string {
  const open = unresolved.length === 0 ? 'nothing unresolved' : `${unresolved.length} unresolved (${unresolved.join(', ')})`
  return `Order gate closed at ${exactTime(gateClosedAtMs)} UTC · ${cancelled.length} open ${cancelled.length === 1 ? 'order' : 'orders'} cancelled · ${open}.`
}

export function StopButton({ controls, id = 'stop' }: { controls: StopControls; id?: string }) {
  return (
    <TwoStep
      id={id}
      class="button-stop"
      idle="Emergency stop"
      armed="Confirm: stop now"
      busy="Stopping …"
      cancel="Keep running"
      icon={<Icon name="stop" />}
      does="Sends nothing more and cancels open orders. Coins are kept."
      act={controls.stop}
    />
  )
}

/** Says that and why nothing leaves, with the engine's own proof, and leads back. */
export function HaltBanner({ state, controls }: { state: EngineState | undefined; controls: StopControls }) {
  const token = useRef<HTMLInputElement>(null)
  const halted = state?.tradingState === 'halted'
  const rearm = async (): Promise<void> => {
    const field = token.current!
    if (await controls.rearm(field.value.trim())) field.value = ''
  }
  return (
    <>
      {(halted || controls.proof !== '') && (
        <section id="halt" class="banner banner-bad" aria-labelledby="halt-title">
          <div>
            <h2 id="halt-title">Trading is halted</h2>
            <p id="halt-reason">{`${state?.tradingStateReason ?? ''} No entries and no exits: stop loss and take profit are held as well.`.trim()}</p>
            <p id="halt-proof" role="status">
              {controls.proof}
            </p>
          </div>
          <div class="halt-actions">
            <label class="rearm-token">
              Token <input id="rearm-token" ref={token} class="secret" type="text" autocomplete="off" spellcheck={false} />
            </label>
            <span class="note">the one of the link that the run printed, or in its token file</span>
            <TwoStep id="rearm" class="" idle="Re-arm" armed="Confirm: trade again" busy="Reconciling …" cancel="Stay halted" act={rearm} />
          </div>
        </section>
      )}
      {controls.failure !== '' && (
        <p id="failure" class="banner banner-bad" role="alert">
          {controls.failure}
        </p>
      )}
    </>
  )
}
