interface BlockerMeaning {
  /** Unit of the margin. */
  readonly unit: 'none' | 'quote' | 'ms' | 'trades' | 'score' | 'steps' | 'tranches' | 'positions' | 'candles' | 'fraction' | 'bps'
  /** One sentence for a person. */
  readonly text: string
  /** What ends it, for a person. */
  readonly needs: string
}

/** Every reason why the library itself does not trade, each with the unit of its margin. A plugin's own code starts with `x-`. */
export const blockerCodes = {
  // the bot's own decision
  WARMING_UP: { unit: 'candles', text: 'The indicators have not seen enough candles yet.', needs: 'More closed candles.' },
  NO_DATA: { unit: 'none', text: 'There is no price yet.', needs: 'A first price and a closed candle.' },
  HOLD: { unit: 'score', text: 'The score is below the action threshold.', needs: 'A stronger score.' },
  NO_POSITION: { unit: 'none', text: 'The score says sell and the bot holds nothing; there are no short positions.', needs: 'A score that says buy.' },
  CONFIRMATION: { unit: 'ms', text: 'The signal has not held for the confirmation time yet.', needs: 'The signal has to hold longer.' },
  SIZE_ZERO: { unit: 'quote', text: 'The sizer wants no trade here.', needs: 'A sizer that wants an amount.' },
  // safety rules
  TRADE_SIZE: { unit: 'quote', text: 'The trade is smaller than the minimum trade size.', needs: 'A larger trade.' },
  TEMPERATURE: { unit: 'steps', text: 'The signal is too weak for an entry.', needs: 'A stronger score.' },
  COOLDOWN: { unit: 'ms', text: 'The last fill is too recent.', needs: 'Time since the last fill.' },
  PRICE_STEP: { unit: 'fraction', text: 'The price is too close to the last fill of this position.', needs: 'A price further from the last fill.' },
  MAX_TRANCHES: { unit: 'tranches', text: 'The position has all its tranches.', needs: 'A tranche sold.' },
  MAX_POSITION: { unit: 'quote', text: 'The position has reached its largest value.', needs: 'A smaller position.' },
  OPEN_POSITIONS: { unit: 'positions', text: 'The account holds as many positions as it may.', needs: 'A position closed.' },
  EXPOSURE: { unit: 'quote', text: 'The account has reached its largest exposure.', needs: 'Less exposure of the account.' },
  BALANCE: { unit: 'quote', text: 'There is not enough available cash.', needs: 'More available cash.' },
  DAILY_LOSS: { unit: 'quote', text: "Today's loss has reached its limit; no entries until the next UTC day.", needs: 'The next UTC day.' },
  BOT_LOSS: {
    unit: 'quote',
    text: "The bot's own loss of today has reached its limit; it makes no entries until the next UTC day.",
    needs: 'The next UTC day.',
  },
  DRAWDOWN: {
    unit: 'fraction',
    text: 'Equity has fallen too far from its highest value; no entries until a person resets it.',
    needs: 'A reset of the breaker `drawdown` by a person.',
  },
  DAILY_TRADES_ACCOUNT: { unit: 'trades', text: 'The account has made all its entries of this UTC day.', needs: 'The next UTC day.' },
  DAILY_TRADES_BOT: { unit: 'trades', text: 'The bot has made all its entries of this UTC day.', needs: 'The next UTC day.' },
  STALE_DATA: { unit: 'ms', text: 'The last market data is too old.', needs: 'A fresh message of the market.' },
  SPREAD: { unit: 'bps', text: 'Bid and ask are too far apart.', needs: 'Bid and ask closer together.' },
  PRICE_BAND: { unit: 'fraction', text: 'The price jumped too far from the close before.', needs: 'A price nearer to the close before.' },
  TRADING_WINDOW: { unit: 'ms', text: 'Entries are not made at this time of the week.', needs: 'The next trading window.' },
  ORDER_RATE_ACCOUNT: { unit: 'ms', text: 'The account has sent too many orders in a short time.', needs: 'Time since the last orders of the account.' },
  ORDER_RATE_BOT: { unit: 'ms', text: 'The bot has sent too many orders in a short time.', needs: 'Time since the last orders of this bot.' },
  LOSS_STREAK: { unit: 'ms', text: 'The last round trips of the bot all lost; it waits.', needs: 'The end of the pause.' },
  CORRELATION_GROUP: {
    unit: 'positions',
    text: 'The group of instruments that move together holds as many positions as it may.',
    needs: 'A position of the group closed.',
  },
  ENVIRONMENT: {
    unit: 'none',
    text: 'The configuration does not allow entries in this environment.',
    needs: 'The environment named in the rule `environment` of the account, and a new start.',
  },
  CLOCK_SKEW: { unit: 'ms', text: "Our clock and the venue's differ too much.", needs: "A clock that agrees with the venue's." },
  RULE_FAILED: {
    unit: 'none',
    text: 'A safety rule threw an error; entries are denied until it works.',
    needs: 'The rule corrected: its error is in the alerts.',
  },
  // state of the engine
  EMERGENCY_STOP: { unit: 'none', text: 'The emergency stop is on; only an explicit flatten leaves, and only rearm ends it.', needs: 'A re-arm by a person.' },
  BREAKER_ERROR_RATE: { unit: 'none', text: 'Too many errors in a short time: exits only.', needs: 'A quiet time without errors, or a reset by a person.' },
  BREAKER_RATE_LIMIT: {
    unit: 'none',
    text: 'The venue asked several times for fewer requests: exits only.',
    needs: 'A quiet time without such answers, or a reset by a person.',
  },
  BREAKER_DATA_GAP: { unit: 'none', text: 'The market data has gaps or is silent: exits only.', needs: 'A quiet time with data, or a reset by a person.' },
  BREAKER_ORDER_STORM: {
    unit: 'none',
    text: 'Too many orders in a short time: trading is halted, exits included.',
    needs: 'A re-arm by a person.',
  },
  BREAKER_LEDGER_MISMATCH: { unit: 'none', text: 'The books do not balance: trading is halted, exits included.', needs: 'A re-arm by a person.' },
  CIRCUIT_BREAKER: { unit: 'none', text: 'A safety rule stopped the account: exits only.', needs: 'A reset by a person.' },
  TRADING_STATE: { unit: 'none', text: 'Trading is paused or reducing: exits only.', needs: 'A resume by a person.' },
  BOT_PAUSED: { unit: 'none', text: 'This bot is paused: exits only.', needs: 'A resume of this bot by a person.' },
  BOT_RETIRED: { unit: 'none', text: 'This bot is being retired: exits only.', needs: 'Nothing: it will not enter again.' },
  PLUGIN_FAILED: {
    unit: 'none',
    text: 'A plugin of this bot failed; the bot makes no new entries.',
    needs: 'The plugin corrected and a new start: its error is in the alerts.',
  },
  RECONCILING: { unit: 'none', text: 'The account has not been reconciled with the venue yet.', needs: 'The first successful reconciliation.' },
  ORDER_OPEN: { unit: 'none', text: 'An order of this bot is working.', needs: 'The order finished.' },
  SELF_TRADE: { unit: 'none', text: 'Another bot works an opposite order on this instrument.', needs: "The other bot's order finished." },
  UNKNOWN_ORDER: {
    unit: 'none',
    text: 'The outcome of an order on this instrument is unknown; no entries until it is resolved.',
    needs: 'Word from the venue about the order.',
  },
  // order translation
  INSTRUMENT_STATE: { unit: 'none', text: 'The venue takes no such order on this instrument now.', needs: 'The venue has to open the instrument.' },
  INSUFFICIENT_FUNDS: { unit: 'quote', text: 'The exact available cash is less than the approved amount.', needs: 'More available cash.' },
  SIZE_TOO_SMALL: { unit: 'quote', text: "The order is below the venue's minimum.", needs: 'A larger order.' },
  DUST: { unit: 'quote', text: "What the bot holds is below the venue's minimum and cannot be sold.", needs: 'A larger holding.' },
} as const satisfies Record<string, BlockerMeaning>

/** The closed list of the library's own blocker codes. */
export type BlockerCode = keyof typeof blockerCodes

const meanings: Readonly<Record<string, BlockerMeaning | undefined>> = blockerCodes

/**
 * Returns the unit of a blocker's margin; `none` for a plugin's own code.
 *
 * @example
 * ```ts
 * blockerUnit('COOLDOWN') // => 'ms'
 * ```
 */
export const blockerUnit = (code: string): string => (Object.hasOwn(meanings, code) ? meanings[code]!.unit : 'none')

/**
 * Returns the sentence for a blocker code; a plugin's own code stands for itself.
 *
 * @example
 * ```ts
 * blockerText('ORDER_OPEN') // => 'An order of this bot is working.'
 * ```
 */
export const blockerText = (code: string): string => (Object.hasOwn(meanings, code) ? meanings[code]!.text : code)

/**
 * Returns what ends a blocker, for a person; empty for a plugin's own code.
 *
 * @example
 * ```ts
 * blockerNeeds('BALANCE') // => 'More available cash.'
 * ```
 */
export const blockerNeeds = (code: string): string => (Object.hasOwn(meanings, code) ? meanings[code]!.needs : '')
