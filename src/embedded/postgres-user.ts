import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** How PostgreSQL's programs are started: it refuses to run as root. */
export interface PostgresUser {
  /** Set when this process is root's: the unprivileged user everything of the cluster belongs to. */
  readonly account: { readonly name: string; readonly userId: number; readonly groupId: number } | null
  /** Words to put in front of a command line. */
  readonly prefix: readonly string[]
}

/**
 * Finds the account PostgreSQL runs as. Nothing is changed on the machine: for root it is the `postgres` user where
 * there is one, else `nobody`. Where root keeps the project in a folder closed to others (`/root`), the programs get
 * the one capability to pass through closed folders, by `setpriv`.
 * @param folders the folders the programs have to reach
 * @throws Error when root has no way to start them
 */
export function choosePostgresUser(folders: readonly string[]): PostgresUser {
  if (process.getuid?.() !== 0) return { account: null, prefix: [] }
  const account = findAccount('postgres') ?? findAccount('nobody')
  if (account === null) {
    throw new Error(
      'PostgreSQL refuses to run as root, and neither the user postgres nor the user nobody exists. ' +
        'Start Accord as another user, or name a database with ACCORD_DATABASE_URL.',
    )
  }
  const closed = folders.map(findClosedFolder).find((folder) => folder !== null)
  if (closed === undefined) return { account, prefix: [] }
  const prefix = [
    'setpriv',
    `--reuid=${account.userId}`,
    `--regid=${account.groupId}`,
    '--clear-groups',
    // Without this bit access(2), by which PostgreSQL looks for its own programs, would leave the capability out.
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_read_search',
    '--ambient-caps=+dac_read_search',
  ]
  try {
    execFileSync('setpriv', [...prefix.slice(1), 'true'], { stdio: 'pipe' })
  } catch (error) {
    throw new Error(
      `PostgreSQL refuses to run as root, and the user ${account.name} may not enter ${closed}. ` +
        `Allow it (chmod o+x ${closed}), choose another folder with ACCORD_DATA, start Accord as another user, ` +
        'or name a database with ACCORD_DATABASE_URL.',
      { cause: error },
    )
  }
  return { account, prefix }
}

/** Gives a folder and all in it to the account; earlier starts may have been another user's. */
export function giveToAccount(folder: string, user: PostgresUser): void {
  if (user.account === null || !existsSync(folder)) return
  chownSync(folder, user.account.userId, user.account.groupId)
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    chownSync(join(entry.parentPath, entry.name), user.account.userId, user.account.groupId)
  }
}

function findAccount(name: string): PostgresUser['account'] {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${name}:`))
  const [, , userId, groupId] = line?.split(':') ?? []
  if (userId === undefined || groupId === undefined) return null
  return { name, userId: Number(userId), groupId: Number(groupId) }
}

/** The first folder on the way to `path` that strangers may not enter. */
function findClosedFolder(path: string): string | null {
  let folder = dirname(path)
  for (;;) {
    const othersMayEnter = (statSync(folder).mode & 0o001) !== 0
    if (!othersMayEnter) return folder
    const parent = dirname(folder)
    if (parent === folder) return null
    folder = parent
  }
}
