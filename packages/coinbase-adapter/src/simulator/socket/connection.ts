import type { WebSocket } from 'ws'
import { socketFaults } from '../faults/kinds.ts'
import type { Fault, FaultKind } from '../faults/kinds.ts'
import type { VenueKey } from '../http/keys.ts'
import type { Counters } from '../report.ts'
import type { VenueState } from '../venue-state.ts'
import { nanos } from '../wire/times.ts'

/** Market data and `user`, or `user` alone. */
export type SocketHost = 'market' | 'user'

/** What still comes from the venue: everything, heartbeats, or nothing although the line is open. */
type Voice = 'all' | 'heartbeats' | 'none'

/** A client on a socket. */
export interface Connection {
  readonly socket: WebSocket
  readonly host: SocketHost
  readonly address: string
  readonly openedMs: number
  /** Product ids by the channel's subscribe name. */
  readonly channels: Map<string, Set<string>>
  /** Of the last token that was taken. */
  key: VenueKey | undefined
  /** Of the next message. */
  sequence: number
  heartbeats: number
  lastSentMs: number
  voice: Voice
  /** A message that lets the next one pass. */
  held: string | undefined
  /** The book as it was last told, by product and side. */
  readonly told: Map<string, ReadonlyMap<string, string>>
}

/** What sending needs besides the connection. */
export interface Speaker {
  readonly venue: VenueState
  readonly counters: Counters
  /** Messages as they were in 2023. */
  readonly oldDialect: boolean
}

/** Those that can befall a message; the other two belong to a subscription and to the past of an account. */
const messageFaults: readonly FaultKind[] = socketFaults.filter((kind) => kind !== 'userReplay' && kind !== 'subscribeRefused')

/** Sends a message in the venue's envelope, or what a fault makes of it. */
export function say(speaker: Speaker, connection: Connection, channel: string, events: readonly unknown[]): void {
  if (connection.voice === 'none' || (connection.voice === 'heartbeats' && channel !== 'heartbeats')) return
  const nowMs = speaker.venue.clock.nowMs()
  const named = speaker.oldDialect ? { channel, client_id: '' } : { channel }
  const text = JSON.stringify({ ...named, timestamp: nanos(nowMs), sequence_num: connection.sequence++, events })
  connection.lastSentMs = nowMs
  const fault = channel === 'subscriptions' ? undefined : speaker.venue.faults.draw(messageFaults, `${connection.host} ${channel}`)
  if (fault === undefined) return transmit(speaker, connection, text)
  speaker.venue.faults.count(fault.kind)
  spoil(speaker, connection, fault, text)
}

function spoil(speaker: Speaker, connection: Connection, { kind }: Fault, text: string): void {
  switch (kind) {
    case 'duplicateMessage':
      transmit(speaker, connection, text)
      return transmit(speaker, connection, text)
    case 'reorderedMessages':
      if (connection.held === undefined) connection.held = text
      else transmit(speaker, connection, text)
      return
    case 'unreadableMessage':
      return transmit(speaker, connection, text.slice(0, Math.floor(text.length / 2)))
    case 'socketDropped':
      speaker.counters.connections.droppedByFault++
      return connection.socket.terminate()
    case 'halfOpen':
      // The line stays: nothing is read from it any more, not even its end, and nothing is written.
      connection.voice = 'none'
      return connection.socket.pause()
    case 'silence':
      connection.voice = 'none'
      return
    case 'silenceWithHeartbeats':
      connection.voice = 'heartbeats'
      return
    default:
      // `sequenceGap`: the number is used and the message is gone.
      return
  }
}

function transmit({ counters }: Speaker, connection: Connection, text: string): void {
  const { socket, held } = connection
  if (socket.readyState !== socket.OPEN) return
  connection.held = undefined
  counters.messagesSent++
  socket.send(text)
  if (held === undefined) return
  counters.messagesSent++
  socket.send(held)
}

/** Sends an error frame, which has no envelope. */
export function complain({ counters, venue }: Speaker, connection: Connection, message: string): void {
  if (connection.voice !== 'all' || connection.socket.readyState !== connection.socket.OPEN) return
  counters.messagesSent++
  connection.lastSentMs = venue.clock.nowMs()
  connection.socket.send(JSON.stringify({ type: 'error', message }))
}
