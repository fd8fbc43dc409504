import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { withFileLock } from '../../src/embedded/file-lock.js'

const folder = mkdtempSync(join(tmpdir(), 'accord-lock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('only one holds the lock; the others wait and are told so', async () => {
  const file = join(folder, 'one.lock')
  let inside = 0
  let most = 0
  let waits = 0
  const work = () =>
    withFileLock(
      file,
      () => {
        waits += 1
      },
      async () => {
        inside += 1
        most = Math.max(most, inside)
        await Promise.resolve()
        inside -= 1
      },
    )
  await Promise.all([work(), work(), work()])
  expect(most).toBe(1)
  expect(waits).toBe(2)
  expect(existsSync(file)).toBe(false)
})

test('a lock whose holder is dead is taken over', async () => {
  const file = join(folder, 'dead.lock')
  const { pid } = spawnSync(process.execPath, ['--version'])
  writeFileSync(file, String(pid))
  await expect(
    withFileLock(
      file,
      () => undefined,
      () => Promise.resolve('done'),
    ),
  ).resolves.toBe('done')
})

test('a failure releases the lock', async () => {
  const file = join(folder, 'failed.lock')
  const failing = withFileLock(
    file,
    () => undefined,
    () => Promise.reject(new Error('no luck')),
  )
  await expect(failing).rejects.toThrow('no luck')
  expect(existsSync(file)).toBe(false)
})
