import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ConnectorError, type WriteRequest } from '../../../src/connectors/connector.js'
import { failureOf } from '../support/failures.js'
import { hintTests } from './hints.js'
import type { Subject, SubjectKind } from './subject.js'
import type { Work } from './work.js'
import { workOn } from './work.js'

/** What every connector has to do, whatever system it leads to. A new kind passes it by describing itself as a {@link SubjectKind}. */
export function contractSuite(kind: SubjectKind): void {
  describe.each([kind])('$name', () => {
    let subject: Subject
    let work: Work

    beforeAll(async () => {
      subject = await kind.start()
      work = workOn(subject)
    })
    afterEach(async () => {
      await subject.disturb.clear()
    })
    afterAll(async () => {
      await subject[Symbol.asyncDispose]()
    })

    test('the table is in the list, and is described with its key and its fields', async () => {
      const { connector, table, fields } = subject
      expect((await connector.listTables()).map((listed) => listed.name)).toContain(table.name)
      const described = await connector.describeTable(table.name)
      expect(described).toMatchObject({ system: table.system, name: table.name, keyField: table.keyField })
      const known = new Set(described.fields.map((field) => field.name))
      for (const name of Object.values(fields)) expect(known).toContain(name)
      expect(known).toContain(described.nameField)
      const { failure } = await failureOf(connector.describeTable('no_such_table'))
      expect(failure.errorClass).toBe('SETUP')
    })

    test('what was created is what is read, with its version, its stamp and its blanks', async () => {
      const { name, amount, city } = subject.fields
      const values = { [name]: 'Alfreds Futterkiste', [amount]: '12345678901.25', [city]: null }
      const record = await work.createOne(values)
      expect(record.values).toMatchObject(values)
      expect(await work.readOne(record.id)).toEqual(record)
      const stampedAt = subject.table.stampField === '' ? Date.now() : record.stamp
      expect(Math.abs(stampedAt - Date.now())).toBeLessThan(60_000)
    })

    test('a field that was never given a value is blank', async () => {
      const { name, city } = subject.fields
      const record = await work.createOne({ [name]: 'Name only' })
      expect(record.values).toMatchObject({ [city]: null })
      expect(await work.readOne(record.id)).toEqual(record)
    })

    test('a field that was not asked for is not there', async () => {
      const { name } = subject.fields
      const { id } = await work.createOne({ [name]: 'Name only' })
      const answers = await subject.connector.readByIds(subject.table, [name], [id])
      expect(answers).toMatchObject([{ kind: 'found', record: { values: { [name]: 'Name only' } } }])
      const [answer] = answers
      expect(answer?.kind === 'found' ? Object.keys(answer.record.values) : []).toEqual([name])
    })

    test('many records in bulk, each with a result of its own, read in the order asked', async () => {
      const { name, city } = subject.fields
      const records = await work.create(
        ...Array.from({ length: 230 }, (_, index) => ({ [name]: `Bulk ${index}` })),
      )
      expect(new Set(records.map((record) => record.id)).size).toBe(230)
      expect(records.map((record) => record.values[name])).toEqual(records.map((_, index) => `Bulk ${index}`))
      const backwards = records.toReversed()
      const answers = await subject.connector.readByIds(
        subject.table,
        work.fields,
        backwards.map((record) => record.id),
      )
      expect(answers).toEqual(backwards.map((record) => ({ kind: 'found', record })))
      const outcomes = await work.outcomes(
        records.map((record, index) => work.updateRequest(String(index), record, { [city]: 'Berlin' })),
      )
      expect(new Set(Object.values(outcomes))).toEqual(new Set(['written']))
    })

    test('updated, stale, gone and refused stand side by side', async () => {
      const { name, city } = subject.fields
      const [fine, stale, gone, refused] = await work.create(
        { [name]: 'A' },
        { [name]: 'B' },
        { [name]: 'C' },
        { [name]: 'D' },
      )
      if (!fine || !stale || !gone || !refused) throw new Error('Four were asked for.')
      await subject.person.edit(stale.id, { [city]: 'Bern' })
      await subject.person.remove(gone.id)
      const tooLong = 'x'.repeat((subject.longestName ?? 0) + 1)
      const isRefused = subject.longestName !== null
      const results = await work.write([
        work.updateRequest('stale', stale, { [name]: 'B2' }),
        work.updateRequest('gone', gone, { [name]: 'C2' }),
        work.updateRequest('fine', fine, { [name]: 'A2' }),
        work.updateRequest('refused', refused, { [name]: tooLong }),
      ])
      expect(results.get('stale')?.kind).toBe('stale')
      expect(results.get('gone')?.kind).toBe('gone')
      expect(results.get('refused')).toMatchObject(
        isRefused ? { kind: 'refused', failure: { errorClass: 'VALIDATION' } } : { kind: 'written' },
      )
      expect((await work.readOne(stale.id)).values).toMatchObject({ [name]: 'B', [city]: 'Bern' })
      const after = await work.readOne(fine.id)
      expect(after.values).toMatchObject({ [name]: 'A2' })
      expect(results.get('fine')).toEqual({ kind: 'written', ref: 'fine', record: after })
      expect(await subject.connector.readByIds(subject.table, [], [gone.id])).toEqual([
        { kind: 'gone', id: gone.id },
      ])
    })

    test('a creation that landed before exists, and is not there twice', async () => {
      const { name, code } = subject.fields
      const request = await work.createRequest('again', { [name]: 'Twice' })
      expect(await work.outcomes([request])).toEqual({ again: 'written' })
      expect(await work.outcomes([request])).toEqual({ again: 'exists' })
      const key = String(request.values[code])
      expect(await subject.connector.readByValues(subject.table, [code], code, [key])).toHaveLength(1)
    })

    test('emoji and long text pass; a lone surrogate never harms its neighbours', async () => {
      const { name } = subject.fields
      const texts = { emoji: 'Café 🧀 Ωmega', long: 'x'.repeat(subject.longestName ?? 1_000) }
      const results = await work.write([
        await work.createRequest('emoji', { [name]: texts.emoji }),
        await work.createRequest('long', { [name]: texts.long }),
        await work.createRequest('bad', { [name]: 'a\ud800b' }),
      ])
      expect(results.get('emoji')).toMatchObject({
        kind: 'written',
        record: { values: { [name]: texts.emoji } },
      })
      expect(results.get('long')).toMatchObject({
        kind: 'written',
        record: { values: { [name]: texts.long } },
      })
      expect(['written', 'refused']).toContain(results.get('bad')?.kind)
    })

    test('blanks are written and read back as blanks', async () => {
      const { name, city, amount } = subject.fields
      const record = await work.createOne({ [name]: 'Blank', [city]: 'Ulm', [amount]: '5' })
      const results = await work.write([work.updateRequest('1', record, { [city]: null, [amount]: null })])
      const blanks = { [city]: null, [amount]: subject.blankAmount }
      expect(results.get('1')).toMatchObject({ kind: 'written', record: { values: blanks } })
    })

    test('found by value, without regard to case', async () => {
      const { name, code } = subject.fields
      const { connector, table } = subject
      const record = await work.createOne({ [name]: "O'Neil & Söhne, #1+?" })
      const wanted = ["o'NEIL & söhne, #1+?", 'nobody', '\0']
      expect(await connector.readByValues(table, work.fields, name, wanted)).toEqual([record])
      const key = String(record.values[code])
      expect(await connector.readByValues(table, work.fields, code, [key.toLowerCase(), 'X'])).toEqual([
        record,
      ])
      expect(await connector.readByValues(table, work.fields, code, [])).toEqual([])
    })

    test('changes since a mark come in pages and in full', async () => {
      const { name } = subject.fields
      if (subject.table.stampField === '') return
      const records = await work.create(
        ...Array.from({ length: 25 }, (_, index) => ({ [name]: `Change ${index}` })),
      )
      const mark = Math.min(...records.map((record) => record.stamp))
      const seen = await work.readAll({ kind: 'stamp', atOrAfter: mark }, 10)
      expect(seen.pages).toBeGreaterThan(2)
      for (const record of records) expect(seen.changes).toContainEqual({ kind: 'changed', record })
      const later = await work.readAll({ kind: 'stamp', atOrAfter: Date.now() + 3_600_000 }, 10)
      expect(later.changes).toEqual([])
    })

    test('everything from the beginning, each record once', async () => {
      const record = await work.createOne({ [subject.fields.name]: 'First' })
      const seen = await work.readAll({ kind: 'beginning' }, 40)
      expect(seen.changes).toContainEqual({ kind: 'changed', record })
      const ids = seen.changes.map((change) => (change.kind === 'changed' ? change.record.id : change.id))
      expect(new Set(ids).size).toBe(ids.length)
    })

    test('behind a token come exactly the changes since, deletions among them', async () => {
      const { name, city } = subject.fields
      if (subject.connector.changeFeed(subject.table) !== 'token') return
      const [edited, removed] = await work.create({ [name]: 'Edited' }, { [name]: 'Removed' })
      if (edited === undefined || removed === undefined) throw new Error('Two were asked for.')
      const { token } = await work.readAll({ kind: 'beginning' }, 40, true)
      if (token === null) throw new Error('A tracked read ends with a token.')
      await subject.person.edit(edited.id, { [city]: 'Elsewhere' })
      await subject.person.remove(removed.id)
      const since = await work.readAll({ kind: 'token', token }, 40, true)
      expect(since.changes).toHaveLength(2)
      expect(since.changes).toContainEqual({ kind: 'changed', record: await work.readOne(edited.id) })
      expect(since.changes).toContainEqual({ kind: 'tombstone', id: removed.id })
      expect(since.token).toEqual(expect.any(String))
    })

    test('a record is deleted on the version that was compared, and on no other', async () => {
      const { name, city } = subject.fields
      const [first, second] = await work.create({ [name]: 'Deleted' }, { [name]: 'Kept' })
      if (first === undefined || second === undefined) throw new Error('Two were asked for.')
      await subject.person.edit(second.id, { [city]: 'Elsewhere' })
      const requests = [work.deleteRequest('1', first), work.deleteRequest('2', second)]
      expect(await work.outcomes(requests)).toEqual({ 1: 'deleted', 2: 'stale' })
      const answers = await subject.connector.readByIds(subject.table, [name], [first.id, second.id])
      expect(answers.map((answer) => answer.kind)).toEqual(['gone', 'found'])
      expect(await work.outcomes([work.deleteRequest('1', first)])).toEqual({ 1: 'gone' })
    })

    test('the ids of a table are all of them, each once, and as many as it counts', async () => {
      const { name } = subject.fields
      const [kept, deleted] = await work.create({ [name]: 'Counted' }, { [name]: 'Counted no more' })
      if (kept === undefined || deleted === undefined) throw new Error('Two were asked for.')
      await work.outcomes([work.deleteRequest('1', deleted)])
      const ids = await work.ids()
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids).toContain(kept.id)
      expect(ids).not.toContain(deleted.id)
      expect(await subject.connector.countRecords(subject.table, null)).toBe(ids.length)
      const counted = { kind: 'compare', field: name, comparison: '=', value: 'COUNTED' } as const
      expect(await subject.connector.countRecords(subject.table, counted)).toBe(1)
    })

    test('what is past its deadline is not sent', async () => {
      const { name } = subject.fields
      const late = { ...(await work.createRequest('late', { [name]: 'Late' })), deadline: Date.now() - 1 }
      const fine = await work.createRequest('fine', { [name]: 'In time' })
      const announced: string[] = []
      const results = await work.write([late, fine], {
        beforeCall(refs) {
          announced.push(...refs)
          return Promise.resolve()
        },
      })
      expect(results.get('late')?.kind).toBe('notSent')
      expect(results.get('fine')?.kind).toBe('written')
      expect(announced).toEqual(['fine'])
    })

    test('whoever stops the work is told so, and nothing is sent', async () => {
      const request = await work.createRequest('1', { [subject.fields.name]: 'Never' })
      const reason = new Error('Enough.')
      await expect(work.write([request], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      await expect(work.write([request], { beforeCall: () => Promise.reject(reason) })).rejects.toBe(reason)
      expect(await work.outcomes([request])).toEqual({ 1: 'written' })
    })

    test('a lost answer is unknown, whether the write landed or not', async () => {
      const { loseAnswer } = subject.disturb
      if (loseAnswer === undefined) return
      const { name, code } = subject.fields
      for (const at of ['beforeCommit', 'afterCommit'] as const) {
        const request = await work.createRequest('1', { [name]: `Lost ${at}` })
        await loseAnswer(at, `Lost ${at}`)
        const { 1: result } = await resultsIn(work, [request])
        const isCertain = at === 'beforeCommit' && subject.disturb.knowsUncommitted === true
        expect(result).toBe(isCertain ? 'notSent' : 'unknown')
        await subject.disturb.clear()
        const key = String(request.values[code])
        const landed = await subject.connector.readByValues(subject.table, work.fields, code, [key])
        expect(landed).toHaveLength(at === 'afterCommit' ? 1 : 0)
      }
    })

    test('an answer that comes too late is unknown', async () => {
      const impatient = subject.impatient(1_000)
      if (impatient === null || subject.disturb.delayWrite === undefined) return
      try {
        const hasty = workOn({ ...subject, connector: impatient })
        // What the connector has to find out about the system is known from here on.
        await hasty.createOne({ [subject.fields.name]: 'Quick' })
        const request = await hasty.createRequest('1', { [subject.fields.name]: 'Slow' })
        await subject.disturb.delayWrite(3_000)
        expect(await hasty.outcomes([request])).toEqual({ 1: 'unknown' })
      } finally {
        await impatient.close()
      }
    })

    test('throttled: nothing was sent, and the time to wait is known', async () => {
      if (subject.disturb.throttle === undefined) return
      await subject.disturb.throttle(17)
      const request = await work.createRequest('1', { [subject.fields.name]: 'Throttled' })
      expect(await failureOf(work.write([request]))).toMatchObject({
        failure: { errorClass: 'THROTTLED' },
        retryAfter: 17_000,
      })
      expect(await work.outcomes([request])).toEqual({ 1: 'written' })
    })

    test('a refused token is renewed without a trace', async () => {
      if (subject.disturb.refuseToken === undefined) return
      await subject.disturb.refuseToken()
      await subject.connector.readClock()
      await subject.disturb.refuseToken()
      expect(
        await work.outcomes([await work.createRequest('1', { [subject.fields.name]: 'Renewed' })]),
      ).toEqual({
        1: 'written',
      })
    })

    test('a system that cannot be read just now is unavailable', async () => {
      if (subject.disturb.failRead === undefined) return
      await subject.disturb.failRead()
      const { failure } = await failureOf(work.readAll({ kind: 'beginning' }, 10))
      expect(failure.errorClass).toBe('UNAVAILABLE')
    })

    test('a rule of the system refuses one of many, in its own words', async () => {
      if (subject.disturb.refuseCity === undefined) return
      const { name, city } = subject.fields
      await subject.disturb.refuseCity('Atlantis', 'Atlantis has sunk.')
      const results = await work.write([
        await work.createRequest('bad', { [name]: 'Bad', [city]: 'Atlantis' }),
        await work.createRequest('good', { [name]: 'Good', [city]: 'Athens' }),
      ])
      expect(results.get('good')?.kind).toBe('written')
      expect(results.get('bad')).toMatchObject({ kind: 'refused', failure: { errorClass: 'VALIDATION' } })
      expect(JSON.stringify(results.get('bad'))).toContain('Atlantis has sunk.')
    })

    test('the clock is the system’s, a record has an address, and facts can be asked for', async () => {
      const { connector, table } = subject
      const { at, readAt } = await connector.readClock()
      expect(Math.abs(at - readAt)).toBeLessThan(60_000)
      const { id } = await work.createOne({ [subject.fields.name]: 'Addressed' })
      expect(URL.canParse(connector.recordUrl(table, id))).toBe(true)
      expect(Object.keys(await connector.readFacts())).toEqual(['baseCurrency', 'localCurrencyCode'])
    })

    hintTests(() => ({ subject, work }))

    test('a check finds nothing wrong where nothing is', async () => {
      const { connector, table, fields } = subject
      const checked = {
        table,
        fields: Object.values(fields),
        written: [fields.name],
        creates: true,
        deletes: true,
      }
      const findings = await connector.check({ tables: [checked] })
      expect(findings.filter((finding) => finding.severity === 'ERROR')).toEqual([])
    })
  })
}

/** The results of a write that may end with a failure of the system, once each request has one. */
async function resultsIn(
  work: Work,
  requests: readonly WriteRequest[],
): Promise<Readonly<Record<string, string>>> {
  const kinds: Record<string, string> = {}
  try {
    await work.write(requests, {
      onResults(results) {
        for (const { ref, kind } of results) kinds[ref] = kind
        return Promise.resolve()
      },
    })
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
  }
  return kinds
}
