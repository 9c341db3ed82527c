/** The version of this package, for offers, metrics and `--version`. */
export const VERSION = '0.1.0'
