import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { explained } from '../../domain/diagnosis/diagnose.js'

/** What the number in an Entra error means. It explains only; it never steers (Entra may renumber). */
const BY_NUMBER: ReadonlyMap<number, DiagnosisCode> = new Map(
  (
    [
      [DiagnosisCode.clientSecretWrong, [7000215]],
      [DiagnosisCode.clientSecretExpired, [7000222]],
      [DiagnosisCode.tokenRequestIncomplete, [7000218, 900144]],
      [DiagnosisCode.applicationUnknown, [700016, 700011]],
      [DiagnosisCode.tenantUnknown, [90002]],
      [DiagnosisCode.applicationDisabled, [7000112, 70001]],
      [DiagnosisCode.signingCertificateRefused, [700027, 50012, 50013]],
      [DiagnosisCode.resourceUnknown, [500011]],
      [DiagnosisCode.scopeInvalid, [70011, 700022, 700023, 28002, 28003]],
      [DiagnosisCode.consentMissing, [650052, 650056, 650057, 65001, 90094]],
      [DiagnosisCode.passwordExpired, [50055, 50144]],
      [DiagnosisCode.passwordMustBeChanged, [50125]],
      [DiagnosisCode.credentialsWrong, [50056, 50126, 50034, 50064]],
      [DiagnosisCode.userDisabled, [50057]],
      [DiagnosisCode.accountLocked, [50053]],
      [DiagnosisCode.multifactorRequired, [50072, 50074, 50076, 50079, 50078, 50158]],
      [DiagnosisCode.userNotAssigned, [50105]],
      [DiagnosisCode.conditionalAccess, [53000, 53001, 53002, 53003, 530032, 530035]],
      [DiagnosisCode.grantRevoked, [50173, 700082, 70008, 70043, 50132, 50133]],
      [DiagnosisCode.signInThrottled, [50196, 90055, 50033, 90033, 90006, 90024, 90090]],
    ] as const satisfies readonly (readonly [DiagnosisCode, readonly number[]])[]
  ).flatMap(([code, numbers]) => numbers.map((number) => [number, code] as const)),
)

/** Every number that is explained. */
export const ENTRA_NUMBERS: readonly number[] = [...BY_NUMBER.keys()]

/** Name, cause and remedy for the first known number, else general ones. */
export function explainEntraNumbers(numbers: readonly number[]): ReturnType<typeof explained> {
  const known = numbers.map((number) => BY_NUMBER.get(number)).find((code) => code !== undefined)
  return explained(known ?? DiagnosisCode.signInRefused)
}
