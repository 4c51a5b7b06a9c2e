import { useEffect, useRef, useState } from 'preact/hooks'
import type { ComponentChildren } from 'preact'

/** How long a first step is good for. */
const confirmWithinMs = 5_000
/** The second click of a double click confirms nothing. */
const doubleClickMs = 400

export interface TwoStepProps {
  readonly id: string
  readonly class: string
  readonly idle: string
  readonly armed: string
  readonly busy: string
  readonly cancel: string
  readonly icon?: ComponentChildren
  /** What the second step does, in words: shown between the two, and by the button when it is pointed at. */
  readonly does?: string
  /** Must not throw. */
  readonly act: () => Promise<void>
}

/** A button that acts on the second click only: the first arms it for five seconds, Escape takes it back. */
export function TwoStep({ id, class: name, idle, armed, busy, cancel, icon, does, act }: TwoStepProps) {
  const [armedAt, setArmedAt] = useState<number | undefined>()
  const [now, setNow] = useState(0)
  const [working, setWorking] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const disarm = (): void => {
    const hadFocus = document.activeElement?.id === `${id}-cancel`
    setArmedAt(undefined)
    if (hadFocus) button.current?.focus()
  }
  useEffect(() => {
    if (armedAt === undefined) return
    const timer = setInterval(() => (performance.now() - armedAt >= confirmWithinMs ? disarm() : setNow(performance.now())), 200)
    const escape = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') disarm()
    }
    document.addEventListener('keydown', escape)
    return () => {
      clearInterval(timer)
      document.removeEventListener('keydown', escape)
    }
  }, [armedAt])
  const press = async (): Promise<void> => {
    if (working) return
    if (armedAt === undefined) {
      setNow(performance.now())
      return setArmedAt(performance.now())
    }
    if (performance.now() - armedAt <= doubleClickMs) return
    setArmedAt(undefined)
    setWorking(true)
    await act()
    setWorking(false)
  }
  const left = armedAt === undefined ? 0 : Math.ceil(Math.min(confirmWithinMs, confirmWithinMs - (now - armedAt)) / 1000)
  return (
    <>
      {armedAt !== undefined && (
        <button id={`${id}-cancel`} type="button" class="button button-quiet" onClick={disarm}>
          {cancel}
        </button>
      )}
      {armedAt !== undefined && does !== undefined && (
        <span id={`${id}-does`} class="note two-step-does">
          {does}
        </span>
      )}
      <button id={id} ref={button} type="button" class={`button ${name} ${armedAt === undefined ? '' : 'armed'}`} title={does} onClick={() => void press()}>
        {icon}
        <span>{working ? busy : armedAt === undefined ? idle : `${armed} (${left})`}</span>
      </button>
    </>
  )
}
