import { upperCaseOneToOne } from '../text.js'
import type { RuleOf } from './rule.js'

/** Letters whose title case differs from their upper case. */
const TITLE_CASE: Readonly<Record<string, string>> = {
  ǆ: 'ǅ',
  Ǆ: 'ǅ',
  ǉ: 'ǈ',
  Ǉ: 'ǈ',
  ǌ: 'ǋ',
  Ǌ: 'ǋ',
  ǳ: 'ǲ',
  Ǳ: 'ǲ',
}
/** A letter and what follows it up to a space, a sign or punctuation other than an apostrophe. */
const WORD = /\p{L}(?:[^\p{Z}\p{Cc}\p{Cf}\p{P}\p{S}]|')*/gu

/**
 * Every word with a first letter in upper case and the rest in lower case, as .NET does it: a word in upper case alone stays
 * (`IBM`), a letter behind an apostrophe is small (`O'brien`), a letter behind digits is large (`3Com`), and one without an upper
 * case of one letter stays.
 */
export function titleCase(text: string): string {
  return text.replace(WORD, (word) => {
    const [first = ''] = word
    const [head = '', ...behindApostrophe] = word.slice(first.length).split("'")
    const tail = /\p{Ll}/u.test(first + head) ? head.toLowerCase() : head
    const upper = /\p{Lt}/u.test(first) ? first : (TITLE_CASE[first] ?? upperCaseOneToOne(first))
    return [upper + tail, ...behindApostrophe.map((part) => part.toLowerCase())].join("'")
  })
}

/** Without spaces at both ends. Other blanks stay, as in Business Central. */
export function trimSpaces(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && text.charAt(start) === ' ') start += 1
  while (end > start && text.charAt(end - 1) === ' ') end -= 1
  return text.slice(start, end)
}

/** Letters, digits, marks upon letters and joining signs stay, in every script; `_` goes with all else. */
export function alphanumericOnly(text: string): string {
  return text.replace(/[^\p{L}\p{Mn}\p{Nd}\p{Pc}]|_/gu, '')
}

/** The part of the text that the rule names; null where the starting or ending text does not occur. */
export function substring(text: string, rule: RuleOf<'SUBSTRING'>): string | null {
  const start = startOf(text, rule)
  if (start === null) return null
  if (rule.endingText === undefined) return cut(text, start, start + (rule.length ?? text.length))
  const end = text.indexOf(withoutQuotes(rule.endingText), start)
  return end < 0 ? null : cut(text, start, end)
}

function startOf(text: string, rule: RuleOf<'SUBSTRING'>): number | null {
  if (rule.startingText === undefined) return (rule.startPosition ?? 1) - 1
  const startingText = withoutQuotes(rule.startingText)
  const found = text.indexOf(startingText)
  return found < 0 ? null : found + startingText.length
}

/** Business Central takes one pair of quotes off, by which its users write a space: `' '`. */
export function withoutQuotes(text: string): string {
  return /^(['"])[^]*\1$/.test(text) ? text.slice(1, -1) : text
}

/** A character of two UTF-16 units that lies on either border is left out whole. */
function cut(text: string, start: number, end: number): string {
  const from = splitsPair(text, start) ? start + 1 : start
  const to = splitsPair(text, end) ? end - 1 : end
  return from < to ? text.slice(from, to) : ''
}

function splitsPair(text: string, position: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(0, position - 1), position + 1))
}
