/** technicalindicators, trading-signals, ours, what differs. */
const ROWS: readonly (readonly [string, string, string, string])[] = [
  ['`SMA`', '`new SMA(20)`', '[`sma(20)`](sma.md)', 'theirs: running sums drift, or the window is summed again each time'],
  ['`EMA`', '`new EMA(20)`', '[`ema(20)`](ema.md)', 'trading-signals starts with the first price, not with a mean'],
  ['`WEMA`', '`new RMA(14)` / `WSMA`', '[`rma(14)`](rma.md)', 'Wilder'],
  ['`WMA`', '`new WMA(20)`', '[`wma(20)`](wma.md)', ''],
  ['-', '`new DEMA(20)`', '[`dema(20)`](dema.md)', 'other start'],
  ['-', '`new TEMA(20)`', '[`tema(20)`](tema.md)', 'other start'],
  ['-', '`new HMA(20)`', '[`hma(20)`](hma.md)', ''],
  ['-', '`new KAMA()`', '[`kama()`](kama.md)', ''],
  ['-', '`new T3()`', '[`t3()`](t3.md)', ''],
  ['-', '`new ALMA()`', '[`alma()`](alma.md)', ''],
  ['-', '`new ZLEMA()`', '[`zlema()`](zlema.md)', ''],
  ['-', '`new TRIMA()`', '[`trima()`](trima.md)', ''],
  ['-', '`new VWMA()`', '[`vwma()`](vwma.md)', ''],
  ['`RSI`', '`new RSI(14)`', '[`rsi(14)`](rsi.md)', 'technicalindicators rounds to 2 decimals; flat prices give 100 there, 50 here (`flat`)'],
  ['`StochasticRSI`', '`new StochasticRSI(14)`', '[`stochRsi()`](stoch-rsi.md)', 'smoothing differs: set `k` and `d`'],
  [
    '`MACD`',
    '`new MACD(new EMA(12), new EMA(26), new EMA(9))`',
    '[`macd()`](macd.md)',
    'nothing is shown before the signal exists; trading-signals starts with the first price',
  ],
  ['`BollingerBands`', '`new BollingerBands(20, 2)`', '[`bollinger()`](bollinger.md)', 'percentB and width come along'],
  ['`ATR`', '`new ATR(14)`', '[`atr(14)`](atr.md)', "technicalindicators starts like `seed: 'talib'`"],
  ['`TrueRange`', '`new TR()`', '[`trueRange()`](true-range.md)', ''],
  ['`ADX`', '`new ADX(14)`', '[`adx(14)`](adx.md)', ''],
  ['-', '`new DX(14)`', '[`dmi(14)`](dmi.md)', ''],
  [
    '`Stochastic`',
    '`new StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 3, dPeriod: 3 })`',
    '[`stochastic()`](stochastic.md)',
    'technicalindicators has the fast one only: `smooth: 1`',
  ],
  ['`WilliamsR`', '`new WilliamsR(14)`', '[`williamsR(14)`](williams-r.md)', ''],
  ['`CCI`', '`new CCI(20)`', '[`cci(20)`](cci.md)', ''],
  ['`ROC`', '`new ROC(10)`', '[`roc(10)`](roc.md)', 'trading-signals gives a fraction: [`rocp`](rocp.md)'],
  ['-', '`new MOM(10)`', '[`mom(10)`](mom.md)', ''],
  ['`TRIX`', '`new TRIX(18)`', '[`trix(18)`](trix.md)', ''],
  ['`PSAR`', '`new PSAR()`', '[`psar()`](psar.md)', 'first direction: `seed`'],
  ['`IchimokuCloud`', '`new IchimokuCloud()`', '[`ichimoku()`](ichimoku.md)', 'cloud over the candle and cloud ahead are separate outputs'],
  ['`KeltnerChannels`', '`new KeltnerChannels()`', '[`keltner()`](keltner.md)', "`range: 'atr'` for bands by ATR"],
  ['`ChandelierExit`', '`new ChandelierExit()`', '[`chandelierExit()`](chandelier-exit.md)', ''],
  ['-', '`new DonchianChannels(20)`', '[`donchian(20)`](donchian.md)', ''],
  ['-', '`new SuperTrend()`', '[`supertrend()`](supertrend.md)', 'direction 1 is up'],
  ['-', '`new Vortex(14)`', '[`vortex(14)`](vortex.md)', ''],
  ['`OBV`', '`new OBV()`', '[`obv()`](obv.md)', 'starts at 0, or with the first volume: `seed`'],
  ['`ADL`', '`new AD()`', '[`ad()`](ad.md)', ''],
  ['-', '`new ADOSC()`', '[`adosc()`](adosc.md)', ''],
  ['-', '`new CMF()`', '[`cmf()`](cmf.md)', ''],
  ['`MFI`', '`new MFI(14)`', '[`mfi(14)`](mfi.md)', ''],
  ['`VWAP`', '`new VWAP()`', '[`vwap()`](vwap.md)', "sessions: `anchor: 'day'`"],
  ['`SD`', '-', '[`stdev(20)`](stdev.md)', ''],
  ['`Highest`, `Lowest`, `Sum`', '-', '[`highest`](highest.md), [`lowest`](lowest.md), [`sum`](sum.md)', ''],
  ['-', '`new LinearRegression(14)`', '[`linearRegression(14)`](linear-regression.md)', ''],
  ['`HeikinAshi`', '-', '[`heikinAshi()`](heikin-ashi.md)', ''],
  ['`CrossUp`, `CrossDown`', '-', '[`cross()`](cross.md)', '1 over, -1 under'],
]

/** How to come from two other libraries. */
export const migration = (note: string): string => `# Coming from technicalindicators or trading-signals

<!-- ${note} -->

| technicalindicators 3 | trading-signals 8 | here | differences |
| --- | --- | --- | --- |
${ROWS.map((row) => `| ${row.join(' | ')} |`).join('\n')}

| what | technicalindicators | trading-signals | here |
| --- | --- | --- | --- |
| whole series | \`SMA.calculate({ period, values })\`, shorter than its input | a loop | \`sma(values, period)\` from \`@millrace/indicators/batch\`, as long as its input, NaN first |
| next value | \`nextValue(x)\`, \`undefined\` at first | \`update(x, false)\`, \`null\` at first | \`update(x)\`, NaN at first |
| forming candle | not possible | \`update(x, true)\` replaces the last | \`preview(x)\`, changes nothing |
| last value | keep it yourself | \`getResult()\`, throws at first | \`value\` |
| save and continue | not possible | not in general | \`snapshot()\`, \`restore()\` |
| bad input | goes in | goes in | \`RangeError\`, or \`onInvalid\` |
| several outputs | a fresh object | a fresh object | one record, reused; \`copy: true\` |

\`\`\`ts
import { sma } from '@millrace/indicators/batch'

// technicalindicators: SMA.calculate({ period: 2, values: [1, 3, 5] }) gives [2, 4]
Array.from(sma([1, 3, 5], 2)) // => [NaN, 2, 4]
\`\`\`
`
