import type { PrintComparison } from 'openseam/protocol/fingerprint'
import { FINGERPRINT_STEPS_MAX, FINGERPRINT_STEPS_MEAN } from 'openseam/protocol/limits'
import type { DrawVerdict } from '../engine/draw-check.ts'

/** The ids of a block, by what is drawn when it is run again. */
export type Drawn = Record<DrawVerdict, number>

/** What no honest run of the model shows: see "Calibration" in docs/spec/fingerprint.md. */
export const faultOf = (drawn: Drawn, prints: PrintComparison): string | null => {
  const ids = drawn.same + drawn.near + drawn.other
  if (drawn.other > 0)
    return `${drawn.other} of ${ids} ids are not what these parameters and this seed draw from the model's logits`
  if (prints.max > FINGERPRINT_STEPS_MAX) return `logits differ by ${prints.max} steps, more than ${FINGERPRINT_STEPS_MAX}`
  if (prints.mean > FINGERPRINT_STEPS_MEAN) return `logits differ by ${prints.mean.toFixed(1)} steps in the mean`
  return null
}
