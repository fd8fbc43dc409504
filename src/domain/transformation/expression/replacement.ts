import { ExpressionProblem } from './reader.js'

/** A piece of what stands in place of a match: text as it is, or what a group caught. Group 0 is the whole match. */
export type ReplacementPiece = { readonly text: string } | { readonly group: number }

const PIECE =
  /\$(?:(?<dollar>\$)|(?<whole>[&0])(?!\d)|(?<number>\d+)|\{(?<name>[^}]*)\}|(?<refused>[`'+_]))|(?<text>\$|[^$]+)/gu

/** Reads a replacement of .NET's language. Throws `ExpressionProblem`, whose words complete "The replacement …". */
export function readReplacement(replacement: string, groups: readonly string[]): readonly ReplacementPiece[] {
  return Array.from(replacement.matchAll(PIECE), ({ 0: piece, groups: found = {} }) => {
    if (found['dollar'] !== undefined) return { text: '$' }
    if (found['text'] !== undefined) return { text: piece }
    if (found['whole'] !== undefined) return { group: 0 }
    if (found['refused'] !== undefined)
      throw new ExpressionProblem(
        `has ${piece}, which is not read; write $$ for a dollar sign, $1 for a group`,
      )
    const key = found['number'] ?? found['name'] ?? ''
    const group = key === '0' ? 0 : groupNumber(key, groups)
    if (group === null)
      throw new ExpressionProblem(
        `refers to the group ${piece}; the expression has ${groups.length === 0 ? 'none' : `only ${groups.join(', ')}`}. Write $$ for a dollar sign`,
      )
    return { group }
  })
}

/** By name, or by number: named groups have the numbers behind the unnamed ones. */
function groupNumber(key: string, groups: readonly string[]): number | null {
  const named = groups.indexOf(key)
  if (named >= 0) return named + 1
  const number = /^[1-9]\d{0,2}$/.test(key) ? Number(key) : 0
  return number >= 1 && number <= groups.length ? number : null
}
