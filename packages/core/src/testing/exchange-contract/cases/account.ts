import { currenciesOf } from '../../../model/instrument.ts'
import { add, ceilTo, equal, greater, isPositive, isZero, less, money, multiply, toFloat } from '../../../model/money.ts'
import { exchangeCase, type CaseDefinition } from '../case.ts'
import { must } from '../must.ts'
import { text } from '../checks.ts'
import type { Trial } from '../trial.ts'

const increments = ['priceIncrement', 'baseIncrement', 'quoteIncrement', 'maxBase'] as const

async function saysWhatItIs({ exchange }: Trial): Promise<void> {
  const { id, environment, capabilities } = exchange
  must(id.trim() !== '', () => 'expected an id, received none')
  must(['backtest', 'paper', 'live'].includes(environment), () => `expected backtest, paper or live, received ${String(environment)}`)
  const { orderTypes } = capabilities
  must(
    orderTypes.length > 0 && new Set(orderTypes).size === orderTypes.length,
    () => `expected order types, each once, received ${orderTypes.join(', ') || 'none'}`,
  )
  const flags = ['quoteSizedBuys', 'feeInsideQuoteSize', 'idempotentClientOrderId', 'lookupByClientOrderId'] as const
  for (const flag of flags) must(typeof capabilities[flag] === 'boolean', () => `expected ${flag} true or false, received ${String(capabilities[flag])}`)
}

async function listsTheInstrument({ instrument }: Trial): Promise<void> {
  must(instrument.state === 'online', () => `expected ${instrument.id} online, received ${instrument.state}`)
  for (const name of increments) must(isPositive(instrument[name]), () => `expected ${name} above 0, received ${text(instrument[name])}`)
  for (const name of ['minBase', 'minQuote'] as const)
    must(!less(instrument[name], money(0)), () => `expected ${name} from 0, received ${text(instrument[name])}`)
  must(
    greater(instrument.maxBase, instrument.minBase),
    () => `expected maxBase above minBase ${text(instrument.minBase)}, received ${text(instrument.maxBase)}`,
  )
  must(Number.isFinite(instrument.asOfMs), () => `expected asOfMs, the time at which the rules were seen, received ${instrument.asOfMs}`)
}

async function listsEachOnce({ exchange }: Trial): Promise<void> {
  const listed = await exchange.instruments()
  const ids = listed.map(({ id }) => id)
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  must(twice === undefined, () => `expected each instrument once, received two of ${twice}`)
  for (const { id, base, quote } of listed) {
    const currencies = currenciesOf(id)
    must(currencies.base === base && currencies.quote === quote, () => `expected base and quote of ${id}, received ${base} and ${quote}`)
  }
}

async function ratesAreShares({ exchange }: Trial): Promise<void> {
  const rates = await exchange.feeRates()
  for (const [name, rate] of Object.entries(rates) as [string, typeof rates.makerRate][]) {
    // A tenth is already more than any venue takes: 0.9 for 0.9 % is the mistake to find.
    must(Math.abs(toFloat(rate)) < 0.1, () => `expected ${name} as a share of the value, such as 0.006 for 0.6 %, received ${text(rate)}`)
  }
}

async function namesEachCurrencyOnce({ exchange, instrument }: Trial): Promise<void> {
  const balances = await exchange.balances()
  const names = balances.map(({ currency }) => currency)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  must(twice === undefined, () => `expected each currency once, summed over its wallets, received two of ${twice}`)
  for (const { currency, available, held } of balances) {
    must(!less(available, money(0)) && !less(held, money(0)), () => `expected ${currency} from 0, received ${text(available)} free and ${text(held)} held`)
  }
  must(names.includes(instrument.quote), () => `expected ${instrument.quote} among the balances, received ${names.join(', ') || 'none'}`)
}

export const accountCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E01',
    name: 'it says what it is and what it can do',
    prerequisite: 'none',
    action: 'read id, environment and capabilities',
    expected: 'an id; an environment; order types, each once; every capability true or false',
    check: saysWhatItIs,
  }),
  exchangeCase({
    id: 'E02',
    name: 'it lists the instrument with usable rules',
    prerequisite: 'none',
    action: 'instruments()',
    expected: 'the instrument is online; increments and maxBase above 0; minima from 0; asOfMs is a time',
    check: listsTheInstrument,
  }),
  exchangeCase({
    id: 'E03',
    name: 'it lists each instrument once, under the id of its two currencies',
    prerequisite: 'none',
    action: 'instruments()',
    expected: 'no id twice; base and quote are those of the id',
    check: listsEachOnce,
  }),
  exchangeCase({
    id: 'E04',
    name: 'fee rates are shares of the value',
    prerequisite: 'none',
    action: 'feeRates()',
    expected: 'both rates nearer to 0 than a tenth',
    check: ratesAreShares,
  }),
  exchangeCase({
    id: 'E05',
    name: 'balances name each currency once, free and held',
    prerequisite: 'none',
    action: 'balances()',
    expected: 'no currency twice; nothing below 0; the quote currency of the instrument is there',
    check: namesEachCurrencyOnce,
  }),
  exchangeCase({
    id: 'E06',
    name: 'rules that the venue changes are told',
    prerequisite: 'no order works',
    action: 'the venue makes both increments ten times as large; instruments(), again and again',
    expected: 'the new increments; a size that is whole in the new increments is accepted and filled',
    events: ['open? partiallyFilled? filled'],
    needs: ['setIncrements'],
    check: async (trial, { setIncrements }) => {
      const { instrument } = trial
      const [priceIncrement, baseIncrement] = [multiply(instrument.priceIncrement, money(10)), multiply(instrument.baseIncrement, money(10))]
      await setIncrements({ priceIncrement, baseIncrement })
      await trial.until(
        async () => {
          const now = (await trial.exchange.instruments()).find(({ id }) => id === instrument.id)
          return now && equal(now.priceIncrement, priceIncrement) && equal(now.baseIncrement, baseIncrement) ? now : undefined
        },
        () => `instruments(): expected the increments ${text(priceIncrement)} and ${text(baseIncrement)}, received the old ones time after time`,
      )
      const ref = await trial.accepted({ base: ceilTo(trial.quantity(), baseIncrement) })
      await trial.reaches(ref, 'filled')
    },
  }),
  exchangeCase({
    id: 'E07',
    name: 'money that comes in or goes out is in the balances',
    prerequisite: 'no order works',
    action: 'a deposit of 100 in quote, then a withdrawal of 40; balances() after each',
    expected: 'the balance is larger by exactly 100, then by exactly 60; nothing is held',
    needs: ['transfer'],
    check: async (trial, { transfer }) => {
      const { quote } = trial.instrument
      const before = await trial.purse(quote)
      for (const [amount, change] of [
        ['100', '100'],
        ['-40', '60'],
      ] as const) {
        await transfer(quote, money(amount))
        let received = before
        await trial.until(
          async () => {
            received = await trial.purse(quote)
            return equal(received.available, add(money(change), before.available)) && isZero(received.held) ? true : undefined
          },
          () => `balances(): expected ${text(before.available)} and ${change}, received ${text(received.available)}`,
        )
      }
    },
  }),
]
