/** Actions on the options of a choice. */
export const OptionAction = {
  insert: 'InsertOptionValue',
  update: 'UpdateOptionValue',
  delete: 'DeleteOptionValue',
} as const
export type OptionAction = (typeof OptionAction)[keyof typeof OptionAction]
