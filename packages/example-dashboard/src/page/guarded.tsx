import type { ComponentChildren } from 'preact'
import { useErrorBoundary } from 'preact/hooks'
import { reasonOf } from './api.ts'

/** A part of the page that fails alone: it says so in its place, shows no old numbers, and everything around it goes on. */
export function Guarded({ name, children }: { name: string; children: ComponentChildren }) {
  const boundary: readonly [error: unknown, tryAgain: () => void] = useErrorBoundary()
  const [error, tryAgain] = boundary
  if (error === undefined) return <>{children}</>
  return (
    <section class="panel" role="alert" data-words="page">
      <p class="bad">{`${name} cannot be shown: ${reasonOf(error)}.`}</p>
      <p class="note">The engine goes on, and so do the other parts of this page.</p>
      <button type="button" class="why-button" onClick={tryAgain}>
        Try again
      </button>
    </section>
  )
}
