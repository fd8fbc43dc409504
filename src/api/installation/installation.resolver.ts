import { Authorized, Ctx, Query, Resolver } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { ApiContext } from '../context.js'
import { InstallationType } from './installation.type.js'

@Resolver()
export class InstallationResolver {
  @Authorized(Role.administrator)
  @Query(() => InstallationType, {
    description:
      'Version, settings and the state of the key for secrets. How long what is kept: the settings that end in _DAYS.',
  })
  installation(@Ctx() { installation }: ApiContext): InstallationType {
    const { version, settings } = installation
    return { version, settings, secretKey: installation.secretKey() }
  }
}
