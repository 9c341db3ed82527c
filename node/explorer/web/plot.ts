/** What the charts use of Observable Plot: named one by one, so that the rest of it is left out of what is served; and what only a drawing needs. */
export { areaY, dot, lineY, plot, rectY, ruleY } from '@observablehq/plot'
export { pictureOf } from './picture.ts'
