import { userInfo } from 'node:os'

/** Who works at this machine, as changes name their author. In a container the user may be a number without a name. */
export function userOfThisMachine(): string {
  try {
    return userInfo().username
  } catch {
    return 'command line'
  }
}
