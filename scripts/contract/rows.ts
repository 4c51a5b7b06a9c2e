/** A feature the user was promised. */
export interface ContractRow {
  readonly n: number
  readonly title: string
  /** The issues that show it. */
  readonly issues: readonly number[]
}

/** Issues that are done: each of their rows needs a passing test, or `npm test` fails. */
export const doneIssues: readonly number[] = [2, 3, 4, 5, 6, 7, 8, 9, 10]

const row = (n: number, title: string, ...issues: number[]): ContractRow => ({ n, title, issues })

/** The hundred features, in our own words; a test shows one by carrying `[row n]` in its name. */
export const contractRows: readonly ContractRow[] = [
  row(1, 'Eleven bots run together', 2),
  row(2, 'Ten named coins and PENGU, all against USD', 2),
  row(3, 'A bot buys and sells on its own', 2),
  row(4, 'A repeatable trading day: fixed trade count and hash', 2, 7),
  row(5, 'RSI signal', 3),
  row(6, 'Moving-average signal', 3),
  row(7, 'MACD signal', 3),
  row(8, 'Streaming and batch indicators agree', 3),
  row(9, 'One combined score per bot, stored with each trade', 4),
  row(10, 'Four temperatures', 4),
  row(11, 'No entry below WARM', 4),
  row(12, 'Evaluation every five seconds', 2),
  row(13, 'Five-minute confirmation', 4),
  row(14, 'Confirmation survives a restart', 2),
  row(15, 'Fifteen-minute cooldown', 4),
  row(16, 'Smallest trade 5 USD', 4),
  row(17, 'Largest trade 25 USD', 4),
  row(18, 'Daily loss limit 100 USD', 4),
  row(19, 'Daily trade limits', 4),
  row(20, 'Position and exposure limits', 4),
  row(21, 'Emergency stop for all bots', 4, 6),
  row(22, 'Circuit breakers', 4),
  row(23, 'Safety judges every trade', 4),
  row(24, 'A failed order leaves no trace in the books', 4),
  row(25, 'Paper by default, live only on purpose', 2),
  row(26, 'The whole pipeline runs on paper', 2),
  row(27, 'Market orders at Coinbase', 5),
  row(28, 'Order status kept in step with the venue', 5),
  row(29, 'No order stays pending for ever', 6),
  row(30, 'Every stored trade matched to venue fills', 6),
  row(31, 'Long trade history: import and paging', 5),
  row(32, 'One position per bot made of several tranches', 2),
  row(33, 'Tranche records as plain JSON', 4),
  row(34, 'Exact average entry price', 4),
  row(35, 'Derived position figures equal a recomputation', 4),
  row(36, 'Position states', 4),
  row(37, 'Tranches of equal size', 4),
  row(38, 'Tranches that grow', 4),
  row(39, 'Tranches that shrink', 4),
  row(40, 'Adaptive tranches', 4),
  row(41, 'Partial exits', 4),
  row(42, 'Profit per tranche adds up', 4),
  row(43, 'Efficiency score', 4),
  row(44, 'Performance grade', 4),
  row(45, 'What averaging in did', 4),
  row(46, 'Advice with the rule behind it', 4),
  row(47, 'Analytics before and after a trade', 4),
  row(48, 'Sizing by temperature and score', 4),
  row(49, 'A size is chosen when none is given', 4),
  row(50, 'Strategy presets', 4),
  row(51, 'The production preset, number by number', 4),
  row(52, 'Readiness of each bot', 4, 8),
  row(53, 'Closed list of blocking reasons', 4, 8),
  row(54, 'Score saved with the trade', 4, 8),
  row(55, 'Market-data cache, thirty seconds', 5),
  row(56, 'Least recently used goes first', 5),
  row(57, 'Cache hit rate and saved calls', 5),
  row(58, 'Live cache figures on the page', 5, 8),
  row(59, 'Cache statistics endpoint', 5, 8),
  row(60, 'One SQLite file is the only truth', 2),
  row(61, 'Migrations keep old files readable', 6),
  row(62, 'Integrity checked at start', 6),
  row(63, 'Bounded database size', 6),
  row(64, 'Endpoint: execute a trade', 8),
  row(65, 'Endpoint: status of a trade', 8),
  row(66, 'Endpoint: recent trades of a bot', 8),
  row(67, 'Endpoint: all trades, never without action or amount', 8),
  row(68, 'Endpoint: trade statistics', 8),
  row(69, 'Endpoint: validate a trade', 8),
  row(70, 'Endpoint: safety status', 8),
  row(71, 'Endpoint: emergency stop', 8),
  row(72, 'Endpoint: summary of all bots', 8),
  row(73, 'Endpoint: bots with readiness and position', 8),
  row(74, 'Endpoint: start and stop a bot', 8),
  row(75, 'Endpoint: simulate a trade', 8),
  row(76, 'Answers under 100 ms', 8),
  row(77, 'Status codes and error objects', 8),
  row(78, 'Page grid of four, two, one columns', 8),
  row(79, 'Filters on the page', 8),
  row(80, 'Refresh without the stream', 8),
  row(81, 'Stream that resumes without gaps', 8),
  row(82, 'Activity timeline', 8),
  row(83, 'Notices and trade progress', 8),
  row(84, 'Feed of executions', 8),
  row(85, 'Balance alerts and capacity', 8),
  row(86, 'Live portfolio value', 8),
  row(87, 'Signal strength and badges', 8),
  row(88, 'Steady charts, nothing invented', 8),
  row(89, 'Performance panel', 8),
  row(90, 'Bot cards by temperature', 8),
  row(91, 'Polling and pushing agree', 8),
  row(92, 'One command for the health of all parts', 8),
  row(93, 'The test command says count, time and seed', 2),
  row(94, 'From signal to execution, with faults', 9),
  row(95, 'Structured logs without secrets', 8),
  row(96, 'Clean use of resources over a day', 6),
  row(97, 'One Node process, no services', 2),
  row(98, 'API documentation with examples', 9),
  row(99, 'Documentation set', 9),
  row(100, 'Decision points as named pure functions', 4),
]

/** Something that went wrong in the modelled system, in our own words. */
export interface Incident {
  readonly n: number
  readonly title: string
  /** The issue whose tests show that it cannot happen here. */
  readonly issues: readonly number[]
}

const incident = (n: number, title: string, ...issues: number[]): Incident => ({ n, title, issues })

/** The incidents by their numbers; a test shows that one cannot happen here by carrying `[INC-nn]`. */
export const incidents: readonly Incident[] = [
  incident(1, 'Looking at a page placed orders', 4),
  incident(2, 'Hard limits were raised in silence', 4),
  incident(3, 'Loss limits that measured no loss', 4),
  incident(4, 'Safety tests deleted before going live', 4),
  incident(5, 'Buy and sell signs confused', 4),
  incident(6, 'Settings that nothing reads', 4),
  incident(7, 'Entry limits held back exits', 4),
  incident(8, 'Positions that never saw a fill', 4),
  incident(9, 'Analytics that failed in silence', 4),
  incident(10, 'A default price', 4),
  incident(11, 'Invented candles', 4),
  incident(12, 'Zero taken for missing', 4),
  incident(13, 'Configuration that drifts', 4),
  incident(14, 'A strategy changed without a comparison', 4),
  incident(20, 'Orders pending for ever', 4, 6),
  incident(21, 'The same trade twice', 4, 6),
  incident(22, 'Orders that nobody wrote down', 4, 6),
  incident(23, 'Trades of others taken for our own', 4, 6),
  incident(24, 'Mock and real in one store', 4),
  incident(25, 'Quantities and amounts mixed up', 4),
  incident(26, 'A size whose unit was unclear', 4),
  incident(27, 'What was bought counted as lost', 4),
  incident(28, 'Several answers for one profit', 4),
  incident(29, 'Fees left out', 4),
  incident(30, 'A sale taken for a return', 4),
  incident(31, 'Two stores, two truths', 4),
  incident(32, 'Foreign coins taken over', 4),
  incident(33, 'The same cash spent twice', 4),
  incident(34, 'Smallest sizes in many places', 4),
  incident(35, 'Refusals without a reason', 5),
  incident(40, 'Rate limits', 5),
  incident(41, 'A stream that was never connected', 5),
  incident(42, 'Streams started by hand', 5),
  incident(43, 'Old prices taken for new', 4),
  incident(44, 'A history that grows without bound', 6),
  incident(45, 'Confirmations that stuck', 4),
  incident(46, 'Two models of concurrency', 2),
  incident(47, 'Imports in circles', 2),
  incident(48, 'A start that needs other services', 2),
  incident(49, 'Work on the running system', 6),
  incident(50, 'Tests that leave things behind', 2),
  incident(60, 'No way to see what happened', 8),
  incident(61, 'A bot that cannot trade and does not say why', 4, 8),
  incident(62, 'Invented charts and figures', 8),
  incident(63, 'Ordinary refusals shown as errors', 8),
  incident(64, 'A page that stands still', 8),
  incident(65, 'One fact in three forms', 8),
  incident(66, 'Endpoints that are not there', 8),
  incident(67, 'Cards cut off', 8),
  incident(68, 'Bots in another order than asked for', 8),
  incident(69, 'A filter for states that do not exist', 8),
  incident(70, 'Claims that nobody checked', 9),
  incident(71, 'Accuracy of what was never measured', 7),
  incident(72, 'A period that was not filtered', 7),
  incident(73, 'A comparison cut short', 7),
  incident(74, 'Sources without details', 9),
]

/** What the tests are held against. */
export interface Claims {
  readonly rows: readonly ContractRow[]
  readonly incidents: readonly Incident[]
  /** What goes wrong around a trading program; each needs a passing test. */
  readonly faults?: readonly Incident[]
}

export const contract: Claims = { rows: contractRows, incidents }
