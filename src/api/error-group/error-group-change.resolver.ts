import { Arg, Authorized, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql'
import { Role } from '../../domain/role.js'
import type { ApiContext } from '../context.js'
import { changeGroups } from './change-groups.js'
import { ErrorGroupVersionInput } from './error-group.input.js'
import { ErrorGroupResultUnion, type ErrorGroupResult } from './error-group.type.js'

const ONE_EACH = 'One result per group, in their order; each stands for itself.'

@Resolver()
export class ErrorGroupChangeResolver {
  @Authorized(Role.operator)
  @Mutation(() => [ErrorGroupResultUnion], {
    description: `Says who looks after groups of errors. ${ONE_EACH}`,
  })
  async assignErrorGroups(
    @Arg('groups', () => [ErrorGroupVersionInput]) groups: ErrorGroupVersionInput[],
    @Arg('assignee', () => String, { nullable: true, description: 'Null: nobody.' })
    assignee: string | null | undefined,
    @Ctx() context: ApiContext,
  ): Promise<readonly ErrorGroupResult[]> {
    return changeGroups(context, groups, { kind: 'assign', assignee: assignee ?? null })
  }

  @Authorized(Role.operator)
  @Mutation(() => [ErrorGroupResultUnion], {
    description: `Puts groups of errors out of sight until a time. ${ONE_EACH}`,
  })
  async snoozeErrorGroups(
    @Arg('groups', () => [ErrorGroupVersionInput]) groups: ErrorGroupVersionInput[],
    @Arg('until', () => Date, { nullable: true, description: 'Null: back at once.' })
    until: Date | null | undefined,
    @Ctx() context: ApiContext,
  ): Promise<readonly ErrorGroupResult[]> {
    return changeGroups(context, groups, { kind: 'snooze', until: until ?? null })
  }

  @Authorized(Role.operator)
  @Mutation(() => [ErrorGroupResultUnion], {
    description: `Resolves groups by hand, with all their open errors. Records that are pending or skipped stay so; when it happens again the group reopens. ${ONE_EACH}`,
  })
  async resolveErrorGroups(
    @Arg('groups', () => [ErrorGroupVersionInput]) groups: ErrorGroupVersionInput[],
    @Ctx() context: ApiContext,
  ): Promise<readonly ErrorGroupResult[]> {
    return changeGroups(context, groups, { kind: 'resolve' })
  }

  @Authorized(Role.operator)
  @Mutation(() => [ErrorGroupResultUnion], {
    description: `Takes groups up again that were resolved. Their errors stay as they are. ${ONE_EACH}`,
  })
  async reopenErrorGroups(
    @Arg('groups', () => [ErrorGroupVersionInput]) groups: ErrorGroupVersionInput[],
    @Ctx() context: ApiContext,
  ): Promise<readonly ErrorGroupResult[]> {
    return changeGroups(context, groups, { kind: 'reopen' })
  }

  @Authorized(Role.operator)
  @Mutation(() => ErrorGroupResultUnion, { description: 'Leaves a note with a group of errors.' })
  async noteErrorGroup(
    @Arg('id', () => ID) id: string,
    @Arg('text', () => String) text: string,
    @Arg('version', () => Int, {
      nullable: true,
      description: 'The version that was looked at. Left out: whatever it is now.',
    })
    version: number | null,
    @Ctx() context: ApiContext,
  ): Promise<ErrorGroupResult> {
    const [result] = await changeGroups(context, [{ id, version }], { kind: 'note', text })
    if (result === undefined) throw new Error('A note was left with no group.')
    return result
  }

  @Authorized(Role.operator)
  @Mutation(() => [ErrorGroupResultUnion], {
    description: `Adds and removes tags of groups of errors. ${ONE_EACH}`,
  })
  async tagErrorGroups(
    @Arg('groups', () => [ErrorGroupVersionInput]) groups: ErrorGroupVersionInput[],
    @Arg('add', () => [String], { defaultValue: [] }) add: string[],
    @Arg('remove', () => [String], { defaultValue: [] }) remove: string[],
    @Ctx() context: ApiContext,
  ): Promise<readonly ErrorGroupResult[]> {
    return changeGroups(context, groups, { kind: 'tag', add, remove })
  }
}
