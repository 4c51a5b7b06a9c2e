import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
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
 * @param leastMs - a `key` that changes all the time is followed no more often than this
 */
export function useResource<T>(path: string | undefined, everyMs: number, key: unknown = '', leastMs = 0): Resource<T> {
  const asked = useRef({ count: 0, shown: 0, atMs: Number.NEGATIVE_INFINITY })
  const [shown, setShown] = useState<{ readonly path: string | undefined; readonly value: T | undefined; readonly failure: string | undefined }>({
    path,
    value: undefined,
    failure: undefined,
  })
  const load = useCallback(async (): Promise<void> => {
    if (path === undefined) return
    const number = ++asked.current.count
    asked.current.atMs = performance.now()
    // An answer that comes after that of a later question is older.
    const show = (next: Parameters<typeof setShown>[0]): void => {
      if (number < asked.current.shown) return
      asked.current.shown = number
      setShown(next)
    }
    try {
      const value = await read<T>(path)
      show({ path, value, failure: undefined })
    } catch (error) {
      show((before) => ({ path, value: before.path === path ? before.value : undefined, failure: reasonOf(error) }))
    }
  }, [path])
  useEffect(() => void load(), [load])
  const first = useRef(true)
  useEffect(() => {
    if (first.current) return void (first.current = false)
    const timer = setTimeout(() => void load(), Math.max(0, asked.current.atMs + leastMs - performance.now()))
    return () => clearTimeout(timer)
  }, [key])
  useEffect(() => {
    const timer = setInterval(() => void load(), everyMs)
    return () => clearInterval(timer)
  }, [load, everyMs])
  const fits = shown.path === path
  return { value: fits ? shown.value : undefined, failure: fits ? shown.failure : undefined, again: () => void load() }
}
