/** The sandbox's Zendesk account: its ids, its ticket fields and the policy it starts with. */
import { defaultPolicy } from '../core/policy.ts'
import type { Policy } from '../core/policy.ts'

export const SANDBOX_ACCOUNT = {
  subdomain: 'sandbox',
  name: 'Scrim sandbox',
  appId: 1,
  installationId: 2,
  brandId: 601,
  /** The user behind the endpoint's OAuth client. No person of the sandbox can be them. */
  integrationUserId: 900,
  /** Who propose and consent to its first policy: its only administrator, and compliance. */
  founders: [107, 106],
} as const

export type SandboxTicketField = { id: number; title: string; type: 'text' | 'textarea' }

export const SANDBOX_TICKET_FIELDS: readonly SandboxTicketField[] = [
  { id: 301, title: 'Card number', type: 'text' },
  { id: 302, title: 'Passport', type: 'text' },
  { id: 303, title: 'Phone', type: 'text' },
  { id: 304, title: 'IBAN', type: 'text' },
  { id: 305, title: 'Birth date', type: 'text' },
  { id: 306, title: 'Fraud note', type: 'textarea' },
  { id: 307, title: 'Private e-mail', type: 'text' },
  { id: 308, title: 'Order number', type: 'text' },
]

const policy = defaultPolicy({
  leadGroupId: 203,
  complianceGroupId: 204,
  fields: [
    {
      id: 'card_number',
      label: 'Card number',
      kind: 'payment_card',
      sensitivityClass: 'restricted',
      protection: 'vaulted',
      zendeskFieldId: 301,
    },
    {
      id: 'passport',
      label: 'Passport',
      kind: 'identity_document',
      sensitivityClass: 'secret',
      protection: 'vaulted',
      zendeskFieldId: 302,
    },
    {
      id: 'phone',
      label: 'Phone',
      kind: 'phone',
      sensitivityClass: 'confidential',
      protection: 'vaulted',
      zendeskFieldId: 303,
    },
    {
      id: 'iban',
      label: 'IBAN',
      kind: 'bank_account',
      sensitivityClass: 'restricted',
      protection: 'vaulted',
      zendeskFieldId: 304,
    },
    {
      id: 'birth_date',
      label: 'Birth date',
      kind: 'date_of_birth',
      sensitivityClass: 'confidential',
      protection: 'vaulted',
      zendeskFieldId: 305,
    },
    {
      id: 'fraud_note',
      label: 'Fraud note',
      kind: 'internal_note',
      sensitivityClass: 'secret',
      protection: 'vaulted',
      zendeskFieldId: 306,
    },
    {
      id: 'private_email',
      label: 'Private e-mail',
      kind: 'email',
      sensitivityClass: 'confidential',
      protection: 'vaulted',
      zendeskFieldId: 307,
    },
  ],
})

/**
 * The default policy, with every field but the order number in the vault, under the account's name. A
 * lead and an agent of another desk may break the glass.
 */
export const sandboxPolicy: Policy = {
  ...policy,
  intake: { ...policy.intake, companyName: SANDBOX_ACCOUNT.name },
  breakGlass: { ...policy.breakGlass, personIds: [104, 103] },
}
