import { expect, test } from 'vitest'
import { WrongAttempts } from '../../src/api/sign-in/wrong-attempts.js'

const NOW = 1_700_000_000_000

test('after twenty within a minute an address waits for the rest of it, and no other does', () => {
  const attempts = new WrongAttempts()
  for (let count = 0; count < 20; count += 1) expect(attempts.note('192.0.2.1', NOW)).toBeNull()
  expect(attempts.note('192.0.2.1', NOW + 15_000)).toBe(45)
  expect(attempts.note('192.0.2.2', NOW + 15_000)).toBeNull()
  expect(attempts.note('192.0.2.1', NOW + 60_000)).toBeNull()
})

test('one machine does not get round it by the many addresses of its network', () => {
  const attempts = new WrongAttempts()
  for (let count = 0; count < 20; count += 1) attempts.note(`2001:db8:0:1::${count}`, NOW)
  expect(attempts.note('2001:db8:0:1:abcd::1', NOW)).toBe(60)
  expect(attempts.note('2001:db8:0:2::1', NOW)).toBeNull()
})

test('one that is taken back does not count', () => {
  const attempts = new WrongAttempts()
  for (let count = 0; count < 100; count += 1) {
    expect(attempts.note('192.0.2.1', NOW)).toBeNull()
    attempts.forgive('192.0.2.1')
  }
})

test('of very many addresses those that came first are forgotten first', () => {
  const attempts = new WrongAttempts()
  for (let count = 0; count < 21; count += 1) attempts.note('192.0.2.1', NOW)
  for (let address = 0; address < 10_000; address += 1) attempts.note(`2001:db8:${address}::1`, NOW)
  expect(attempts.note('192.0.2.1', NOW)).toBeNull()
})
