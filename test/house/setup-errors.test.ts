import { expect, test } from 'vitest'
import { ENTRA_NUMBERS, explainEntraNumbers } from '../../src/connectors/http/entra-errors.js'
import { BUSINESS_CENTRAL } from '../../src/domain/diagnosis/business-central.js'
import { DiagnosisCode, type Diagnosis } from '../../src/domain/diagnosis/code.js'
import { DATAVERSE } from '../../src/domain/diagnosis/dataverse.js'
import { DIAGNOSES } from '../../src/domain/diagnosis/diagnose.js'
import { MAPPED } from '../../src/domain/diagnosis/mapped.js'
import { ODATA } from '../../src/domain/diagnosis/odata.js'
import { POSTGRESQL } from '../../src/domain/diagnosis/postgresql.js'
import { SIGN_IN } from '../../src/domain/diagnosis/sign-in.js'
import { WAY_THERE } from '../../src/domain/diagnosis/way-there.js'

const INTRODUCTION = `# Setup errors

Everything that \`accord check\`, the mutation \`checkConnection\` and the check of a run that stopped can say about a connection, by its stable code. The words in a finding may be narrower than these: they name the table, the privilege,
the currency.

A check changes nothing in either system. It asks in this order: the way to both hosts, the token, the cheapest call with it, who the
integration user is, each table of the mappings, change tracking, columns, currencies. What hides everything after it ends the check of that
system. Whether records can be _created_ or _deleted_ in Business Central is not looked at, as that cannot be tried without doing it;
changing is tried with a version that the record never had.
`

const PARTS: readonly (readonly [title: string, part: Partial<Record<DiagnosisCode, Diagnosis>>])[] = [
  ['The way there', WAY_THERE],
  ['The token', SIGN_IN],
  ['Dataverse', DATAVERSE],
  ['Business Central', BUSINESS_CENTRAL],
  ['PostgreSQL', POSTGRESQL],
  ['OData', ODATA],
  ['What the mappings need', MAPPED],
]

test('docs/setup-errors.md is what the checks say (vitest -u writes it)', async () => {
  const page = [
    INTRODUCTION,
    ...PARTS.map(([title, part]) => `## ${title}\n\n${Object.entries(part).map(entry).join('\n')}`),
  ]
  await expect(page.join('\n')).toMatchFileSnapshot('../../docs/setup-errors.md')
})

test('every cause stands in one part', () => {
  expect(PARTS.flatMap(([, part]) => Object.keys(part)).sort()).toEqual(Object.values(DiagnosisCode).sort())
})

test('the numbers of Microsoft Entra are those that the page names', () => {
  const named = Object.entries(DIAGNOSES).flatMap(([code, { seenAs }]) =>
    [...seenAs.matchAll(/AADSTS(\d+)/g)].map(([, number]) => [Number(number), code] as const),
  )
  expect(named.map(([number]) => number).sort()).toEqual([...ENTRA_NUMBERS].sort())
  for (const [number, code] of named) expect(explainEntraNumbers([number]).diagnosis).toBe(code)
})

function entry([code, { severity, seenAs, cause, remedy, link }]: readonly [string, Diagnosis]): string {
  const lines = [
    `- Seen as: ${plain(seenAs)}`,
    `- Cause: ${plain(cause)}`,
    `- Remedy: ${plain(remedy)}`,
    ...(link === null ? [] : [`- See: <${link}>`]),
  ]
  return `### ${code}\n\n${severity[0]}${severity.slice(1).toLowerCase()}.\n\n${lines.join('\n')}\n`
}

/** Outside of code, nothing of a text is markup. */
function plain(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '\\<') : `\`${part}\``))
    .join('')
}
