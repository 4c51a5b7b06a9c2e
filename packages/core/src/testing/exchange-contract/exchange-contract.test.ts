import { describe, expect, test } from 'vitest'
import { exchangeContract, exchangeContractRows } from './exchange-contract.ts'
import type { ExchangeHarness } from './harness.ts'
import { mutants, mutated } from './mutants.fixture.ts'
import { paperSubject } from './paper-subject.fixture.ts'
import { remoteSubject } from './remote-exchange.fixture.ts'

const restart = 'paper takes the state of an instrument when it starts: the harness starts it again, and a new start has no fills of the old one'
const unsupported = {
  'the exchange takes no limit order that works ioc': ['E27', 'E28'],
  'the exchange takes no limit order that works fok': ['E29', 'E30'],
  'the exchange takes no stop-limit orders': ['E31', 'E32', 'E33'],
}

/** Reasons and the cases that are skipped for them; every other case has to be carried out. */
type Skips = Readonly<Record<string, readonly string[]>>

const subjects: readonly (readonly [name: string, harness: ExchangeHarness, skips: Skips])[] = [
  [
    'the paper exchange',
    { make: async () => paperSubject(), skip: [{ case: 'E49', reason: restart }] },
    {
      ...unsupported,
      [restart]: ['E49'],
      'the harness has no control failReads': ['E70'],
      'the harness has no control hideOrders': ['E71'],
      'the harness has no control hideFills': ['E76'],
      'the harness has no control limitPages': ['E77'],
      'the harness has no control duplicateEvents': ['E82'],
      'the harness has no control replayEvents': ['E83'],
      'the harness has no control dropConnection, restoreConnection': ['E84', 'E85', 'E86'],
      'the harness has no control skipEvent': ['E87'],
      'the harness has no control refuseSubscription, dropConnection, restoreConnection': ['E88'],
      'the harness has no control loseReply': ['E89', 'E96', 'E97', 'E98', 'E99'],
      'the harness has no control loseRequest': ['E90', 'E100'],
      'the harness has no control failAfter': ['E91'],
      'the harness has no control failBefore': ['E92'],
      'the harness has no control garbleReply': ['E93'],
      'the harness has no control delayReply': ['E94'],
      'the harness has no control limitRate': ['E95'],
      'the harness has no control reopen': ['E104', 'E105', 'E106'],
    },
  ],
  [
    'the paper exchange at the other end of a wire',
    { make: async () => remoteSubject(), skip: [{ case: 'E49', reason: restart }] },
    { ...unsupported, [restart]: ['E49'] },
  ],
]

describe.each(subjects)('%s', (_name, harness, skips) => {
  const cases = exchangeContract(harness)
  const skipped = new Set(Object.values(skips).flat())
  test.each(cases.filter(({ id }) => !skipped.has(id)))('$id $name', async ({ run }) => {
    expect(await run()).toBeUndefined()
  })
  test(`skips ${skipped.size} of ${cases.length} cases, each with its reason`, async () => {
    const reasons: Record<string, string[]> = Object.fromEntries(Object.keys(skips).map((reason) => [reason, []]))
    for (const { id, run } of cases.filter((each) => skipped.has(each.id))) {
      const outcome = await run()
      if (outcome) (reasons[outcome.skipped] ??= []).push(id)
    }
    expect(reasons).toEqual(skips)
  })
})

describe('an exchange with a mistake is found out', () => {
  test.each(mutants)('$name', async (mutant) => {
    const cases = exchangeContract({ make: async () => mutated(remoteSubject(), mutant) })
    const passed: string[] = []
    for (const id of mutant.caughtBy) {
      await cases
        .find((each) => each.id === id)!
        .run()
        .then(
          () => passed.push(id),
          // Any failure is what the mutant is for.
          () => undefined,
        )
    }
    expect(passed, 'cases that let it pass').toEqual([])
  })

  test('every case that can be carried out has a mistake that it finds', () => {
    const finders = new Set(mutants.flatMap(({ caughtBy }) => caughtBy))
    const blind = exchangeContractRows.map(({ id }) => id).filter((id) => !finders.has(id))
    expect(blind).toEqual([...Object.values(unsupported).flat(), 'E49'])
  })

  test('no two mistakes have one name', () => expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length))
})

describe('what is said of a mistake', () => {
  const messageOf = async (name: string, id: string): Promise<unknown> => {
    const mutant = mutants.find((each) => each.name === name)!
    const found = exchangeContract({ make: async () => mutated(remoteSubject(), mutant) }).find((each) => each.id === id)!
    return found.run().then(
      () => 'nothing',
      (error: unknown) => (error as Error).message,
    )
  }

  test.each([
    [
      'an answer that did not come is reported as rejected',
      'E89',
      'a lost reply: expected unknown, received rejected: nobody knows whether the venue has the order',
    ],
    ['an accepted order is not among the live ones', 'E15', 'liveOrders(): expected the resting order, received a list without it'],
    ['a cancel says cancelled whatever the venue says', 'E59', 'expected tooLate, received cancelled: the order was filled'],
    ['the cursor goes past fills that the venue lists late', 'E76', 'the cursor went past it'],
    ['an order that has ended is told as open once more', 'E57', 'cancelled 0 and then open 0: an order that has ended changes no more'],
    ['an order without an answer is sent again under a new id', 'E89', 'a lost reply: expected unknown, received accepted'],
    ['a question after closing never gets an answer', 'E102', 'a promise must not stay open'],
  ])('%s: %s', async (name, id, message) => {
    expect(await messageOf(name, id)).toContain(message)
  })
})

describe('the list of cases', () => {
  test('has at least sixty, numbered one after the other, each with all its words', () => {
    expect(exchangeContractRows.length).toBeGreaterThanOrEqual(60)
    expect(exchangeContractRows.map(({ id }) => id)).toEqual(exchangeContractRows.map((_, i) => `E${String(i + 1).padStart(2, '0')}`))
    for (const { id, name, prerequisite, action, expected } of exchangeContractRows)
      for (const words of [name, prerequisite, action, expected]) expect(words.trim(), id).not.toBe('')
    expect(new Set(exchangeContractRows.map(({ name }) => name)).size).toBe(exchangeContractRows.length)
  })

  test('refuses to skip what is not there, and to skip without a reason', () => {
    const make = async (): Promise<never> => Promise.reject(new Error('not asked for'))
    expect(() => exchangeContract({ make, skip: [{ case: 'E999', reason: 'x' }] })).toThrow('expected a case such as E01 to skip, received "E999"')
    expect(() => exchangeContract({ make, skip: [{ case: 'E01', reason: ' ' }] })).toThrow('E01: expected a reason for skipping it, received none')
  })

  test('a case that the author skips does not even ask for an exchange', async () => {
    const make = async (): Promise<never> => Promise.reject(new Error('asked for'))
    const [first, second] = exchangeContract({ make, skip: [{ case: 'E01', reason: 'the venue is closed on Sundays' }] })
    expect(await first!.run()).toEqual({ skipped: 'the venue is closed on Sundays' })
    await expect(second!.run()).rejects.toThrow('asked for')
  })
})
