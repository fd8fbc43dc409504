/** Descriptions of arguments that several fields share. */
export const NAME_ARGUMENT = 'Name of the mapping: CUSTOMER.'
export const CONNECTION_ARGUMENT = 'Name of the connection; needed where several have a mapping of that name.'
export const FIRST_ARGUMENT = 'Rows on the page, at most 500.'
export const AFTER_ARGUMENT = 'Cursor of the row after which the page begins: `endCursor` of the page before.'
