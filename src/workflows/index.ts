export { describeTables } from './describe-tables.js'
export { fullSynch } from './full-synch.js'
export { reconcileMapping } from './reconcile.js'
export { runMapping } from './run-mapping.js'
