/** The sites as this checkout has them, built once for all tests that run together. */
import { buildSite } from '../../../scripts/pages.ts'

const building = new Map<string, Promise<string>>()

/** The folder that it was built into. */
export const built = (name: 'explorer' | 'playground'): Promise<string> => {
  const folder = building.get(name) ?? buildSite(name)
  building.set(name, folder)
  return folder
}
