export { fullSynch } from './full-synch.js'
export { runMapping } from './run-mapping.js'
