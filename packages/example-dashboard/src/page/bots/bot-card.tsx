import type { BotState, OrderRecord } from '@millrace/core'
import { amount, duration, missing, score, shortTime, words } from '../format.ts'
import type { Capacity } from '../data.ts'
import { Icon, Moment } from '../icon.tsx'
import { Num } from '../number.tsx'
import { Reasons } from './reasons.tsx'
import { ScoreBar } from './score-bar.tsx'
import { Ring, Spark } from './spark.tsx'

/** A price older than this many candles of the bot is greyed out. */
const stalePriceCandles = 2
/** An order that works longer than this deserves a look, and then a worry. */
const slowOrderMs = 10_000
const lateOrderMs = 60_000

export interface BotCardProps {
  readonly bot: BotState
  readonly name: string
  readonly nowMs: number
  readonly currency: string
  readonly points: readonly { readonly atMs: number; readonly price: number }[] | undefined
  readonly capacity: Capacity | undefined
  readonly open: (id: string) => void
}

/** The card of one bot. */
export function BotCard({ bot, name, nowMs, currency, points, capacity, open }: BotCardProps) {
  return (
    <article class="card" data-bot={bot.id} aria-labelledby={`bot-${bot.id}`}>
      <header class="card-head">
        <h3 id={`bot-${bot.id}`} data-words="engine">
          {name}
        </h3>
        {bot.paused && <span class="tag">paused</span>}
        {bot.readiness.blockers.some(({ code }) => code === 'BOT_RETIRED') && <span class="tag">retiring</span>}
        <button type="button" class="why-button details" aria-label={`Details of ${bot.id}`} onClick={() => open(bot.id)}>
          Details
        </button>
        <span class={`temperature temperature-${bot.temperature}`} title="Strength of the score">
          <Icon name={bot.temperature} />
          <span>{bot.temperature.toUpperCase()}</span>
        </span>
      </header>
      <PriceRow bot={bot} currency={currency} />
      <Spark points={points} />
      <Opinion bot={bot} />
      <Facts bot={bot} nowMs={nowMs} currency={currency} capacity={capacity} />
      <Reasons bot={bot} nowMs={nowMs} currency={currency} />
    </article>
  )
}

function PriceRow({ bot, currency }: { bot: BotState; currency: string }) {
  const stale = bot.priceAgeMs !== undefined && bot.priceAgeMs > stalePriceCandles * bot.timeframeMs
  return (
    <p class={stale ? 'price-row stale-price' : 'price-row'}>
      <Num of={`state/bots/${bot.id}/price`} as={`price:${bot.priceDecimals}`} class="price live" />
      <span class="unit">{currency}</span>
      <span class="age">
        {bot.priceAgeMs === undefined ? (
          'no price yet'
        ) : (
          <>
            {stale ? 'stale: ' : ''}
            <Num of={`state/bots/${bot.id}/priceAgeMs`} as="duration" /> old
          </>
        )}
      </span>
    </p>
  )
}

function Opinion({ bot }: { bot: BotState }) {
  const { side, progress } = bot.confirmation
  const action = bot.score === undefined ? 'hold' : bot.action
  return (
    <div class="opinion">
      <div class="score">
        <ScoreBar name="Score" score={bot.score} explanation={`${bot.action}, ${score(bot.score)}`} of={`state/bots/${bot.id}/score`} />
        <span class={`action action-${action}`}>
          {bot.score !== undefined && action !== 'hold' && <Icon name={action} />}
          {bot.score === undefined ? missing : bot.action}
        </span>
      </div>
      <div class="components">
        {bot.components.map((one, index) => (
          <ScoreBar
            key={one.name}
            name={words(one.name)}
            score={one.score}
            explanation={`${one.reason}; weight ${one.weight}`}
            of={`state/bots/${bot.id}/components/${index}/score`}
          />
        ))}
      </div>
      <div class="confirmation">
        <span class="label">Confirm</span>
        <Ring share={side === undefined ? 0 : progress} />
        <span class="confirmation-text">
          {side === undefined ? (
            missing
          ) : (
            <>
              {side} <Num of={`state/bots/${bot.id}/confirmation/progress`} as="percent" /> of{' '}
              <Num of={`state/bots/${bot.id}/confirmation/requiredMs`} as="duration" />
            </>
          )}
        </span>
      </div>
    </div>
  )
}

function Facts({ bot, nowMs, currency, capacity }: { bot: BotState; nowMs: number; currency: string; capacity: Capacity | undefined }) {
  const { status, tranches } = bot.position
  const of = `state/bots/${bot.id}`
  const last = bot.lastFill
  return (
    <dl class="facts">
      <div>
        <dt>Position</dt>
        <dd>
          {status === 'closed' ? (
            'flat'
          ) : (
            <>
              {status} · <Num of={`${of}/position/quantity`} as="quantity" /> · <Num of={`${of}/position/tranches`} as="length" />{' '}
              {tranches.length === 1 ? 'tranche' : 'tranches'}
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>Average entry</dt>
        <dd>
          <Num of={`${of}/position/averageEntry`} as={`price:${bot.priceDecimals}`} /> {bot.position.averageEntry === undefined ? '' : currency}
        </dd>
      </div>
      <div>
        <dt>P&L, after fees</dt>
        <dd title={`fees ${amount(bot.fees)} ${currency}; ${bot.tradesToday} trades today`}>
          <Num of={`${of}/unrealizedPnl`} as="signed" coloured /> open, <Num of={`${of}/realizedPnl`} as="signed" coloured /> realised
        </dd>
      </div>
      <div>
        <dt>Last fill</dt>
        <dd>
          {last === undefined ? (
            missing
          ) : (
            <>
              {last.side} <Num of={`${of}/lastFill/quantity`} as="quantity" /> @ <Num of={`${of}/lastFill/price`} as={`price:${bot.priceDecimals}`} />,{' '}
              <Moment ms={last.atMs} text={shortTime(last.atMs, nowMs)} />
            </>
          )}
        </dd>
      </div>
      {capacity !== undefined && (
        <div>
          <dt>Room for</dt>
          <dd title={`by cash ${capacity.byCash}; ${capacity.byRules.map(({ rule, left }) => `${rule} ${left}`).join(', ')}`}>
            can buy <Num of={`capacity/items/${bot.id}/left`} as="count" /> more {capacity.left === 1 ? 'time' : 'times'}
          </dd>
        </div>
      )}
      {bot.workingOrder !== undefined && <Working of={`${of}/workingOrder`} order={bot.workingOrder} nowMs={nowMs} currency={currency} />}
    </dl>
  )
}

/** An order at work, louder the longer it takes; one whose outcome nobody knows is the loudest. */
function Working({ of, order, nowMs, currency }: { of: string; order: OrderRecord; nowMs: number; currency: string }) {
  const ageMs = nowMs - order.createdAtMs
  const urgency = order.state === 'unknown' || ageMs > lateOrderMs ? 'bad' : ageMs > slowOrderMs ? 'warn' : ''
  return (
    <div>
      <dt>Order</dt>
      <dd class={urgency}>
        {order.side}{' '}
        {order.quoteSize === undefined ? (
          <Num of={`${of}/baseSize`} as="quantity" />
        ) : (
          <>
            <Num of={`${of}/quoteSize`} as="amount" /> {currency}
          </>
        )}{' '}
        {`${words(order.type)} · ${words(order.state)} · `}
        <time dateTime={new Date(order.createdAtMs).toISOString()}>{duration(ageMs)}</time>
      </dd>
    </div>
  )
}
