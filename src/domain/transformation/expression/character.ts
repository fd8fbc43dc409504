/** Whether a character (a code point as text) is meant. Letters are compared without regard to case. */
export type CharacterTest = (character: string) => boolean

/** The general categories of Unicode, by which `\p{…}` names kinds of characters. */
export const CATEGORIES =
  'L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Cs Co Cn'.split(
    ' ',
  )

export function anyOf(tests: readonly CharacterTest[]): CharacterTest {
  return (character) => tests.some((test) => test(character))
}

export function not(test: CharacterTest): CharacterTest {
  return (character) => !test(character)
}

/** One character, whatever its case. */
export function literal(wanted: string): CharacterTest {
  const folded = fold(wanted)
  return (character) => character === wanted || fold(character) === folded
}

/** All code points from `first` to `last`, and what differs from one of them by case alone. */
export function range(first: number, last: number): CharacterTest {
  const within = (character: string) => {
    const codePoint = character.codePointAt(0) ?? -1
    return codePoint >= first && codePoint <= last
  }
  return (character) =>
    within(character) || within(fold(character)) || within(one(character.toUpperCase(), character))
}

/** Characters of these general categories, of their own case only. */
export function category(...names: readonly string[]): CharacterTest {
  const pattern = new RegExp(`^[${names.map((name) => `\\p{${name}}`).join('')}]$`, 'u')
  return (character) => pattern.test(character)
}

const digit = category('Nd')
/** Letters, marks upon letters, digits and joining signs like `_`. */
const wordCharacter = category('L', 'Mn', 'Nd', 'Pc')
const separator = category('Z')
const blank: CharacterTest = (character) => /^[\t\n\v\f\r\u0085]$/.test(character) || separator(character)

/** `\d`, `\w`, `\s` and their opposites. */
export const SHORTHANDS: Readonly<Record<string, CharacterTest>> = {
  d: digit,
  D: not(digit),
  w: wordCharacter,
  W: not(wordCharacter),
  s: blank,
  S: not(blank),
}

export function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && wordCharacter(character)
}

/** One form for all cases of a character, of one character too. */
function fold(character: string): string {
  const upper = one(character.toUpperCase(), character)
  return one(upper.toLowerCase(), upper)
}

/** `ß` and its like have no other case of one character; they stay. */
function one(converted: string, character: string): string {
  return [...converted].length === 1 ? converted : character
}
