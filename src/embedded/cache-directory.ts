import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where downloaded or built programs are kept, shared by all checkouts of one user. */
export function defaultCacheDirectory(xdgCacheHome: string | undefined): string {
  return join(
    xdgCacheHome === undefined || xdgCacheHome === '' ? join(homedir(), '.cache') : xdgCacheHome,
    'accord',
  )
}
