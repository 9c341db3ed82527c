/** What the charts use of Observable Plot: named one by one, so that the rest of it is left out of what is served. */
export { areaY, dot, lineY, plot, rectY, ruleY } from '@observablehq/plot'
