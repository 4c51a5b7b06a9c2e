/** What a request is answered with. */
export interface Answer {
  readonly status: number
  /** Sent as JSON, or as it is when it is text. */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export const ok = (body: unknown): Answer => ({ status: 200, body })

/** Ends a request with one of the venue's error bodies. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly answer: Answer

  constructor(status: number, error: string, message: string) {
    super(message)
    this.answer = { status, body: { error, error_details: message, message } }
  }
}

export const invalid = (message: string): HttpProblem => new HttpProblem(400, 'INVALID_ARGUMENT', message)
export const notFound = (message: string): HttpProblem => new HttpProblem(404, 'NOT_FOUND', message)
export const unauthorized: Answer = { status: 401, body: 'Unauthorized' }
export const tooMany: Answer = { status: 429, body: { errors: [{ id: 'rate_limit_exceeded', message: 'Too many requests' }] } }
