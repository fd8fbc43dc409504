import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findTemporalBinary, TEMPORAL_VERSION } from '../../src/embedded/temporal-binary.js'

const folder = mkdtempSync(join(tmpdir(), 'accord-binary-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const NOWHERE = join(folder, 'nowhere', 'temporal')
const silent = (): void => undefined

/** A program that answers `--version` as the Temporal command line does. */
function writeProgram(path: string, version: string): void {
  writeFileSync(path, `#!/bin/sh\necho "temporal version ${version}"\n`)
  chmodSync(path, 0o755)
}

test('a program of the machine comes first', async () => {
  const installed = join(folder, 'temporal')
  writeProgram(installed, '1.7.0')
  const binary = await findTemporalBinary({
    cacheDirectory: join(folder, 'cache-1'),
    installed,
    sources: [],
    onProgress: silent,
  })
  expect(binary).toEqual({ path: installed, version: 'temporal version 1.7.0' })
})

test('what a source brought is kept for the next start', async () => {
  const cacheDirectory = join(folder, 'cache-2')
  let fetched = 0
  const find = () =>
    findTemporalBinary({
      cacheDirectory,
      installed: NOWHERE,
      sources: [
        () => Promise.reject(new Error('there is no network')),
        ({ target, version }) => {
          fetched += 1
          writeProgram(target, version)
          return Promise.resolve()
        },
      ],
      onProgress: silent,
    })
  const binaries = await Promise.all([find(), find()])
  const path = join(cacheDirectory, `temporal-${TEMPORAL_VERSION}`, 'temporal')
  expect(binaries.map((binary) => binary.path)).toEqual([path, path])
  expect((await find()).path).toBe(path)
  expect(fetched).toBe(1)
})

test('a damaged program in the cache is replaced', async () => {
  const cacheDirectory = join(folder, 'cache-3')
  mkdirSync(join(cacheDirectory, `temporal-${TEMPORAL_VERSION}`), { recursive: true })
  writeFileSync(join(cacheDirectory, `temporal-${TEMPORAL_VERSION}`, 'temporal'), 'half a downl')
  const binary = await findTemporalBinary({
    cacheDirectory,
    installed: NOWHERE,
    sources: [
      ({ target, version }) => {
        rmSync(target)
        writeProgram(target, version)
        return Promise.resolve()
      },
    ],
    onProgress: silent,
  })
  expect(binary.version).toBe(`temporal version ${TEMPORAL_VERSION}`)
})

test('when every way fails, the error says why and what to install', async () => {
  const search = findTemporalBinary({
    cacheDirectory: join(folder, 'cache-4'),
    installed: NOWHERE,
    sources: [
      () => Promise.reject(new Error('The official download failed')),
      () => Promise.reject(new Error('Go is not installed')),
    ],
    onProgress: silent,
  })
  await expect(search).rejects.toThrow(
    /The official download failed[\s\S]*Go is not installed[\s\S]*Install the Temporal command line[\s\S]*TEMPORAL_ADDRESS/,
  )
})
