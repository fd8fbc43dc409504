import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isAlive } from './running-process.js'

/**
 * Runs `action` while no other process holds the lock file. A lock whose holder is dead is taken over.
 * @param onWait is called once, when another process holds the lock
 */
export async function withFileLock<T>(
  file: string,
  onWait: () => void,
  action: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(file), { recursive: true })
  let told = false
  while (!(await tryLock(file))) {
    if (!told) onWait()
    told = true
    await delay(500)
  }
  try {
    return await action()
  } finally {
    await rm(file, { force: true })
  }
}

async function tryLock(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx')
    await handle.writeFile(String(process.pid))
    await handle.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const holder = Number(await readFile(file, 'utf8').catch(() => ''))
  // An empty file is one being written this moment: looked at again in the next round.
  if (holder > 0 && !isAlive(holder)) await rm(file, { force: true })
  return false
}
