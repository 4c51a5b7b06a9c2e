import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { Json } from '../model/json.ts'
import type { RecordingSink } from '../runtime/recording/recording-sink.ts'

/** Characters kept back before they are written: a crash loses at most so many of the newest. */
const BUFFER = 64 * 1024

/**
 * Makes a file that an engine records its run into. It is made anew; a file that is there already is refused.
 *
 * @param about - for whoever runs it again: stands in its first line
 * @throws Error when the file cannot be made, or is there already
 * @example
 * ```ts
 * const recording = recordingFile('run.recording')
 * recording.write('a line')
 * recording.close()
 * const [line] = readRecording('run.recording')
 * line // => 'a line'
 * ```
 */
export function recordingFile(path: string, about: Json = null): RecordingSink {
  const file = openSync(path, 'wx', 0o600)
  let pending = ''
  let open = true
  const flush = (): void => {
    writeSync(file, pending)
    pending = ''
  }
  return {
    about,
    write(line) {
      pending += `${line}\n`
      if (pending.length >= BUFFER) flush()
    },
    close() {
      if (!open) return
      open = false
      flush()
      fsyncSync(file)
      closeSync(file)
    },
  }
}

/** The largest recording that is read, 2 GiB. */
const MAX_BYTES = 2 ** 31

/**
 * Gives out the lines of a recording.
 *
 * @throws Error when the file cannot be read, RangeError when it is larger than 2 GiB
 * @example
 * ```ts no-run
 * replayRecording(readRecording('run.recording'), { bots, exchange })
 * ```
 */
export function* readRecording(path: string): Generator<string> {
  const bytes = readFileSync(path)
  if (bytes.length > MAX_BYTES) throw new RangeError(`${path}: expected at most ${MAX_BYTES} bytes, received ${bytes.length}`)
  for (let from = 0; from < bytes.length;) {
    const found = bytes.indexOf(10, from)
    const to = found === -1 ? bytes.length : found
    yield bytes.toString('utf8', from, to)
    from = to + 1
  }
}
