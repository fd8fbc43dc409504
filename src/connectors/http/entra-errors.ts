/** What the number in an Entra error means and what to do about it. It explains only; it never steers (Entra may renumber). */
interface Explanation {
  readonly numbers: readonly number[]
  readonly cause: string
  readonly remedy: string
}

const EXPLANATIONS: readonly Explanation[] = [
  {
    numbers: [7000215],
    cause: "The client secret is wrong; often the secret's id was pasted instead of its value.",
    remedy: 'Paste the value of the client secret.',
  },
  {
    numbers: [7000222],
    cause: 'The client secret has expired.',
    remedy: 'Create a new client secret for the application and enter its value.',
  },
  {
    numbers: [7000218, 900144],
    cause: 'The token request is incomplete: the secret or another parameter is missing.',
    remedy: 'Complete the client id, the client secret and the scope of the connection.',
  },
  {
    numbers: [700016, 700011],
    cause: 'The application is unknown in this tenant.',
    remedy:
      'Check the client id and the tenant in the token address, and give admin consent to the application there.',
  },
  {
    numbers: [90002],
    cause: 'The tenant was not found.',
    remedy: 'Check the tenant id in the token address and that it belongs to this cloud.',
  },
  {
    numbers: [7000112, 70001],
    cause: 'The application is disabled.',
    remedy: 'Enable the enterprise application in Microsoft Entra.',
  },
  {
    numbers: [700027, 50012, 50013],
    cause: 'The signature of the certificate or assertion is not valid.',
    remedy: "Register the certificate with the application, and check this machine's clock.",
  },
  {
    numbers: [500011],
    cause: 'The resource named by the scope does not exist in the tenant.',
    remedy: 'Check the address in the scope, and that the service is provisioned in this tenant.',
  },
  {
    numbers: [70011, 700022, 700023, 28002, 28003],
    cause: 'The scope is not valid.',
    remedy: 'Set the scope to <resource>/.default, with one resource only.',
  },
  {
    numbers: [650052, 650056, 650057, 65001, 90094],
    cause: 'A subscription, a listed permission or the consent of an administrator is missing.',
    remedy: 'Let an administrator grant consent to the application.',
  },
  {
    numbers: [50055, 50144],
    cause: "The user's password has expired.",
    remedy: 'Use an application with a client secret; or change the password.',
  },
  {
    numbers: [50056, 50126, 50034, 50064],
    cause: 'The user is unknown, or the password is missing or wrong.',
    remedy: 'Use an application with a client secret; or correct the credentials.',
  },
  {
    numbers: [50057],
    cause: 'The user is disabled in Microsoft Entra.',
    remedy: 'Enable the user.',
  },
  {
    numbers: [50053],
    cause: 'The account is locked, or the request came from an address that counts as malicious.',
    remedy: 'Wait, and look at the sign-in log in Microsoft Entra.',
  },
  {
    numbers: [50125, 50072, 50074, 50076, 50079, 50078, 50158],
    cause: 'The user has to reset the password or to pass multifactor authentication.',
    remedy: 'Use an application with a client secret: an unattended connection cannot answer such a request.',
  },
  {
    numbers: [50105],
    cause: 'The user is not assigned to the enterprise application.',
    remedy: 'Assign the user to the enterprise application.',
  },
  {
    numbers: [53000, 53001, 53002, 53003, 530032, 530035],
    cause: 'Conditional Access or the security defaults block the sign-in.',
    remedy: 'Exclude the workload identity from the policy, or add this location to the named locations.',
  },
  {
    numbers: [50173, 700082, 70008, 70043, 50132, 50133],
    cause: 'The grant was revoked or has expired, or the password was changed.',
    remedy: 'Sign in again.',
  },
  {
    numbers: [50196, 90055, 50033, 90033, 90006, 90024, 90090],
    cause: 'Microsoft Entra is throttling, or has a passing fault.',
    remedy: 'Wait and try again.',
  },
]

const BY_NUMBER: ReadonlyMap<number, Explanation> = new Map(
  EXPLANATIONS.flatMap((explanation) => explanation.numbers.map((number) => [number, explanation] as const)),
)

/** Cause and remedy for the first known number, else general words. */
export function explainEntraNumbers(numbers: readonly number[]): {
  readonly cause: string
  readonly remedy: string
} {
  const known = numbers
    .map((number) => BY_NUMBER.get(number))
    .find((explanation) => explanation !== undefined)
  return (
    known ?? {
      cause: 'The token endpoint refused the client credentials.',
      remedy: 'Check the token address, the client id, the client secret and the scope of the connection.',
    }
  )
}
