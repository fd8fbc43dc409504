/** How a language tells what Accord tells as `and`, `or`, `blank`, and so on. */
export interface FilterWords {
  readonly and: string
  readonly or: string
  readonly blank: string
  readonly isBlank: string
  readonly isNotBlank: string
  readonly isOneOf: string
  readonly beginsWith: string
  readonly contains: string
}

const VALUE = String.raw`(?:'(?:[^']|'')*'|blank|true|false|-?\d[\d.]*)`
const COMPARISON = new RegExp(
  String.raw`(?<caption>.+?) (?:(?<blank>is (?:not )?blank)|in \((?<list>${VALUE}(?:, ${VALUE})*)\)|(?<sign>begins with|contains|<>|<=|>=|=|<|>) (?<value>${VALUE}))(?=$|\)| and | or )`,
  'y',
)
const JOINT = / (and|or) /y

/** A filter as Accord tells it (`Blocked is blank and (City = 'Bonn' or City = 'Trier')`) in other words; null: it is none. */
export function translateFilter(text: string, words: FilterWords): string | null {
  let at = 0

  const list = (): string | null => {
    const told: string[] = []
    for (;;) {
      const term = text[at] === '(' ? inBrackets() : comparison()
      if (term === null) return null
      told.push(term)
      JOINT.lastIndex = at
      const joint = JOINT.exec(text)
      if (joint === null) return told.join(' ')
      told.push(joint[1] === 'and' ? words.and : words.or)
      at = JOINT.lastIndex
    }
  }
  const inBrackets = (): string | null => {
    at += 1
    const inside = list()
    if (inside === null || text[at] !== ')') return null
    at += 1
    return `(${inside})`
  }
  const comparison = (): string | null => {
    COMPARISON.lastIndex = at
    const groups = COMPARISON.exec(text)?.groups
    if (groups === undefined) return null
    at = COMPARISON.lastIndex
    const { caption = '', blank, list: values, sign = '', value = '' } = groups
    if (blank !== undefined) return `${caption} ${blank === 'is blank' ? words.isBlank : words.isNotBlank}`
    if (values !== undefined) return `${caption} ${words.isOneOf} (${values})`
    const told = sign === 'begins with' ? words.beginsWith : sign === 'contains' ? words.contains : sign
    return `${caption} ${told} ${value === 'blank' ? words.blank : value}`
  }

  const told = list()
  return at === text.length ? told : null
}
