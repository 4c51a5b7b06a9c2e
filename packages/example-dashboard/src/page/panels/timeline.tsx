import type { Activity } from '../data.ts'
import { shortTime, words } from '../format.ts'
import { Moment } from '../icon.tsx'
import { useResource } from '../use-resource.ts'
import { Loading } from './loading.tsx'

type Data = Readonly<Record<string, unknown>>
const textOf = (data: Data, name: string): string => (typeof data[name] === 'string' ? data[name] : data[name] === undefined ? '' : JSON.stringify(data[name]))

/** `0.5 ETH-USD`, or `ETH-USD for 7.9 USD` where the amount is money. */
function sizeText(data: Data): string {
  const [instrument, quote] = [textOf(data, 'instrument'), textOf(data, 'quoteSize')]
  return quote === '' ? `${textOf(data, 'baseSize')} ${instrument}` : `${instrument} for ${quote} ${instrument.split('-').at(-1)}`
}

/** An entry of the journal as a sentence: its own fields, in an order that reads. */
const sentences: Readonly<Record<string, (data: Data) => string>> = {
  runStarted: (data) => `Run started, ${textOf(data, 'environment')}`,
  intent: (data) => `Order decided: ${textOf(data, 'side')} ${sizeText(data)} (${words(textOf(data, 'source'))})`,
  orderEvent: (data) => `Order ${words(textOf(data, 'state'))}${data['reason'] === undefined ? '' : `: ${textOf(data, 'reason')}`}`,
  fill: (data) => `Filled: ${textOf(data, 'side')} ${textOf(data, 'quantity')} ${textOf(data, 'instrument')} at ${textOf(data, 'price')}`,
  adjustment: (data) => `${words(textOf(data, 'kind'))} of ${textOf(data, 'amount')} ${textOf(data, 'currency')}: ${textOf(data, 'reason')}`,
  command: (data) => `Command: ${words(textOf(data, 'kind'))}`,
  latch: (data) => `Trading is ${textOf(data, 'state')}: ${words(textOf(data, 'reason'))}`,
  alert: (data) => `${textOf(data, 'severity')}: ${textOf(data, 'code')} ${textOf(data, 'detail')}`,
  reconciled: (data) => `Reconciled (${words(textOf(data, 'trigger'))}), ${(data['differences'] as readonly unknown[] | undefined)?.length ?? 0} differences`,
  adopted: (data) => `Took over ${textOf(data, 'from')}`,
}

/** What happened, newest first, in the order of the journal. */
export function Timeline({ nowMs, lastSeq }: { nowMs: number; lastSeq: number }) {
  const { value, failure } = useResource<Activity>('/activity?limit=50', 5_000, Math.floor(lastSeq / 50))
  if (value === undefined) return <Loading failure={failure} />
  if (value.items.length === 0) return <p class="empty">Nothing has happened yet.</p>
  return (
    <ol class="timeline">
      {value.items.map(({ seq, atMs, type, botId, data }) => (
        <li key={seq} data-seq={seq}>
          <Moment ms={atMs} text={shortTime(atMs, nowMs)} />
          {botId !== undefined && <span class="tag">{botId}</span>}
          <span data-words="journal">{sentences[type]?.(data as Data) ?? words(type)}</span>
        </li>
      ))}
    </ol>
  )
}
