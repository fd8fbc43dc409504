import tls from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { DiagnosisCode } from '../../../src/domain/diagnosis/code.js'
import { DIAGNOSES } from '../../../src/domain/diagnosis/diagnose.js'
import { Side } from '../../../src/domain/value.js'
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
  test.each(Object.entries(CAUSES))('%s', async (cause, told) => {
    const code = cause as DiagnosisCode
    const { arrange, side, what, remedy, ids, severity, with: others = [] } = told
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
    const names = finding?.correlationIds.map(({ name }) => name)
    expect(ids === undefined ? undefined : names).toEqual(ids)
    const expected = code === DiagnosisCode.signedInAs ? others : [code, ...others]
    expect(troubles(findings).sort()).toEqual([...expected].sort())
    expect(JSON.stringify(findings)).not.toContain(world.secret)
  })
})

test('of several registered applications each is checked, and named where something is wrong with it', async () => {
  world.furtherSignIn(Side.local, { clientId: 'the-second', clientSecret: 'wrong' })
  const findings = (await world.check()).filter(({ severity }) => severity === 'ERROR')
  expect(findings).not.toEqual([])
  for (const { what, side } of findings) {
    expect(side).toBe(Side.local)
    expect(what).toMatch(/\(Signed in as the-second\.\)$/)
  }
})

test('a wrong web service key of a user on premises', async () => {
  await world.turn('businessCentral', 'service', { onPremises: true })
  world.set(Side.local, { signIn: { kind: 'basic', username: 'ACCORD', password: 'no key' } })
  const [finding] = await world.check()
  expect(finding).toMatchObject({ code: DiagnosisCode.credentialsWrong, side: Side.local })
  expect(finding?.remedy).toMatch(/web service access key/)
})

test('an administrator through a team counts as one', async () => {
  await world.turn('dataverse', 'permissions', { teamRoles: ['System Administrator'] })
  const found = (await world.check()).find(({ severity }) => severity === 'ERROR')
  expect(found).toMatchObject({ code: DiagnosisCode.administratorAsIntegrationUser })
  expect(found?.what).toMatch(/through the team/)
})

test('every privilege that is missing is named, with its table', async () => {
  const without = [
    'prvReadAccount',
    'prvCreateAccount',
    'prvDeleteAccount',
    'prvAppendAccount',
    'prvAppendToContact',
  ]
  await world.turn('dataverse', 'permissions', { without })
  const missing = (await world.check()).filter(({ code }) => code === DiagnosisCode.privilegeMissing)
  expect(missing.map(({ what }) => /prv\w+/.exec(what)?.[0]).sort()).toEqual([...without].sort())
})

describe('exchange rates', () => {
  test.each([
    ['before 2099-01-01', [{ from: '2099-01-01', rate: 1.09 }]],
    ['from any date', []],
  ])('missing in Business Central %s', async (when, rates) => {
    await world.turn('businessCentral', 'exchange-rates', { currency: 'EUR', rates })
    const [finding] = (await world.check()).filter(({ severity }) => severity === 'ERROR')
    expect(finding?.what).toBe(`Business Central has no exchange rate for the currency EUR ${when}.`)
    expect(finding?.side).toBe(Side.local)
  })

  test('missing in Business Central of a currency that only its records are in', async () => {
    const currency = await world.foreignCurrency()
    await world.turn('businessCentral', 'exchange-rates', { currency, rates: [] })
    const [finding] = (await world.check()).filter(({ severity }) => severity === 'ERROR')
    expect(finding?.what).toBe(
      `Business Central has no exchange rate for the currency ${currency} from any date.`,
    )
  })

  test('missing in Dataverse since its last change', async () => {
    await world.turn('dataverse', 'exchange-rates', { currency: 'EUR', rate: null })
    const [finding] = (await world.check()).filter(({ severity }) => severity === 'ERROR')
    expect(finding?.what).toMatch(
      /^Dataverse has no exchange rate for the currency EUR since \d{4}-\d\d-\d\d\.$/,
    )
    expect(finding?.side).toBe(Side.integration)
  })
})
