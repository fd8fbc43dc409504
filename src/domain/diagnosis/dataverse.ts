import { DiagnosisCode, type Diagnosis } from './code.js'

const APPLICATION_USERS = 'https://learn.microsoft.com/power-platform/admin/manage-application-users'
const ROLES = 'https://learn.microsoft.com/power-platform/admin/security-roles-privileges'

/** The integration user in Dataverse and what it may do. The sentences follow those of Business Central's own connector. */
export const DATAVERSE = {
  [DiagnosisCode.tokenNotAccepted]: {
    severity: 'ERROR',
    seenAs: '401; `0x8004A101`, `0x80041d52`, `0x80044302`',
    cause: 'Dataverse does not accept the token: it was made for the address of another organisation.',
    remedy:
      'Check that the scope of the connection is the address of this organisation followed by /.default.',
    link: null,
  },
  [DiagnosisCode.notAMember]: {
    severity: 'ERROR',
    seenAs: '403 `0x80072560` "The user is not a member of the organization."',
    cause: 'The environment has no application user for this client id.',
    remedy: 'Create an application user with the client id in the environment, and give it a security role.',
    link: APPLICATION_USERS,
  },
  [DiagnosisCode.systemUserDisabled]: {
    severity: 'ERROR',
    seenAs: '`0x80040225`; `isdisabled` of the user is true',
    cause: 'The application user is disabled, or is not a member of any business unit.',
    remedy: 'Enable the user in the environment.',
    link: APPLICATION_USERS,
  },
  [DiagnosisCode.accessModeInvalid]: {
    severity: 'ERROR',
    seenAs: '`0x80041d40`; `accessmode` of the user is neither 0 nor 4',
    cause: 'The access mode of the user does not let it work with this data.',
    remedy: 'Use an application user. Valid access modes are Read-Write or Non-Interactive.',
    link: null,
  },
  [DiagnosisCode.userNotLicensed]: {
    severity: 'ERROR',
    seenAs: '`0x8004D24B`, `0x8004D24C`; `islicensed` of an interactive user is false',
    cause: 'The user has no licence.',
    remedy: 'Use an application user, or assign a licence.',
    link: null,
  },
  [DiagnosisCode.noSecurityRole]: {
    severity: 'ERROR',
    seenAs: '403 `0x80042f09`; the user and its teams have no role',
    cause:
      'Neither the application user itself nor a team that it belongs to was given a security role in this environment, so it may not even sign in there.',
    remedy:
      'In the Power Platform admin center open the environment, Settings, Application users; choose the user, Edit security roles, and give it a role that may read and write the tables of the mappings.',
    link: ROLES,
  },
  [DiagnosisCode.administratorAsIntegrationUser]: {
    severity: 'ERROR',
    seenAs: 'The user, or a team of it, has a role made from the template System Administrator',
    cause:
      'An administrator may do more than synchronizing needs, hides privileges that are missing until somebody reduces its role, and its own edits look like those of Accord.',
    remedy:
      'Choose a user that does not have the System Administrator role: an application user with a security role that has just the privileges on the synchronized tables.',
    link: ROLES,
  },
  [DiagnosisCode.customizerAsIntegrationUser]: {
    severity: 'WARNING',
    seenAs: 'The user, or a team of it, has a role made from the template System Customizer',
    cause: 'A customizer may change tables and columns, which synchronizing does not need.',
    remedy: 'Take the System Customizer role from the integration user.',
    link: ROLES,
  },
  [DiagnosisCode.severalApplicationUsers]: {
    severity: 'ERROR',
    seenAs: 'Two or more users with the application id of the connection',
    cause: 'Which of these users Accord works as, and by which roles, cannot be told.',
    remedy: 'Keep one application user for each application registration in an environment.',
    link: APPLICATION_USERS,
  },
  [DiagnosisCode.administrationMode]: {
    severity: 'ERROR',
    seenAs: '`0x8004A113`',
    cause: 'The environment is in administration mode.',
    remedy: 'Leave administration mode in the admin center.',
    link: 'https://learn.microsoft.com/power-platform/admin/admin-mode',
  },
  [DiagnosisCode.privilegeMissing]: {
    severity: 'ERROR',
    seenAs:
      '403 `0x80040220`; the privilege is not in `RetrieveUserPrivileges`. PostgreSQL: SQLSTATE `42501`; `has_table_privilege`',
    cause: 'The role of the user lacks a privilege, or its depth.',
    remedy:
      'Add the privilege with organisation depth to the security role of the application user; in PostgreSQL, GRANT it.',
    link: ROLES,
  },
  [DiagnosisCode.privilegeTooNarrow]: {
    severity: 'WARNING',
    seenAs: 'The depth of a privilege in `RetrieveUserPrivileges` is less than `Global`',
    cause:
      'The role gives the privilege for a part of the organisation only: change tracking asks for organisation depth, and records of other business units are not seen.',
    remedy: 'Give the privilege organisation depth in the security role of the application user.',
    link: ROLES,
  },
  [DiagnosisCode.ownerLacksPrivilege]: {
    severity: 'ERROR',
    seenAs: '403 `0x80040231`',
    cause: 'The user or team that is to own the record lacks the rights to it.',
    remedy: 'Give that user or team a security role, or choose another owner.',
    link: ROLES,
  },
  [DiagnosisCode.ownerDisabled]: {
    severity: 'ERROR',
    seenAs: '400 `0x80041d1f`',
    cause:
      'A user that the request names, often an owner, is disabled or was deleted; or the integration user itself is.',
    remedy: 'Choose another owner, or enable the user.',
    link: null,
  },
  [DiagnosisCode.recordAccessDenied]: {
    severity: 'ERROR',
    seenAs: '403 `0x80048306`, `0x80048405`',
    cause:
      'The user may not reach this record: it belongs to another business unit, or is not shared with the user.',
    remedy: 'Give the security role of the application user organisation depth for this table.',
    link: ROLES,
  },
  [DiagnosisCode.impersonationDenied]: {
    severity: 'ERROR',
    seenAs: '403 that names `prvActOnBehalfOfAnotherUser`',
    cause: 'A request was made on behalf of another user, which the integration user may not do.',
    remedy: 'Give the application user the role Delegate.',
    link: ROLES,
  },
  [DiagnosisCode.columnSecured]: {
    severity: 'ERROR',
    seenAs: '403 `0x8004F506`',
    cause: 'A column of the record is secured.',
    remedy: 'Add the application user to a column security profile, or take the column out of the mapping.',
    link: 'https://learn.microsoft.com/power-platform/admin/field-level-security',
  },
  [DiagnosisCode.changeTrackingOff]: {
    severity: 'ERROR',
    seenAs: '`ChangeTrackingEnabled` of the table is false; no delta link',
    cause:
      'Change tracking is not switched on for the table, so Dataverse reports neither changes nor deletions.',
    remedy: 'Switch on "Track changes" in the properties of the table and publish it.',
    link: 'https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems',
  },
} as const satisfies Partial<Record<DiagnosisCode, Diagnosis>>
