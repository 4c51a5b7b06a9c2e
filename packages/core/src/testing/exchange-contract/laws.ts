import type { VenueFill } from '../../model/fill.ts'
import { decimalText, equal } from '../../model/money.ts'
import { must } from './must.ts'
import { fitsPattern, sequenceOf, unsoundSequence } from './event-sequence.ts'
import type { VenueBooks } from './harness.ts'
import type { Trial } from './trial.ts'

/** What holds after every case, whatever it was about. */
export async function lawsHold(trial: Trial, patterns: readonly string[]): Promise<void> {
  reportsAreSound(trial)
  await eventsArrived(trial, patterns)
  reportsAreSound(trial)
  const { seen } = trial
  fillsAgree(seen.fills)
  if (seen.completed) return
  await fillsAreListed(trial)
  if (trial.subject.controls?.books) await booksAgree(trial, trial.subject.controls.books)
}

function reportsAreSound({ seen }: Trial): void {
  must(seen.failure === undefined, () => `events(): expected a stream that never fails, received ${seen.failure}: what goes wrong is an event`)
  for (const id of new Set(seen.reports.map(({ ref }) => ref.clientOrderId))) {
    const problem = unsoundSequence(seen.reportsOf(id))
    must(problem === undefined, () => `events(): expected sound reports of ${id}, received ${problem}`)
  }
}

async function eventsArrived(trial: Trial, patterns: readonly string[]): Promise<void> {
  for (const [i, pattern] of patterns.entries()) {
    const id = trial.ids[i]
    must(id !== undefined, () => `the case expects events of ${patterns.length} orders and names ${trial.ids.length}`)
    const sequence = (): ReturnType<typeof sequenceOf> => sequenceOf(trial.seen.reportsOf(id))
    await trial.until(
      async () => (fitsPattern(sequence(), pattern) ? true : undefined),
      () => `events(): expected the reports "${pattern || 'none'}" of order ${i + 1}, received "${sequence().join(' ') || 'none'}"`,
    )
  }
}

const textOf = ({ fillId, venueOrderId, side, price, quantity, fee, liquidity }: VenueFill): string =>
  JSON.stringify([fillId, venueOrderId, side, decimalText(price), decimalText(quantity), decimalText(fee.amount), fee.currency, liquidity])

/** A fill may be told more than once; under one id it is one fill. */
function fillsAgree(fills: readonly VenueFill[]): void {
  const known = new Map<string, string>()
  for (const fill of fills) {
    const before = known.get(fill.fillId) ?? textOf(fill)
    must(before === textOf(fill), () => `one fillId for two fills: ${before} and ${textOf(fill)}`)
    known.set(fill.fillId, before)
  }
}

/** What `events()` tells as a fill is what `fills()` lists. */
async function fillsAreListed(trial: Trial): Promise<void> {
  if (trial.seen.fills.length === 0) return
  const told = [...new Set(trial.seen.fills.map(textOf))]
  let missing: string | undefined
  await trial.until(
    async () => {
      const listed = new Set((await trial.fills()).items.map(textOf))
      missing = told.find((fill) => !listed.has(fill))
      return missing === undefined ? true : undefined
    },
    () => `fills(): expected every fill that events() told, received none like ${missing}`,
  )
}

/** The venue's own books hold each order once and the same money as the exchange tells. */
async function booksAgree(trial: Trial, books: () => VenueBooks | Promise<VenueBooks>): Promise<void> {
  const { orders } = await books()
  const ids = orders.map(({ clientOrderId }) => clientOrderId)
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  must(twice === undefined, () => `the venue's books: expected one order for one client order id, received two of ${twice}`)
  let received = ''
  await trial.until(
    async () => {
      const { balances } = await books()
      for (const { currency, available, held } of balances) {
        const told = await trial.purse(currency)
        if (equal(told.available, available) && equal(told.held, held)) continue
        received = `${currency} ${decimalText(told.available)} + ${decimalText(told.held)}, where the venue has ${decimalText(available)} + ${decimalText(held)}`
        return undefined
      }
      return true
    },
    () => `balances(): expected what the venue's books say, received ${received}`,
  )
}
