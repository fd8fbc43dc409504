/** What empty databases are filled with. */
export type Content = { readonly kind: 'demo' } | { readonly kind: 'generated'; readonly customers: number }
