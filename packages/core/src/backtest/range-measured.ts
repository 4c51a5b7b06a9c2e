/**
 * How often a replay on minutes fell inside the range of one on quarters of an hour: `npm run campaign:range`, the last line of it in docs/campaigns.jsonl (a test compares).
 * `runs` are whole runs of ten days, `trips` round trips with the same entry.
 */
export const rangeMeasured = { runs: 400, runsInside: 3, trips: 18_152, tripsInside: 17_088 } as const

const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`

/** What a report says of it. */
export const rangeMeasuredText = `Measured on made-up prices, a replay on minutes fell inside such a range in ${rangeMeasured.runsInside} of ${rangeMeasured.runs} whole runs, and ${share(rangeMeasured.tripsInside, rangeMeasured.trips)} of round trips with the same entry did: a range, not a bound.`
