import { DiagnosisCode } from '../../domain/diagnosis/code.js'
import { diagnose } from '../../domain/diagnosis/diagnose.js'
import type { Finding } from '../../domain/finding.js'
import type { ExactJsonObject } from './exact-json.js'
import { isJsonObject, parseExactJson } from './exact-json.js'

/** Clocks that differ by less are no trouble, in milliseconds. */
const TOLERANCE = 300_000

/** What a token has to say for a service to take it. */
export interface ExpectedToken {
  /** Origins of which one should be the audience. */
  readonly audiences: readonly string[]
  /** Tenant in the address of the service; null: it names none. */
  readonly tenant: string | null
  /** An application permission that has to be among its roles; null: none. */
  readonly role: string | null
}

/** The claims of a token; null where it is opaque to us. Its signature is the service's business. */
export function claimsOf(token: string): ExactJsonObject | null {
  const payload = token.split('.')[1]
  if (payload === undefined) return null
  try {
    const claims = parseExactJson(Buffer.from(payload, 'base64url').toString('utf8'))
    return isJsonObject(claims) ? claims : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Why a service may refuse this token, as far as the token itself tells. */
export function examineToken(claims: ExactJsonObject, expected: ExpectedToken): readonly Finding[] {
  const { aud, tid, roles, scp } = claims
  const findings: Finding[] = []
  if (typeof aud === 'string' && URL.canParse(aud) && !expected.audiences.includes(new URL(aud).origin)) {
    findings.push(
      diagnose(DiagnosisCode.tokenForOtherAddress, {
        what: `The token is for ${aud}, and the service is ${expected.audiences[0] ?? ''}.`,
        evidence: `aud ${aud}`,
      }),
    )
  }
  if (typeof tid === 'string' && expected.tenant !== null && tid.toLowerCase() !== expected.tenant) {
    findings.push(
      diagnose(DiagnosisCode.tokenForOtherTenant, {
        what: `The token is of the tenant ${tid}, and the address of the service names ${expected.tenant}.`,
        evidence: `tid ${tid}`,
      }),
    )
  }
  const names = Array.isArray(roles) ? roles.map(String) : []
  if (expected.role !== null && scp === undefined && !names.includes(expected.role)) {
    findings.push(
      diagnose(DiagnosisCode.tokenWithoutRole, {
        what: `The token lacks the application permission ${expected.role}.`,
        evidence: `roles ${names.length === 0 ? 'none' : names.join(', ')}`,
      }),
    )
  }
  return findings
}

/** Whether a token that was made just now is over, or not good yet, by the clock here. */
export function examineClock(claims: ExactJsonObject, now: number): readonly Finding[] {
  const expiresAt = Number(claims['exp']) * 1000
  const startsAt = Number(claims['nbf']) * 1000
  if (!(expiresAt <= now) && !(startsAt > now + TOLERANCE)) return []
  const differs = expiresAt <= now ? 'is over already' : 'is not good yet'
  return [
    diagnose(DiagnosisCode.clockWrong, {
      what: `The token that was made just now ${differs} by the clock of this machine.`,
      evidence: `exp ${shown(expiresAt)}, nbf ${shown(startsAt)}, here it is ${shown(now)}`,
    }),
  ]
}

function shown(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString() : 'not told'
}
