import tls from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { DiagnosisCode } from '../../../src/domain/diagnosis/code.js'
import { DIAGNOSES } from '../../../src/domain/diagnosis/diagnose.js'
import type { Finding } from '../../../src/domain/finding.js'
import { AUTHORITY } from '../support/server-certificates.js'
import { CAUSES } from './causes.js'
import { World } from './world.js'

let world: World
const trusted = tls.getCACertificates('default')
beforeAll(async () => {
  tls.setDefaultCACertificates([...trusted, AUTHORITY])
  world = await World.start()
})
afterAll(async () => {
  tls.setDefaultCACertificates(trusted)
  await world.stop()
})
afterEach(() => world.mend())

const troubles = (findings: readonly Finding[]): string[] => [
  ...new Set(findings.filter(({ severity }) => severity !== 'INFORMATION').map(({ code }) => code)),
]

test('nothing is wrong with the demo', async () => {
  expect(troubles(await world.check())).toEqual([])
})

describe('every cause is told with its remedy, and no other', () => {
  test.each(Object.values(DiagnosisCode))('%s', async (code) => {
    const { arrange, side, what, remedy, ids, severity, with: others = [] } = CAUSES[code]
    await arrange(world)
    const findings = await world.check()
    const found = findings.filter((finding) => finding.code === code && finding.side === side)
    expect(found.map((finding) => finding.what)).toEqual(
      expect.arrayContaining([expect.stringMatching(what)]),
    )
    const [finding] = found.filter((one) => what.test(one.what))
    expect(finding?.severity).toBe(severity ?? DIAGNOSES[code].severity)
    expect(finding?.cause).not.toBe('')
    expect(finding?.remedy).toMatch(remedy ?? /\w/)
    if (ids !== undefined) expect(finding?.correlationIds.map(({ name }) => name)).toEqual(ids)
    const expected = code === DiagnosisCode.signedInAs ? others : [code, ...others]
    expect(troubles(findings).sort()).toEqual([...expected].sort())
    expect(JSON.stringify(findings)).not.toContain(world.secret)
  })
})
