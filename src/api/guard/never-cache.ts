import type { ApolloServerPlugin } from '@apollo/server'

/** Answers are for who has asked, and for now: no browser and nothing between keeps them. */
export const neverCache: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ response }) {
        response.http.headers.set('cache-control', 'no-store')
      },
    }
  },
}
