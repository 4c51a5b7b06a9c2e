// The page is made of text nodes and attributes; nothing that comes from outside is ever read as HTML.

/**
 * Makes an element. `class`, `data-…`, `aria-…` and all other names are attributes.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Readonly<Record<string, string>>} attributes
 * @param {readonly (Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** An icon of the sprite in index.html; words always stand beside it. @param {string} name */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  use.setAttribute('href', `#icon-${name}`)
  svg.append(use)
  return svg
}

/** Points an icon at another drawing. @param {SVGSVGElement} svg @param {string} name */
export const setIcon = (svg, name) => setAttribute(/** @type {SVGUseElement} */ (svg.firstElementChild), 'href', `#icon-${name}`)

/** Writes only what has changed, so that a selection or a screen reader is not disturbed four times a second. @param {Node} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/** @param {Element} element @param {string} name @param {string} value */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}

/** @param {HTMLElement} element @param {boolean} shown */
export function show(element, shown) {
  if (element.hidden === shown) element.hidden = !shown
}

/** A moment, exact in its tooltip. @param {number} ms @param {string} text */
export const time = (ms, text) => h('time', { datetime: new Date(ms).toISOString(), title: `${new Date(ms).toISOString()}` }, text)

/**
 * An element of index.html.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`index.html has no element #${id}`)
  return element
}
