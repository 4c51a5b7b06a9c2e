import { useEffect, useRef } from 'preact/hooks'
import { words } from '../format.ts'
import { Icon } from '../icon.tsx'
import { densities, groups, isFiltered, pnls, sorts, statuses, strengths, temperatures, viewOf } from './view.ts'
import type { View } from './view.ts'

interface ToolbarProps {
  readonly view: View
  readonly change: (part: Partial<View>) => void
}

/** Search, filters and order of the bots. `/` goes to the search from anywhere. */
export function Toolbar({ view, change }: ToolbarProps) {
  const search = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      const at = event.target as HTMLElement
      if (event.key !== '/' || at.closest('input, select, textarea, dialog') !== null) return
      event.preventDefault()
      search.current?.focus()
    }
    document.addEventListener('keydown', focus)
    return () => document.removeEventListener('keydown', focus)
  }, [])
  const toggle = (name: (typeof temperatures)[number]): void =>
    change({ temperatures: temperatures.filter((one) => view.temperatures.includes(one) !== (one === name)) })
  const { bot: _, density, sort, group, ...usual } = viewOf('')
  return (
    <div class="toolbar" role="search" aria-label="Filter bots">
      <label class="search">
        <span class="visually-hidden">Search bots</span>
        <input ref={search} type="search" placeholder="Search  ( / )" value={view.search} onInput={(event) => change({ search: event.currentTarget.value })} />
      </label>
      <div class="toggles" role="group" aria-label="Temperature">
        {temperatures.map((name) => (
          <button key={name} type="button" class={`toggle temperature-${name}`} aria-pressed={view.temperatures.includes(name)} onClick={() => toggle(name)}>
            <Icon name={name} />
            {name.toUpperCase()}
          </button>
        ))}
      </div>
      <Choice name="Status" value={view.status} of={statuses} pick={(status) => change({ status })} />
      <Choice
        name="Strength"
        value={String(view.strength)}
        of={strengths.map(String)}
        pick={(text) => change({ strength: Number(text) })}
        text={(text) => (text === '0' ? 'any' : `${text} or more`)}
      />
      <Choice name="P&L" value={view.pnl} of={pnls} pick={(pnl) => change({ pnl })} />
      <Choice name="Order" value={view.sort} of={sorts} pick={(next) => change({ sort: next })} />
      <Choice name="Groups" value={view.group} of={groups} pick={(next) => change({ group: next })} text={(text) => (text === '' ? 'none' : text)} />
      <Choice name="Density" value={view.density} of={densities} pick={(next) => change({ density: next })} />
      {isFiltered(view) && (
        <button type="button" class="why-button" onClick={() => change(usual)}>
          Show all
        </button>
      )}
    </div>
  )
}

interface ChoiceProps<T extends string> {
  readonly name: string
  readonly value: T
  readonly of: readonly T[]
  readonly pick: (value: T) => void
  readonly text?: (value: T) => string
}

function Choice<T extends string>({ name, value, of, pick, text = (one) => (one === '' ? 'any' : words(one)) }: ChoiceProps<T>) {
  return (
    <label class="choice">
      <span>{name}</span>
      <select value={value} onChange={(event) => pick(event.currentTarget.value as T)}>
        {of.map((one) => (
          <option key={one} value={one}>
            {text(one)}
          </option>
        ))}
      </select>
    </label>
  )
}
