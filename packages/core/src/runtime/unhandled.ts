import { config } from 'rxjs'

/**
 * Takes errors that subscribers throw, for as long as an engine runs. RxJS would rethrow them from a timer, which ends a Node
 * process; an engine turns them into alerts instead.
 *
 * @returns what gives RxJS its former behaviour back
 */
export function takeUnhandled(report: (error: unknown) => void): () => void {
  const former = config.onUnhandledError
  let active = true
  const handler = (error: unknown): void => {
    if (active) report(error)
    else if (former !== null) former(error)
    else
      setTimeout(() => {
        throw error
      })
  }
  config.onUnhandledError = handler
  return () => {
    active = false
    if (config.onUnhandledError === handler) config.onUnhandledError = former
  }
}
