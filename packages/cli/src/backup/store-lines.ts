import type { StoreReport } from '@millrace/sqlite-store'
import { countText } from '../text/format.ts'

/** What a store holds, in lines for people. */
export const storeLines = ({
  storeId,
  environment,
  schema,
  lastSeq,
  hash,
  completeFrom,
  bytes,
  checked,
}: StoreReport): readonly (readonly [string, string])[] => [
  ['store', `${storeId}, ${environment}, schema ${schema}`],
  [
    'entries',
    completeFrom === 1
      ? `up to ${countText(lastSeq)}`
      : `up to ${countText(lastSeq)}; all from ${countText(completeFrom)} on, of those before what money follows from`,
  ],
  ['hash', hash],
  ['size', `${countText(bytes)} bytes`],
  [
    'checked',
    checked === 'everything'
      ? 'pages, chain, checkpoints, and every row'
      : 'pages and references; the rest when it is opened, because it is of an older release',
  ],
]
