import { translateFilter, type FilterWords } from './filter-words.js'

/** What a language does with what is put into phrases. */
export interface Manner {
  /** How filters are told. */
  readonly filter: FilterWords
  readonly quotes: readonly [open: string, close: string]
  number(value: number): string
  /** Names of states and classes, times: null, where it is none of them. */
  value(text: string): string | null
}

/** Text of Accord in another language: `{0}` stands for what is put in; `{0:q}` in quotation marks where those are another's words; `{0:n}` as a number. */
export type Phrases = Readonly<Record<string, string>>

/**
 * Puts what Accord says in English into another language; what it does not know stays as it is. Null: it knows nothing of it.
 * `mayBeAnothers`: also where it knows less of it than not, so that it is hardly Accord that says so.
 */
export type Phrasebook = (text: string, mayBeAnothers?: boolean) => string | null

interface Phrase {
  /** What stands before, between and after the holes, in English. */
  readonly parts: readonly string[]
  readonly translation: string
}

/** How much of a text was recognised, in characters; the most wins where several readings are possible. */
interface Reading {
  readonly known: number
  /** How much of it are words that no phrase has, in characters; names of one word are none. */
  readonly foreign: number
  readonly text: string
}

const HOLE = /\{(\d+)(?::([qn]))?\}/g
const SENTENCES = /(?<=[.?!]) (?=\S)/
/** A phrase within a phrase within a phrase: deeper than any is said. */
const DEEPEST = 4
/** Sentences of one text that are looked at together. */
const MOST_SENTENCES = 12
const MOST_KEPT = 10_000

export function createPhrasebook(phrases: Phrases, manner: Manner): Phrasebook {
  const exact = new Map(Object.entries(phrases).filter(([phrase]) => !/\{\d+\}/.test(phrase)))
  const open = Object.entries(phrases)
    .filter(([phrase]) => !exact.has(phrase))
    .map(([phrase, translation]) => ({ parts: phrase.split(/\{\d+\}/), translation }))
  /** What was read before, by how deep it stood. */
  const kept = new Map<string, Reading | null>()

  function read(text: string, depth: number): Reading | null {
    return depth > DEEPEST ? null : best([asOne(text, depth), inSentences(text, depth)])
  }

  /** As one phrase. */
  function asOne(text: string, depth: number): Reading | null {
    const key = `${depth} ${text}`
    const before = kept.get(key)
    if (before !== undefined) return before
    const reading = best([whole(text), ...open.map((phrase) => filled(phrase, text, depth)), filter(text)])
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(key, reading)
    return reading
  }

  function whole(text: string): Reading | null {
    const translation = exact.get(text)
    return translation === undefined ? null : { known: text.length, foreign: 0, text: translation }
  }

  function filled({ parts, translation }: Phrase, text: string, depth: number): Reading | null {
    const values = valuesOf(parts, text)
    if (values === null) return null
    const readings = values.map((value) => read(value, depth + 1))
    const told = translation.replaceAll(HOLE, (_, index: string, as: 'q' | 'n' | undefined) => {
      const [reading, value] = [readings[Number(index)], values[Number(index)] ?? '']
      if (as === 'n' && Number.isFinite(Number(value))) return manner.number(Number(value))
      return reading?.text ?? manner.value(value) ?? (as === 'q' ? manner.quotes.join(value) : value)
    })
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    return {
      known: readings.reduce((sum, reading) => sum + (reading?.known ?? 0), length),
      foreign: values.reduce((sum, value, index) => {
        const isQuoted = translation.includes(`{${index}:q}`)
        return sum + (isQuoted ? 0 : (readings[index]?.foreign ?? foreignOf(value)))
      }, 0),
      text: told,
    }
  }

  /** A text of several phrases, one after the other; a sentence that is in none stays as it is. */
  function inSentences(text: string, depth: number): Reading | null {
    const sentences = text.split(SENTENCES)
    if (sentences.length === 1 || sentences.length > MOST_SENTENCES) return null
    /** The best reading of the first so many sentences. */
    const readings: Reading[] = [{ known: 0, foreign: 0, text: '' }]
    for (const end of sentences.keys()) {
      const candidates = readings.map((before, start): Reading => {
        const next = sentences.slice(start, end + 1).join(' ')
        const reading = asOne(next, depth)
        return {
          known: before.known + (reading?.known ?? 0),
          foreign: before.foreign + (reading?.foreign ?? next.length),
          text: [before.text, reading?.text ?? next].filter((one) => one !== '').join(' '),
        }
      })
      readings.push(best(candidates) ?? { known: 0, foreign: text.length, text })
    }
    const all = readings.at(-1)
    return all === undefined || all.known === 0 ? null : all
  }

  function filter(text: string): Reading | null {
    const told = translateFilter(text, manner.filter)
    return told === null ? null : { known: text.length, foreign: 0, text: told }
  }

  return (text, mayBeAnothers = false) => {
    const reading = read(text, 0)
    if (reading === null) return null
    // Accord tells filters within sentences; what alone looks like one is another's.
    if (mayBeAnothers && (reading.foreign > reading.known || filter(text) !== null)) return null
    return reading.text
  }
}

function foreignOf(value: string): number {
  return value.includes(' ') ? value.length : 0
}

/** What fills the holes of a phrase to make the text; null: it is not that phrase. */
function valuesOf(parts: readonly string[], text: string): readonly string[] | null {
  const [first = '', last = ''] = [parts[0], parts.at(-1)]
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return null
  const values: string[] = []
  const end = text.length - last.length
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const next = text.indexOf(part, at)
    if (next < 0 || next + part.length > end) return null
    values.push(text.slice(at, next))
    at = next + part.length
  }
  return [...values, text.slice(at, end)]
}

/** Of equally good ones the first. */
function best(readings: readonly (Reading | null)[]): Reading | null {
  return readings.reduce<Reading | null>(
    (most, one) => (one !== null && one.known > (most?.known ?? -1) ? one : most),
    null,
  )
}
