import type { ServerResponse } from 'node:http'
import type { Fault, FaultKind } from '../faults/kinds.ts'
import type { Answer } from './answer.ts'
import { tooMany, unauthorized } from './answer.ts'

/** Faults that come before the venue acts. */
export const earlyFaults: readonly FaultKind[] = [
  'requestLost',
  'connectionReset',
  'errorBefore',
  'unauthorized',
  'tooManyRequests',
  'tooManyRequestsRetryAfter',
  'requestDelayed',
]

/** Faults that come when the venue has acted. */
export const lateFaults: readonly FaultKind[] = ['replyLost', 'errorAfter', 'truncatedBody', 'htmlBody', 'emptyList', 'legacyBody', 'replyDelayed']

const failures: readonly number[] = [500, 502, 503, 504]
const LONGEST_DELAY_MS = 20_000
const HTML = '<!doctype html><html><head><title>Service unavailable</title></head><body><h1>Sorry</h1></body></html>'

export const delayOf = ({ delayMs, share }: Fault): number => delayMs ?? Math.ceil(share * LONGEST_DELAY_MS)

/** What a request is answered with when the venue does not even look at it; undefined when it is not answered at all. */
export function earlyAnswer(fault: Fault): Answer | undefined {
  switch (fault.kind) {
    case 'errorBefore':
      return failureOf(fault)
    case 'unauthorized':
      return unauthorized
    case 'tooManyRequests':
      return tooMany
    case 'tooManyRequestsRetryAfter':
      return { ...tooMany, headers: { 'retry-after': String(fault.retryAfterS ?? 1 + Math.floor(fault.share * 3)) } }
    default:
      return undefined
  }
}

/** A failure as it comes from the venue (500) or from what stands before it, which speaks HTML or nothing. */
function failureOf({ status, share }: Fault): Answer {
  const code = status ?? failures[Math.floor(share * failures.length)]!
  if (code === 502) return { status: code, body: HTML, headers: { 'content-type': 'text/html' } }
  if (code === 503 || code === 504) return { status: code, body: '' }
  return { status: code, body: { error: 'INTERNAL', error_details: 'internal server error', message: 'internal server error' } }
}

/** What a fault makes of an answer; undefined when this answer gives it nothing to do. */
export function spoiled(fault: Fault, answer: Answer): Answer | undefined {
  if (fault.kind === 'errorAfter') return failureOf(fault)
  if (fault.kind === 'htmlBody') return { status: 200, body: HTML, headers: { 'content-type': 'text/html' } }
  if (answer.status !== 200 || typeof answer.body !== 'object' || answer.body === null) return undefined
  return fault.kind === 'emptyList' ? emptied(answer, answer.body) : legacy(answer, answer.body)
}

function emptied(answer: Answer, body: object): Answer | undefined {
  const list = (['orders', 'fills', 'accounts'] as const).find((name) => name in body)
  return list && { ...answer, body: { ...body, [list]: [], cursor: '', ...('has_next' in body ? { has_next: false } : {}) } }
}

/** Bodies of 2023 had a reason for a failure beside a success. */
export function legacy(answer: Answer, body: object): Answer | undefined {
  if (!('success' in body)) return undefined
  const id = 'success_response' in body ? (body.success_response as { readonly order_id: string }).order_id : ''
  return { ...answer, body: { ...body, failure_reason: 'UNKNOWN_FAILURE_REASON', order_id: id } }
}

/** Sends the head of an answer and half of its body, then cuts the line. */
export function sendHalf(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.write(body.slice(0, Math.floor(body.length / 2)), () => response.socket?.destroy())
}
