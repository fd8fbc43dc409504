import { describe, expect, test } from 'vitest'
import { Recent } from '../../src/api/recent.js'
import type { Mapping } from '../../src/persistence/entities/mapping.js'

const mapping = (name: string): Mapping => ({ name }) as Mapping

/** A reading that ends when it is told to. */
function reading(recent: Recent, name: string) {
  const { promise, resolve } = Promise.withResolvers<Mapping | null>()
  return {
    read: recent.read(recent.mappings, 'id', () => promise),
    end: () => {
      resolve(mapping(name))
    },
  }
}

describe('what nearly every request asks for', () => {
  test('is read once', async () => {
    const recent = new Recent()
    let times = 0
    const load = async (): Promise<Mapping> => {
      times += 1
      return mapping('CUSTOMER')
    }
    await recent.read(recent.mappings, 'id', load)
    expect(await recent.read(recent.mappings, 'id', load)).toEqual({ name: 'CUSTOMER' })
    expect(recent.known(recent.mappings, 'id')).toEqual({ name: 'CUSTOMER' })
    expect(times).toBe(1)
  })

  test('is read again after a mutation', async () => {
    const recent = new Recent()
    await recent.read(recent.mappings, 'id', async () => mapping('before'))
    recent.beginMutation()
    recent.endMutation()
    expect(await recent.read(recent.mappings, 'id', async () => mapping('after'))).toEqual({ name: 'after' })
  })

  test('is read by each who asks while a mutation is under way', async () => {
    const recent = new Recent()
    await recent.read(recent.mappings, 'id', async () => mapping('before'))
    recent.beginMutation()
    await recent.read(recent.mappings, 'id', async () => mapping('first'))
    expect(await recent.read(recent.mappings, 'id', async () => mapping('second'))).toEqual({
      name: 'second',
    })
    recent.endMutation()
    expect(recent.known(recent.mappings, 'id')).toBeUndefined()
  })

  test('is not kept when a mutation has begun and ended while it was read', async () => {
    const recent = new Recent()
    const { read, end } = reading(recent, 'before')
    recent.beginMutation()
    recent.endMutation()
    end()
    expect(await read).toEqual({ name: 'before' })
    expect(recent.known(recent.mappings, 'id')).toBeUndefined()
  })

  test('is not kept when it was read from within a mutation', async () => {
    const recent = new Recent()
    recent.beginMutation()
    const { read, end } = reading(recent, 'before')
    recent.endMutation()
    end()
    await read
    expect(recent.known(recent.mappings, 'id')).toBeUndefined()
  })

  test('is asked for again where it was not there', async () => {
    const recent = new Recent()
    expect(await recent.read(recent.mappings, 'id', async () => null)).toBeNull()
    expect(await recent.read(recent.mappings, 'id', async () => mapping('new'))).toEqual({ name: 'new' })
  })

  test('is kept no longer than it is so', async () => {
    const recent = new Recent()
    const load = async (): Promise<Mapping> => mapping('CUSTOMER')
    await recent.read(recent.mappings, 'over', load, () => 0.4)
    await recent.read(recent.mappings, 'soon', load, () => 200)
    await recent.read(recent.mappings, 'late', load, () => 90_000)
    expect(recent.mappings.has('over')).toBe(false)
    expect(recent.mappings.getRemainingTTL('soon')).toBeLessThanOrEqual(200)
    expect(recent.mappings.getRemainingTTL('late')).toBeLessThanOrEqual(1_000)
  })
})
