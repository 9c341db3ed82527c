/** A drawing as a file of its own: what the page's styles gave it is written into it, as it is seen now. */
const painted = ['fill', 'stroke'] as const

export const pictureOf = (drawn: Element, label: string): string => {
  const picture = drawn.cloneNode(true) as Element
  const copies = [picture, ...picture.querySelectorAll('*')]
  for (const [i, original] of [drawn, ...drawn.querySelectorAll('*')].entries()) {
    const style = getComputedStyle(original)
    for (const name of painted) if (original.hasAttribute(name)) copies[i]?.setAttribute(name, style[name])
  }
  const { color, fontSize } = getComputedStyle(drawn)
  picture.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  picture.setAttribute('color', color)
  picture.setAttribute('font-family', 'Inter, system-ui, sans-serif')
  picture.setAttribute('font-size', fontSize)
  picture.removeAttribute('aria-hidden')
  picture.prepend(titleOf(label), groundOf(drawn))
  return new XMLSerializer().serializeToString(picture)
}

const make = (name: string): SVGElement => document.createElementNS('http://www.w3.org/2000/svg', name)

const titleOf = (label: string): SVGElement => {
  const title = make('title')
  title.textContent = label
  return title
}

/** Else a dark page's drawing would be light lines on white paper. */
const groundOf = (drawn: Element): SVGElement => {
  const ground = make('rect')
  const card = drawn.closest('.card') ?? document.documentElement
  for (const [name, value] of [
    ['width', '100%'],
    ['height', '100%'],
    ['fill', getComputedStyle(card).backgroundColor]
  ] as const)
    ground.setAttribute(name, value)
  return ground
}
