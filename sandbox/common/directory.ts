import { X509Certificate } from 'node:crypto'
import type { ApplicationState, UserState } from './sign-in-states.js'

/** The permissions that an administrator consented to, in tokens of applications. */
export const APPLICATION_ROLES: readonly string[] = ['API.ReadWrite.All', 'Automation.ReadWrite.All']

/** An application that may ask for tokens. */
export interface Client {
  readonly id: string
  readonly secret: string
  /** PEM of the certificates registered for it. */
  readonly certificates?: readonly string[]
}

/** A person, or an account that a service signs in with. */
export interface DirectoryUser {
  readonly username: string
  readonly password: string
  /** Taken by Business Central on premises in place of the password. */
  readonly webServiceKey: string
}

export interface Application extends Client {
  readonly certificates: readonly string[]
  readonly roles: readonly string[]
  /** Null: nothing is wrong with it. */
  readonly state: ApplicationState | null
}

export interface User extends DirectoryUser {
  readonly state: UserState | null
}

/** Who may sign in, and what is wrong with whom: the part of Microsoft Entra that both systems ask. */
export class Directory {
  private readonly applications = new Map<string, Application>()
  private readonly users = new Map<string, User>()
  private readonly asStarted: { readonly applications: Application[]; readonly users: User[] }

  constructor(clients: readonly Client[], users: readonly DirectoryUser[]) {
    this.asStarted = {
      applications: clients.map((client) => ({
        ...client,
        certificates: client.certificates ?? [],
        roles: APPLICATION_ROLES,
        state: null,
      })),
      users: users.map((user) => ({ ...user, state: null })),
    }
    this.clear()
  }

  /** The application that switches are about when they name nobody. */
  get mainClientId(): string {
    const [first] = this.applications.values()
    if (first === undefined) throw new Error('The sandbox was started without a client.')
    return first.id
  }

  application(id: string): Application | undefined {
    return this.applications.get(id.toLowerCase())
  }

  user(username: string): User | undefined {
    return this.users.get(username.toLowerCase())
  }

  changeApplication(
    id: string,
    change: Partial<Pick<Application, 'state' | 'roles' | 'certificates'>>,
  ): void {
    const known = this.application(id)
    if (known !== undefined) this.applications.set(id.toLowerCase(), { ...known, ...change })
  }

  /** Changes a user; one that is unknown is added when it is given a password. */
  changeUser(username: string, change: Partial<Omit<User, 'username'>>): boolean {
    const known = this.user(username)
    if (known === undefined && change.password === undefined) return false
    const blank = { username, password: '', webServiceKey: change.password ?? '', state: null }
    this.users.set(username.toLowerCase(), { ...(known ?? blank), ...change })
    return true
  }

  /** Everybody is as when the sandbox was started. */
  clear(): void {
    this.applications.clear()
    this.users.clear()
    for (const application of this.asStarted.applications)
      this.applications.set(application.id.toLowerCase(), application)
    for (const user of this.asStarted.users) this.users.set(user.username.toLowerCase(), user)
  }

  /** Without secrets. */
  report(): object {
    return {
      applications: [...this.applications.values()].map(({ id, roles, state, certificates }) => ({
        clientId: id,
        state: state ?? 'ok',
        roles,
        certificates: certificates.map((pem) => new X509Certificate(pem).fingerprint256),
      })),
      users: [...this.users.values()].map(({ username, state }) => ({ username, state: state ?? 'ok' })),
    }
  }
}
