import type { FileKind } from '../migrate-file.ts'

/** `MilC` in ASCII: a file of candles, not of a journal. */
const CANDLES_ID = 0x4d696c43

/** The steps from an empty file to the schema of today; a released step never changes. */
const migrations: readonly string[] = [
  `CREATE TABLE series (
     id INTEGER PRIMARY KEY,
     instrument TEXT NOT NULL,
     timeframe_ms INTEGER NOT NULL,
     source TEXT NOT NULL,
     UNIQUE (instrument, timeframe_ms, source)
   ) STRICT;
   CREATE TABLE days (
     series INTEGER NOT NULL REFERENCES series (id),
     day_ms INTEGER NOT NULL,
     revision INTEGER NOT NULL,
     rows INTEGER NOT NULL,
     first_ms INTEGER NOT NULL,
     last_ms INTEGER NOT NULL,
     missing INTEGER NOT NULL,
     gaps INTEGER NOT NULL,
     corrected INTEGER NOT NULL,
     sum TEXT NOT NULL,
     columns BLOB NOT NULL,
     PRIMARY KEY (series, day_ms, revision)
   ) STRICT, WITHOUT ROWID;
   PRAGMA application_id = ${CANDLES_ID};`,
]

export const candleFile: FileKind = { applicationId: CANDLES_ID, words: 'a file of candles', migrations }
