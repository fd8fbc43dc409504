/** What the API calls otherwise than the command line does. */
const WORDS: readonly (readonly [api: RegExp, command: string])[] = [
  [/\bAsk again with confirm: true\b/g, 'Do it with --yes'],
  [/\bask again with allowOtherSystem: true\b/g, 'give --allow-other-system'],
  [/\bgive the reason with force\b/g, 'give the reason with --force'],
  [/ \(enableConnection\)/g, ': accord connections enable'],
  [/ \(disableConnection\)/g, ': accord connections disable'],
  [/^connection: (.*) Expected one of them\.$/gm, '$1 Name one with --connection.'],
  [
    /^connection: There are several connections; expected one of: (.*)\.$/gm,
    'There are several connections; name one of them: $1.',
  ],
  [/\blocalSystem\.(settings\.)?/g, 'local.'],
  [/\bintegrationSystem\.(settings\.)?/g, 'integration.'],
]

/** A message of the API for the person at the terminal: arguments and mutations under the names that the command line has for them. */
export function inCommandWords(message: string): string {
  return WORDS.reduce((text, [api, command]) => text.replace(api, command), message)
}
