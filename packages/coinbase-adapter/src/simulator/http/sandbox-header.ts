import { faultKinds } from '../faults/kinds.ts'
import type { FaultKind } from '../faults/kinds.ts'
import { rejections } from '../matching/rejection.ts'
import { invalid, ok } from './answer.ts'
import type { Answer } from './answer.ts'
import { rejected } from './order-routes.ts'

const editFailure = ok({
  success: false,
  errors: [{ edit_failure_reason: 'ONLY_OPEN_ORDERS_CAN_BE_EDITED', preview_failure_reason: 'UNKNOWN_PREVIEW_FAILURE_REASON' }],
})

type Body = Readonly<Record<string, unknown>>

/** The cases of the real sandbox's header: an error instead of the answer, and nothing is booked. */
const cases: Readonly<Record<string, { readonly path: string; answer(body: Body): Answer }>> = {
  PostOrder_insufficient_fund: { path: '/orders', answer: (body) => rejected(rejections.insufficientFund, body['order_configuration']) },
  PreviewOrder_insufficient_fund: {
    path: '/orders/preview',
    answer: () => ok({ order_total: '0', commission_total: '0', errs: [rejections.insufficientFund.preview], warning: [], quote_size: '0', base_size: '0' }),
  },
  CancelOrders_failure: {
    path: '/orders/batch_cancel',
    answer: (body) => {
      const ids: readonly unknown[] = Array.isArray(body['order_ids']) ? body['order_ids'] : []
      return ok({ results: ids.map((order_id) => ({ success: false, failure_reason: 'COMMANDER_REJECTED_CANCEL_ORDER', order_id })) })
    },
  },
  EditOrder_failure: { path: '/orders/edit', answer: () => editFailure },
  PreviewEditOrder_failure: { path: '/orders/edit_preview', answer: () => editFailure },
}

/** Returns what the `X-Sandbox` header asks for: an answer, or one of our faults by its name. */
export function sandboxOf(value: string | undefined, path: string, body: unknown): { readonly answer: Answer } | { readonly fault: FaultKind } | undefined {
  if (value === undefined) return undefined
  const found = cases[value]
  if (found?.path === path) return { answer: found.answer((body ?? {}) as Body) }
  const fault = faultKinds.find((kind) => kind === value)
  if (fault !== undefined) return { fault }
  throw invalid(`X-Sandbox: expected one of ${Object.keys(cases).join(', ')} on its path, or the name of a fault, received ${value}`)
}
