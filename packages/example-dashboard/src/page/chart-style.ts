import { ColorType } from 'lightweight-charts'
import type { ChartOptions, DeepPartial } from 'lightweight-charts'

/** A colour of the style sheet as the theme in force has it, so that charts follow. A variable alone is text with both of them in it, so an element is asked. */
export function colour(name: string): string {
  const probe = document.createElement('i')
  probe.style.color = `var(--${name})`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

/** What all charts share. The library's own mark would need an inline style, which the page's policy refuses: it is named in the footer instead. */
export const chartStyle = (): DeepPartial<ChartOptions> => ({
  autoSize: true,
  layout: {
    attributionLogo: false,
    background: { type: ColorType.Solid, color: 'transparent' },
    textColor: colour('muted'),
    fontSize: 11,
    panes: { separatorColor: colour('line'), enableResize: false },
  },
  grid: { vertLines: { visible: false }, horzLines: { color: colour('line') } },
  rightPriceScale: { borderVisible: false },
  timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false },
  handleScroll: { vertTouchDrag: false },
})

/** Times of the library are whole seconds, UTC. */
export const seconds = (ms: number): number => Math.floor(ms / 1000)
