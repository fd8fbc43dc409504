import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Gate, pageDecided, pageWritten, type Passage } from '../engine/support/gate.js'
import { comparePairs } from './support/pairs.js'
import { Stage } from './support/stage.js'
import { until } from './support/until.js'
import { quoted } from '../support/person.js'

const CUSTOMERS = 20_000

describe(`the worker is killed again and again while ${CUSTOMERS} customers are loaded into Sales`, () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await Stage.build({ sandbox: { customers: CUSTOMERS, demo: false } })
  })
  afterAll(() => stage.takeDown())

  /** A worker goes on with the run, and dies where the gate stands. */
  const startToDieAt = async (passage: Passage): Promise<void> => {
    await using gate = await Gate.shut(stage.engine, passage)
    const worker = await stage.startWorker()
    await gate.reached()
    await worker.kill()
    await gate.cut()
  }

  test(
    'nobody is lost or created twice, and what persons edit meanwhile arrives',
    { timeout: 240_000 },
    async () => {
      const { person } = stage.engine
      const first = await stage.startWorker()
      expect((await stage.synchronize('CURRENCY')).run.status).toBe('COMPLETED')

      // 1. Between a request and its answer: the accounts are committed, Accord never hears of them.
      await stage.setFault('dataverse', {
        // A creation within a bulk call; reads go in bulk calls too.
        path: 'accounts\\(',
        method: 'PATCH',
        action: { kind: 'delay', milliseconds: 20_000, at: 'afterCommit' },
      })
      const run = await stage.request('CUSTOMER')
      await until('accounts are created whose answer is not there', async () => {
        return (await stage.faultsActed('dataverse')) && (await person.countAccounts()) > 0
      })
      await first.kill()
      expect(await stage.count('intent_call', 'answers is null')).toBeGreaterThan(0)
      expect(await stage.count('coupling', `local_table = 'customers'`)).toBe(0)
      await stage.clearFaults('dataverse')
      const unanswered = await person.account('name ne null')
      await person.editAccount(String(unanswered?.['accountid']), { telephone1: '+1 555 0001' })
      const untouched = await person.customer('G0019999')
      await person.editCustomer(String(untouched?.['id']), { city: 'Ghent' })

      // 2. Some pages are recorded, one is being recorded.
      await startToDieAt(pageWritten('TO_INTEGRATION_TABLE', 3))
      const coupled = await stage.count('coupling', `local_table = 'customers'`)
      expect(coupled).toBeGreaterThan(0)
      expect(coupled).toBeLessThan(CUSTOMERS)
      const loaded = await person.customer('G0000001')
      await person.editCustomer(String(loaded?.['id']), { phoneNumber: '+1 555 0002' })

      // 3. Within a page: some of its answers are in, some are not.
      await startToDieAt({
        table: 'intent_call',
        when: `new.answers is not null and exists (
          select from intent_call c where c.page_id = new.page_id and c.answers is not null)`,
      })

      // 4. A page is decided, none of its requests has left.
      await startToDieAt(pageDecided('TO_INTEGRATION_TABLE', 7))

      const last = await stage.startWorker()
      const report = await stage.ended(run)
      expect(report.run.message).toBeNull()
      expect(report.run.status).toBe('COMPLETED')
      expect(report.to?.inserted).toBe(CUSTOMERS)
      const second = await stage.synchronize('CUSTOMER')
      expect(second.run.status).toBe('COMPLETED')
      expect(await stage.leftovers()).toEqual({
        intents: 0,
        calls: 0,
        claims: 0,
        pages: 0,
        states: 0,
        errors: 0,
      })

      expect(await comparePairs(stage)).toEqual({
        customers: CUSTOMERS,
        accounts: CUSTOMERS,
        couplings: CUSTOMERS,
        withoutPartner: [],
        differing: [],
        duplicateNames: [],
      })
      const account = await person.account(`name eq ${quoted(String(loaded?.['displayName']))}`)
      expect(account?.['telephone1']).toBe('+1 555 0002')
      const other = await person.account(`name eq ${quoted(String(untouched?.['displayName']))}`)
      expect(other?.['address1_city']).toBe('Ghent')
      expect((await person.accountById(String(unanswered?.['accountid'])))?.['telephone1']).toBe(
        '+1 555 0001',
      )
      await last.kill()
    },
  )
})
