import { readFrame } from './frames.ts'
import type { Frame } from './frames.ts'
import type { RecordingEnd, RecordingHeader } from './record-run.ts'
import { LineChain } from './recording-line.ts'

/**
 * Reads the first line of a recording.
 *
 * @throws RangeError when it is no recording, or one of another version, or its first line was changed
 * @example
 * ```ts
 * recordingHeader('not a recording') // => throws expected the first line of a recording
 * ```
 */
export const recordingHeader = (line: string): RecordingHeader => readHeader(new LineChain(), line)

function readHeader(chain: LineChain, line: string): RecordingHeader {
  const text = chain.read(line)
  const header = text === undefined ? undefined : (JSON.parse(text) as RecordingHeader)
  const version: unknown = header?.recording
  if (header === undefined || version !== 1)
    throw new RangeError(
      `expected the first line of a recording of version 1, received ${header === undefined ? JSON.stringify(line.slice(0, 40)) : `version ${String(version)}`}`,
    )
  return header
}

/** A frame and where it stands. */
interface Read {
  readonly frame: Frame
  readonly line: number
}

/** Goes through the frames; stops at the last line, at a damaged one, or where the recording was cut off. */
export class RecordingReader {
  readonly header: RecordingHeader
  end: RecordingEnd | undefined
  damaged: { readonly line: number } | undefined
  /** The input given out last, and the one before it. */
  last = { what: 'the start', line: 1 }
  previous = this.last
  private line = 1
  private readonly chain = new LineChain()
  private readonly lines: Iterator<string>
  private ahead: Read | undefined

  constructor(lines: Iterable<string>) {
    this.lines = lines[Symbol.iterator]()
    const first = this.lines.next()
    this.header = readHeader(this.chain, first.done === true ? '' : first.value)
  }

  next(): Frame | undefined {
    const read = this.ahead ?? this.pull()
    this.ahead = undefined
    this.previous = this.last
    if (read !== undefined) this.last = { what: nameOf(read.frame), line: read.line }
    return read?.frame
  }

  /** True when the next line says that an order was kept back while this input was handled; it is then taken. */
  takeRefused(): boolean {
    this.ahead = this.pull()
    if (this.ahead?.frame.input.kind !== 'refused') return false
    this.ahead = undefined
    return true
  }

  private pull(): Read | undefined {
    if (this.end !== undefined || this.damaged !== undefined) return undefined
    const next = this.lines.next()
    if (next.done === true) return undefined
    this.line++
    const text = this.chain.read(next.value)
    if (text === undefined) {
      this.damaged = { line: this.line }
      return undefined
    }
    if (text.startsWith('[')) return { frame: readFrame(text), line: this.line }
    this.end = JSON.parse(text) as RecordingEnd
    return undefined
  }
}

function nameOf({ input, nowMs }: Frame): string {
  const what = input.kind === 'market' && 'instrument' in input.event ? `${input.event.type} ${input.event.instrument}` : input.kind
  return `${what} at ${nowMs}`
}
