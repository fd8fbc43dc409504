import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { startHousekeeping } from '../../src/housekeeping.js'

test('a round that takes longer than the time between two is waited for; a failed one is followed by others', async () => {
  let running = 0
  let most = 0
  let rounds = 0
  const keeping = startHousekeeping(
    async () => {
      running += 1
      rounds += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 20))
      running -= 1
      throw new Error('It failed.')
    },
    2,
    pino({ level: 'silent' }),
  )
  await vi.waitFor(() => expect(rounds).toBeGreaterThan(3))
  keeping.stop()
  expect(most).toBe(1)
})
