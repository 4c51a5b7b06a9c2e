import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from './icon.tsx'
import type { LiveEvent } from './live.ts'
import { toastOf } from './toast-of.ts'
import type { Toast } from './toast-of.ts'

const stayMs = 6_000
const mostShown = 4
/** Keys of messages that were shown, so that a stream that comes back repeats nothing. */
const mostKnown = 500

/** Takes events and keeps the messages that are shown now. */
export function useToasts(): { readonly toasts: readonly Toast[]; readonly take: (event: LiveEvent) => void; readonly dismiss: (key: string) => void } {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const known = useRef<string[]>([])
  const dismiss = useCallback((key: string) => setToasts((before) => before.filter((toast) => toast.key !== key)), [])
  const take = useCallback(
    (event: LiveEvent) => {
      const toast = toastOf(event)
      if (toast === undefined || known.current.includes(toast.key)) return
      known.current = [...known.current, toast.key].slice(-mostKnown)
      setToasts((before) => [...before, toast].slice(-mostShown))
      if (toast.severity !== 'critical') setTimeout(() => dismiss(toast.key), stayMs)
    },
    [dismiss],
  )
  return { toasts, take, dismiss }
}

const icons = { info: 'ok', warning: 'alert', critical: 'block' } as const

export function Toasts({ toasts, dismiss }: { toasts: readonly Toast[]; dismiss: (key: string) => void }) {
  return (
    <div class="toasts">
      {toasts.map(({ key, severity, text }) => (
        <p key={key} class={`toast toast-${severity}`} data-toast={key}>
          <Icon name={icons[severity]} />
          <span>{text}</span>
          <button type="button" class="toast-close" aria-label="Dismiss" onClick={() => dismiss(key)}>
            ×
          </button>
        </p>
      ))}
    </div>
  )
}

/** Reads events out, at most one sentence a second, so that a busy minute does not drown a listener. */
export function Announcer({ waiting }: { waiting: { current: string[] } }) {
  const [text, setText] = useState('')
  useEffect(() => {
    const timer = setInterval(() => {
      const sentences = waiting.current.splice(0)
      if (sentences.length > 0) setText(sentences.length === 1 ? sentences[0]! : `${sentences.length} events, the last: ${sentences.at(-1)!}`)
    }, 1_000)
    return () => clearInterval(timer)
  }, [waiting])
  return (
    <p id="announcer" class="visually-hidden" aria-live="polite">
      {text}
    </p>
  )
}
