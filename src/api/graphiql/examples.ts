/** What GraphiQL begins with: operations to run one by one, and how to sign in. */
export const EXAMPLES = `# Accord. Press the button and choose an operation.
# Who is signed in in this browser (/sign-in, or the link of "npx accord sign-in") needs nothing more. Otherwise put an access token
# into the tab "Headers": { "Authorization": "Bearer TOKEN" }

# The state of every mapping.
query Mappings {
  integrationTableMappings {
    name
    direction
    couplings
    openErrors
    skippedRecords
    lastRun { id status finishedAt }
  }
}

# What went wrong, by root cause, with what to do.
query WhatWentWrong {
  errorGroups(first: 10) {
    nodes { message cause remedy openCount lastSeen mapping { name } }
  }
}

# Why a record is, or is not, in agreement: by a part of its name or number.
query WhyIsThis($text: String!) {
  recordStatuses(text: $text) { record { name } reason message evidence }
}

# What Accord wrote last.
query LastWrites {
  recordWrites(first: 10) {
    nodes { at side kind reason record { name } fields { field before after } }
  }
}

# Synchronizes what has changed; waits up to 25 seconds.
mutation Synchronize {
  synchronizeMapping(name: "CUSTOMER") { id status jobs { inserted modified failed } }
}

# The runs of a mapping, as they go on.
subscription Progress {
  runProgress(mapping: "CUSTOMER") { run { status } passes { done total rate secondsLeft } }
}
`
