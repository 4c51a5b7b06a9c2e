/** What stands between a person's Ctrl-C and the engine. */
export interface StopSignals {
  /** Resolves with the signal's name when the first one arrives. */
  readonly requested: Promise<string>
  /** Takes the listeners and the time limit away. */
  dispose(): void
}

export interface SignalTarget {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  removeListener(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
}

/** One key press reaches the process group and is forwarded by npm and the bootstrap script: signals this close together are one. */
const sameKeyPressMs = 500

/** A clean stop has this long; then the process ends anyway (the journal is on disk, so nothing is lost). */
export const stopLimitMs = 3_000

/** Listens for SIGINT and SIGTERM: the first asks for a clean stop, a second one ends the process at once, and so does a stop that takes too long. */
export function onStopSignals(target: SignalTarget, exit: (code: number, why: string) => void, nowMs: () => number = () => performance.now()): StopSignals {
  let firstAtMs: number | undefined
  let limit: NodeJS.Timeout | undefined
  const { promise: requested, resolve } = Promise.withResolvers<string>()
  const listen = (signal: 'SIGINT' | 'SIGTERM', status: number) => () => {
    if (firstAtMs === undefined) {
      firstAtMs = nowMs()
      limit = setTimeout(() => exit(1, `the engine did not stop within ${stopLimitMs / 1000} seconds; ending the process`), stopLimitMs)
      resolve(signal)
    } else if (nowMs() - firstAtMs > sameKeyPressMs) {
      exit(status, `second ${signal}: ending the process at once`)
    }
  }
  const onInterrupt = listen('SIGINT', 130)
  const onTerminate = listen('SIGTERM', 143)
  target.on('SIGINT', onInterrupt)
  target.on('SIGTERM', onTerminate)
  return {
    requested,
    dispose() {
      clearTimeout(limit)
      target.removeListener('SIGINT', onInterrupt)
      target.removeListener('SIGTERM', onTerminate)
    },
  }
}

/** How a command hears of a stop, and ends the process where it must. */
export interface StopParts {
  readonly listenForStop: (exit: (code: number, why: string) => void) => StopSignals
  readonly exit: (code: number) => void
}

/** Aborts long work when somebody asks for a stop; the reason is the signal's name. */
export function abortOnStop(parts: StopParts, say: (line: string) => void): { readonly signal: AbortSignal; dispose(): void } {
  const signals = parts.listenForStop((code, why) => {
    say(why)
    parts.exit(code)
  })
  const abort = new AbortController()
  void signals.requested.then((name) => abort.abort(name))
  return { signal: abort.signal, dispose: () => signals.dispose() }
}
