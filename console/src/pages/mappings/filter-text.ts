import type { DocumentValue, FilterDocument } from './document.js'

const SIGNS: Readonly<Record<string, string>> = { beginsWith: 'begins with', contains: 'contains' }

function valueText(value: DocumentValue | undefined): string {
  if (value === undefined || value === null) return 'blank'
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

/** A filter in the words in which Accord tells filters: `Blocked is blank and (City = 'Bonn' or City = 'Trier')`. */
export function filterText(filter: FilterDocument, captionOf: (field: string) => string): string {
  if ('and' in filter || 'or' in filter) {
    const [parts, joined] = 'and' in filter ? [filter.and, ' and '] : [filter.or, ' or ']
    return parts
      .map((part) => {
        const text = filterText(part, captionOf)
        return 'field' in part || parts.length === 1 ? text : `(${text})`
      })
      .join(joined)
  }
  const caption = captionOf(filter.field)
  switch (filter.comparison) {
    case 'blank':
      return `${caption} is blank`
    case 'in':
      return `${caption} in (${(filter.values ?? []).map(valueText).join(', ')})`
    case '=':
      return filter.value === null ? `${caption} is blank` : `${caption} = ${valueText(filter.value)}`
    case '<>':
      return filter.value === null ? `${caption} is not blank` : `${caption} <> ${valueText(filter.value)}`
    default:
      return `${caption} ${SIGNS[filter.comparison] ?? filter.comparison} ${valueText(filter.value)}`
  }
}
