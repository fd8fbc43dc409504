import { Extensions, UseMiddleware } from 'type-graphql'
import { GraphQLString, isObjectType, type GraphQLSchema } from '../graphql.js'
import { KEY_ARGUMENT, onceUnderKey } from './once-under-key.js'

const DESCRIPTION =
  'A name of your own for this request. Asked for again under it by you within 24 hours, nothing is started again: it is answered with what was started. KEY_USED_OTHERWISE with other arguments.'

/**
 * Marks a mutation that starts work (a run, a plan, a check, ...): it takes a `key`, and does under one what it does once. Asked for twice,
 * as where an answer was lost, it would be done twice.
 */
export function StartsWork(): MethodDecorator {
  const decorators = [UseMiddleware(onceUnderKey), Extensions({ startsWork: true })]
  return (target, name, descriptor) => {
    for (const decorate of decorators) (decorate as MethodDecorator)(target, name, descriptor)
  }
}

/** Gives every mutation that is marked so its argument `key`. */
export function acceptKeys(schema: GraphQLSchema): GraphQLSchema {
  const mutation = schema.getMutationType()
  if (!isObjectType(mutation)) return schema
  for (const field of Object.values(mutation.getFields())) {
    if (field.extensions['startsWork'] !== true) continue
    field.args = [
      ...field.args,
      {
        name: KEY_ARGUMENT,
        description: DESCRIPTION,
        type: GraphQLString,
        defaultValue: undefined,
        deprecationReason: null,
        extensions: {},
        astNode: null,
      },
    ]
  }
  return schema
}
