import type { FilterDocument } from './filter-document.js'
import type { MappingDocument } from './mapping-document.js'

/** Settings that a document calls otherwise than a definition does. */
const NAMES: Readonly<Record<string, string>> = {
  onlyCoupled: 'synchOnlyCoupledRecords',
  coupling: 'matchBasedCoupling',
  'schedule.minutes': 'schedule.everyMinutes',
  'schedule.expression': 'schedule.cron',
  'reconcileSchedule.minutes': 'reconcileSchedule.everyMinutes',
  'reconcileSchedule.expression': 'reconcileSchedule.cron',
}

/** Where in the document something of the definition is: `localFilter.filters[0].value` is `localFilter.and[0].value` there. */
export function documentPath(path: string, document: MappingDocument): string {
  const named = NAMES[path]
  if (named !== undefined) return named
  // The name of a field mapping follows from its fields.
  const field = /^(fields\[\d+\])\.name$/.exec(path)?.[1]
  if (field !== undefined) return field
  const coupling = /^coupling(\..+)$/.exec(path)?.[1]
  if (coupling !== undefined) return `${NAMES['coupling']}${coupling}`
  const [, head, side, index, rest = ''] =
    /^(localFilter|integrationFilter|templates\.(local|integration)\[(\d+)\]\.filter)(.*)$/s.exec(path) ?? []
  if (head === undefined) return path
  const filter =
    side === 'local' || side === 'integration'
      ? (document.templates[side][Number(index)]?.filter ?? null)
      : document[head as 'localFilter' | 'integrationFilter']
  return `${head}${filterPath(rest, filter)}`
}

function filterPath(path: string, filter: FilterDocument | null): string {
  if (filter === null) return path
  if ('field' in filter) {
    return filter.comparison === 'in' ? path.replace(/^\.value/, '.values') : path
  }
  const [list, children] = 'and' in filter ? (['and', filter.and] as const) : (['or', filter.or] as const)
  const [whole, , index] = /^\.filters(\[(\d+)\])?/.exec(path) ?? []
  if (whole === undefined) return path
  if (index === undefined) return `.${list}${path.slice(whole.length)}`
  return `.${list}[${index}]${filterPath(path.slice(whole.length), children[Number(index)] ?? null)}`
}
