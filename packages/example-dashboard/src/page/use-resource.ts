import { useCallback, useEffect, useState } from 'preact/hooks'
import { read, reasonOf } from './api.ts'

/** What was read from an endpoint: the last good answer stays, with why there is no newer one. */
export interface Resource<T> {
  readonly value: T | undefined
  readonly failure: string | undefined
  readonly again: () => void
}

/**
 * Reads an endpoint now, whenever `key` changes, and every so often.
 *
 * @param path - undefined: nothing is read
 */
export function useResource<T>(path: string | undefined, everyMs: number, key: unknown = ''): Resource<T> {
  const [shown, setShown] = useState<{ readonly path: string | undefined; readonly value: T | undefined; readonly failure: string | undefined }>({
    path,
    value: undefined,
    failure: undefined,
  })
  const load = useCallback(async (): Promise<void> => {
    if (path === undefined) return
    try {
      const value = await read<T>(path)
      setShown({ path, value, failure: undefined })
    } catch (error) {
      setShown((before) => ({ path, value: before.path === path ? before.value : undefined, failure: reasonOf(error) }))
    }
  }, [path])
  useEffect(() => void load(), [load, key])
  useEffect(() => {
    const timer = setInterval(() => void load(), everyMs)
    return () => clearInterval(timer)
  }, [load, everyMs])
  const fits = shown.path === path
  return { value: fits ? shown.value : undefined, failure: fits ? shown.failure : undefined, again: () => void load() }
}
