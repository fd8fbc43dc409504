import { z } from 'zod'
import type { Connection, Database } from '../../common/database.js'
import { transaction } from '../../common/database.js'
import { nextVersions } from '../../common/records.js'
import { Originals } from '../../common/originals.js'
import type { Switch } from '../../common/switches.js'
import { stableId } from '../stable-id.js'
import { SYSTEM_USERS } from '../tables.js'

export const userSchema = z.strictObject({
  /** Whose system user it is about: a client id or a user name; Accord's client when it is left out. */
  principal: z.string().min(1).optional(),
  disabled: z.boolean().optional(),
  licensed: z.boolean().optional(),
  /** 0 read-write, 1 administrative, 2 read, 3 support, 4 non-interactive. */
  accessMode: z.int().min(0).max(5).optional(),
  /** A second user of the same application. */
  twice: z.boolean().optional(),
})
type UserChange = z.infer<typeof userSchema>

const beforeSchema = z.object({
  id: z.string(),
  disabled: z.string(),
  licensed: z.string(),
  mode: z.string(),
})
type Before = z.infer<typeof beforeSchema>

/** `POST /sandbox/user`: changes system users as no client of the API could. `changed` is told after each change. */
export function userSwitch(
  database: Database,
  mainClientId: string,
  changed: () => void,
): Switch<UserChange> {
  const originals = new Originals('user')
  return {
    async set({ principal = mainClientId, ...change }) {
      const { rows } = await database.query<Before>(
        `select systemuserid::text as id, isdisabled as disabled, islicensed as licensed, accessmode as mode from systemusers
          where applicationid::text = $1 or lower(domainname) = $1 order by createdon, systemuserid limit 1`,
        [principal.toLowerCase()],
      )
      const user = rows[0]
      if (user === undefined) return `Dataverse has no user of '${principal}'.`
      await transaction(database, async (connection) => {
        await originals.keep(connection, user.id, user)
        await store(connection, {
          id: user.id,
          disabled: change.disabled === undefined ? user.disabled : String(change.disabled),
          licensed: change.licensed === undefined ? user.licensed : String(change.licensed),
          mode: change.accessMode === undefined ? user.mode : String(change.accessMode),
        })
        if (change.twice === true) await addDouble(connection, user.id, doubleOf(user.id))
        else if (change.twice === false) await removeUser(connection, doubleOf(user.id))
      })
      changed()
      return null
    },
    async clear() {
      await transaction(database, async (connection) => {
        for (const [id, user] of await originals.take(connection)) {
          await store(connection, beforeSchema.parse(user))
          await removeUser(connection, doubleOf(id))
        }
      })
      changed()
    },
    async report() {
      const { rows } = await database.query(
        `select systemuserid::text as "systemuserid", fullname, applicationid::text as "applicationid", domainname,
           isdisabled::text as "isdisabled", islicensed::text as "islicensed", accessmode::text as "accessmode"
         from systemusers order by createdon, systemuserid`,
      )
      return { users: rows }
    },
  }
}

function doubleOf(id: string): string {
  return stableId(`second ${id}`)
}

/** Versions are given out under a lock, as with every other change. */
async function nextVersion(connection: Connection): Promise<string> {
  await connection.query(`select pg_advisory_xact_lock(hashtext('record_version'))`)
  return (await nextVersions(connection, 1))[0] ?? '0'
}

async function store(connection: Connection, user: Before): Promise<void> {
  await connection.query(
    `update systemusers set isdisabled = $2::boolean, islicensed = $3::boolean, accessmode = $4::int, versionnumber = $5::bigint
      where systemuserid = $1 and (isdisabled, islicensed, accessmode) is distinct from ($2::boolean, $3::boolean, $4::int)`,
    [user.id, user.disabled, user.licensed, user.mode, await nextVersion(connection)],
  )
}

async function addDouble(connection: Connection, id: string, double: string): Promise<void> {
  const names = SYSTEM_USERS.columns.map((column) => `"${column.name}"`)
  const values = SYSTEM_USERS.columns.map((column) => {
    switch (column.name) {
      case 'systemuserid':
        return '$2::uuid'
      case 'versionnumber':
        return '$3::bigint'
      // The first one made is the one that requests act as.
      case 'createdon':
        return 'now()'
      default:
        return `"${column.name}"`
    }
  })
  await connection.query(
    `insert into systemusers (${names.join(', ')}) select ${values.join(', ')} from systemusers where systemuserid = $1
     on conflict (systemuserid) do nothing`,
    [id, double, await nextVersion(connection)],
  )
}

async function removeUser(connection: Connection, id: string): Promise<void> {
  const { rowCount } = await connection.query('delete from systemusers where systemuserid = $1', [id])
  if (rowCount === 0) return
  await connection.query(
    `insert into deleted_record (set_name, id, versionnumber) values ('systemusers', $1, $2)`,
    [id, await nextVersion(connection)],
  )
}
