/**
 * Third-party packages as they are published. Our own `--conditions=source` also reaches the few that ship a "source" export of their own,
 * and Node strips no types under node_modules: for everything that is not ours the condition is taken away again.
 */
import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, next) {
    const ours = /^(\.|\/|file:|node:|openseam)/.test(specifier)
    const conditions = ours ? context.conditions : context.conditions.filter((condition) => condition !== 'source')
    return next(specifier, { ...context, conditions })
  }
})
