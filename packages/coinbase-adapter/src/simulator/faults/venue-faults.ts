import { increments, productState } from '../control/apply.ts'
import type { Service } from '../http/route.ts'
import { mul, amount, text } from '../amount.ts'
import type { Product } from '../market/products.ts'
import { venueFaults } from './kinds.ts'
import type { Fault, FaultKind } from './kinds.ts'

/** Longest time that such a fault lasts by chance. */
const LONGEST_MS = 60_000
/** How far the venue's clock goes wrong at most. */
const LARGEST_SKEW_MS = 300_000

const productFaults: readonly FaultKind[] = venueFaults.filter((kind) => kind !== 'clockSkew' && kind !== 'keyRevoked')

const stateOf = {
  productHalted: 'halted',
  productCancelOnly: 'cancelOnly',
  productLimitOnly: 'limitOnly',
  productPostOnly: 'postOnly',
  productDelisted: 'removed',
} as const

/** Asked once a second: whether something goes wrong with a product, the clock or a key. Each ends by itself. */
export function venueTrouble(service: Service): void {
  const { venue } = service
  for (const book of venue.books.values()) {
    const { product } = book
    if (!isUsual(product)) continue
    const fault = venue.faults.draw(productFaults, product.id)
    if (fault === undefined) continue
    venue.faults.count(fault.kind)
    troubleProduct(service, product, fault)
  }
  const skew = service.offsetMs === 0 ? venue.faults.draw(['clockSkew'], 'clock') : undefined
  if (skew) {
    venue.faults.count('clockSkew')
    service.offsetMs = Math.round((skew.share * 2 - 1) * LARGEST_SKEW_MS) || LARGEST_SKEW_MS
    venue.later(venue.clock.nowMs() + lasts(skew), () => (service.offsetMs = 0))
  }
  for (const key of service.keys.values()) {
    const fault = key.revoked ? undefined : venue.faults.draw(['keyRevoked'], key.name)
    if (fault === undefined) continue
    venue.faults.count('keyRevoked')
    key.revoked = true
    venue.later(venue.clock.nowMs() + lasts(fault), () => (key.revoked = false))
  }
}

const lasts = ({ delayMs, share }: Fault): number => delayMs ?? 1 + Math.ceil(share * LONGEST_MS)

const isUsual = ({ listed, status, tradingDisabled, cancelOnly, limitOnly, postOnly }: Product): boolean =>
  listed && status === 'online' && !tradingDisabled && !cancelOnly && !limitOnly && !postOnly

function troubleProduct({ venue }: Service, product: Product, fault: Fault): void {
  const after = (undo: () => void): void => venue.later(venue.clock.nowMs() + lasts(fault), undo)
  if (fault.kind !== 'incrementsChanged') {
    productState(venue, { product: product.id, state: stateOf[fault.kind as keyof typeof stateOf] })
    return after(() => productState(venue, { product: product.id, state: 'online' }))
  }
  const before = { price: text(product.priceIncrement), base: text(product.baseIncrement), baseMin: text(product.baseMin) }
  const coarser = (step: string): string => text(mul(amount(step), amount(10)))
  increments(venue, { product: product.id, price: coarser(before.price), base: coarser(before.base), baseMin: coarser(before.baseMin) })
  after(() => increments(venue, { product: product.id, ...before }))
}
