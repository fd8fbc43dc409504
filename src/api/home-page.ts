/** What a browser finds at the root: plain, self-contained, without a script. `prefix`: what stands before our paths. */
export const homePage = (prefix: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Accord</title>
    <style>
      body { font: 1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; }
    </style>
  </head>
  <body>
    <h1>Accord</h1>
    <p>Accord keeps the records of Dynamics 365 Business Central and Dynamics 365 Sales in agreement, and those of PostgreSQL databases and
      OData services.</p>
    <p>
      This is its API. GraphQL is served at <a href="${prefix}/graphql"><code>${prefix}/graphql</code></a> and wants a header
      <code>Authorization: Bearer &lt;token&gt;</code>; <code>accord status --json</code> shows the token.
      People <a href="${prefix}/sign-in">sign in</a>; operations are tried out at <a href="${prefix}/graphiql"><code>${prefix}/graphiql</code></a>.
      The state of the service is at <a href="${prefix}/readyz"><code>${prefix}/readyz</code></a>.
    </p>
  </body>
</html>
`
