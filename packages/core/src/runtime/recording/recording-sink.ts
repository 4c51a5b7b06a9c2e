import type { Json } from '../../model/json.ts'

/** Where a recording goes, line by line. */
export interface RecordingSink {
  /** For whoever runs it again, as it stands: the configuration file, say. */
  readonly about?: Json
  /** A line without its end. A throw ends the run: a recording with a hole is none. */
  write(line: string): void
  /** The run is over. */
  close(): void
}
