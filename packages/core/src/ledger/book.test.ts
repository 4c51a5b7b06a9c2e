import { expect, it } from 'vitest'
import { money } from '../model/money.ts'
import { CurrencyBook } from './book.ts'

it('throws INVARIANT_VIOLATED after a posting without its counter-posting, and is content once it is there', () => {
  const book = new CurrencyBook('USD')
  book.debit('cash', money('100'))
  expect(() => book.assertBalanced()).toThrow(expect.objectContaining({ code: 'INVARIANT_VIOLATED', message: 'the accounts of USD sum to 100, expected 0' }))
  book.credit('deposits', money('100'))
  book.assertBalanced()
  book.debitClearing('BTC-USD', money('0.00000000000000000001'))
  expect(() => book.assertBalanced()).toThrow(/sum to 0.00000000000000000001/)
  book.creditClearing('ETH-USD', money('0.00000000000000000001'))
  book.assertBalanced()
})
