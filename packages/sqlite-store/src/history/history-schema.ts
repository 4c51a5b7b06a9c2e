import type { FileKind } from '../migrate-file.ts'

/** `MilH` in ASCII: a file of imported trades, not of a journal. */
const HISTORY_ID = 0x4d696c48

export const historyFile: FileKind = {
  applicationId: HISTORY_ID,
  words: 'a file of imported trades',
  migrations: [
    `CREATE TABLE trades (
       source TEXT NOT NULL,
       fill_id TEXT NOT NULL,
       instrument TEXT NOT NULL,
       side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
       price TEXT NOT NULL,
       quantity TEXT NOT NULL,
       value TEXT NOT NULL,
       fee TEXT NOT NULL,
       fee_currency TEXT NOT NULL,
       at_ms INTEGER NOT NULL,
       order_id TEXT,
       portfolio TEXT,
       liquidity TEXT,
       PRIMARY KEY (source, fill_id)
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX trades_by_time ON trades (at_ms, source, fill_id);
     CREATE INDEX trades_by_instrument ON trades (instrument, at_ms, source, fill_id);
     PRAGMA application_id = ${HISTORY_ID};`,
  ],
}
