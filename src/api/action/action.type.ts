import { GraphQLJSONObject } from 'graphql-scalars'
import { Field, ObjectType } from 'type-graphql'
import { ACTION_DOCUMENTS, type Action } from './actions.js'

@ObjectType('Action', { description: 'A mutation that can be called as it stands here.' })
export class ActionType {
  @Field(() => String, { description: 'Name of the mutation.' })
  mutation!: string

  @Field(() => GraphQLJSONObject, { description: 'Its variables.' })
  variables!: object

  @Field(() => String, { description: 'The whole operation, to be sent with the variables.' })
  document!: string

  @Field(() => String, { description: 'What it does, one sentence.' })
  text!: string
}

export function showAction(action: Action): ActionType {
  return { ...action, document: ACTION_DOCUMENTS[action.mutation] }
}
