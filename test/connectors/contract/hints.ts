import { expect, test, vi } from 'vitest'
import type { Hints } from '../../../src/connectors/connector.js'
import { startSubscriber } from '../../sandbox/subscriber.js'
import type { Subject } from './subject.js'
import type { Work } from './work.js'

type HintsOf<Kind extends Hints['kind']> = Extract<Hints, { readonly kind: Kind }>

/** What a connector has to do whose system tells of changes; one whose system does not says so. */
export function hintTests(started: () => { readonly subject: Subject; readonly work: Work }): void {
  const hintsOf = <Kind extends Hints['kind']>(kind: Kind): HintsOf<Kind> | null => {
    const { hints } = started().subject.connector
    return hints?.kind === kind ? (hints as HintsOf<Kind>) : null
  }
  const editSomething = async (): Promise<void> => {
    const { subject, work } = started()
    const { name, city } = subject.fields
    const { id } = await work.createOne({ [name]: 'Told of' })
    await subject.person.edit(id, { [city]: 'Basel' })
  }

  test('whether its system tells of changes, and how, is known', () => {
    const { connector, hints } = started().subject
    expect(connector.hints?.kind ?? null).toBe(hints?.kind ?? null)
  })

  test('who listens hears of a change, is told once when the line breaks, and may listen anew', async () => {
    const hints = hintsOf('listen')
    const { subject } = started()
    if (hints === null || subject.hints?.kind !== 'listen') return
    const heard: string[] = []
    const lost: Error[] = []
    const listen = () =>
      hints.listen(
        [subject.table],
        (table) => heard.push(table),
        (error) => lost.push(error),
      )
    const first = await listen()
    await editSomething()
    await vi.waitFor(() => expect(heard).toContain(subject.table.name), { timeout: 30_000 })
    await subject.hints.breakLine()
    await vi.waitFor(() => expect(lost).toHaveLength(1), { timeout: 30_000 })
    await first.close()

    const second = await listen()
    heard.length = 0
    await editSomething()
    await vi.waitFor(() => expect(heard).toContain(subject.table.name), { timeout: 30_000 })
    await second.close()
    expect(lost).toHaveLength(1)
  })

  test('a subscription is granted, tells of a change, is renewed, made anew when it was lost, and ended', async () => {
    const hints = hintsOf('webhook')
    const { subject } = started()
    if (hints === null || subject.hints?.kind !== 'webhook') return
    const { table } = subject
    expect(await hints.supported([table, { ...table, name: 'noSuchTable' }])).toEqual([table])
    const subscriber = await startSubscriber()
    try {
      const told = () => subscriber.deliveries.flat()
      const granted = await hints.subscribe(table, subscriber.url, 'a secret', null)
      expect(granted.expiresAt).toBeGreaterThan(Date.now())
      await editSomething()
      await vi.waitFor(() => expect(told()).not.toEqual([]), { timeout: 30_000 })
      expect(told()[0]).toMatchObject({ clientState: 'a secret' })

      const renewed = await hints.subscribe(table, subscriber.url, 'another secret', granted)
      expect(renewed.id).toBe(granted.id)
      expect(renewed.expiresAt).toBeGreaterThanOrEqual(granted.expiresAt)

      await subject.hints.forget(renewed.id)
      const anew = await hints.subscribe(table, subscriber.url, 'another secret', renewed)
      expect(anew.id).not.toBe(renewed.id)
      subscriber.deliveries.length = 0
      await editSomething()
      await vi.waitFor(() => expect(told()).not.toEqual([]), { timeout: 30_000 })
      expect(told().at(-1)).toMatchObject({ subscriptionId: anew.id, clientState: 'another secret' })

      // Of one that Accord has forgotten there is no second.
      expect((await hints.subscribe(table, subscriber.url, 'another secret', null)).id).toBe(anew.id)
      await hints.unsubscribe(anew)
      await hints.unsubscribe(anew)
      const last = await hints.subscribe(table, subscriber.url, 'another secret', null)
      expect(last.id).not.toBe(anew.id)
      await hints.unsubscribe(last)
    } finally {
      await subscriber.close()
    }
  })
}
