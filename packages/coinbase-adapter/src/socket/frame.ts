import { z } from 'zod'
import { withoutSecrets } from '../rest/without-secrets.ts'

const envelopeSchema = z.object({
  channel: z.string(),
  sequence_num: z.int().nonnegative().optional(),
  timestamp: z.string().optional(),
  events: z.array(z.unknown()).default([]),
})

const errorSchema = z.object({ type: z.literal('error'), message: z.string().default('') })

/** One text frame of the venue, as far as it can be read. */
export type Frame =
  | {
      readonly type: 'message'
      readonly channel: string
      readonly sequence: number | undefined
      readonly timestamp: string | undefined
      readonly events: readonly unknown[]
    }
  | { readonly type: 'error'; readonly message: string }
  | { readonly type: 'unreadable'; readonly detail: string }

/** Reads a frame. What cannot be read is a frame of its own: it costs that message, never the connection. */
export function parseFrame(text: string): Frame {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { type: 'unreadable', detail: `no JSON: ${withoutSecrets(text).slice(0, 80)}` }
  }
  const error = errorSchema.safeParse(json)
  if (error.success) return { type: 'error', message: withoutSecrets(error.data.message) }
  const message = envelopeSchema.safeParse(json)
  if (!message.success) return { type: 'unreadable', detail: `no channel: ${withoutSecrets(text).slice(0, 80)}` }
  const { channel, sequence_num, timestamp, events } = message.data
  return { type: 'message', channel, sequence: sequence_num, timestamp, events }
}
