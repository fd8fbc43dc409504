export { runMapping } from './run-mapping.js'
