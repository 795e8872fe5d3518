/**
 * The tickets of the sandbox and the values that belong to them. A value never stands in a ticket:
 * `start.ts` sends each through the endpoint's intake, as production does, and the ticket field
 * receives mask and token. Published test values only.
 */
import type { Ticket } from '../core/person.ts'

export type SandboxFile = {
  fileName: string
  contentType: string
  /** One character a byte, so that all of the emulated Zendesk is JSON and can be searched. */
  content: string
}

export type SandboxComment = {
  authorId: number
  /** Minutes before the sandbox starts for the first time. */
  minutesAgo: number
  isPublic: boolean
  body: string
  /** What is attached to it. */
  files?: readonly SandboxFile[]
}

export type SandboxTicket = {
  id: number
  subject: string
  status: Ticket['status']
  priority: 'low' | 'normal' | 'high' | 'urgent'
  requesterId: number
  assigneeId: number | null
  groupId: number
  organizationId: number | null
  collaboratorIds: readonly number[]
  followerIds: readonly number[]
  tags: readonly string[]
  /** Text of unprotected ticket fields, by ticket field id. */
  fieldTexts: Readonly<Record<number, string>>
  /** The first comment is the ticket's description. */
  conversation: readonly SandboxComment[]
}

const says = (authorId: number, minutesAgo: number, body: string): SandboxComment => ({
  authorId,
  minutesAgo,
  isPublic: true,
  body,
})

const notes = (authorId: number, minutesAgo: number, body: string): SandboxComment => ({
  authorId,
  minutesAgo,
  isPublic: false,
  body,
})

export const SANDBOX_TICKETS: readonly SandboxTicket[] = [
  {
    id: 4001,
    subject: 'Refund not arrived',
    status: 'open',
    priority: 'high',
    requesterId: 501,
    assigneeId: 101,
    groupId: 201,
    organizationId: null,
    collaboratorIds: [],
    followerIds: [],
    tags: ['refund'],
    fieldTexts: { 308: 'ORD-20417' },
    conversation: [
      says(
        501,
        1560,
        'Hello, I sent the helmet back three weeks ago and you confirmed the refund, but nothing has reached my card. Could you check where it went?',
      ),
      says(
        101,
        1495,
        'Hello Harriet, I am sorry about the wait. I can see that we sent the refund on the 4th. I am checking with the bank which card it went to.',
      ),
      notes(
        101,
        1490,
        'The acquirer asks for the card number to trace the refund. It is on file in the protected fields.',
      ),
      says(501, 62, 'Thank you. I also got a new card from my bank last month, if that matters.'),
    ],
  },
  {
    id: 4002,
    subject: 'Identity check for a new card',
    status: 'pending',
    priority: 'normal',
    requesterId: 502,
    assigneeId: 102,
    groupId: 201,
    organizationId: null,
    collaboratorIds: [],
    followerIds: [104],
    tags: ['identity'],
    fieldTexts: { 308: 'ORD-20563' },
    conversation: [
      says(
        502,
        2880,
        'I would like to pay with a new card, but it says that you must check me first.',
      ),
      says(
        102,
        2790,
        'Hello Jun, thank you for the documents. I compare them with what we have on file and come back to you today.',
      ),
      notes(
        102,
        2785,
        'His passport came by the one-time link. Birth date has to match the account.',
      ),
    ],
  },
  {
    id: 4003,
    subject: 'Cannot sign in after changing my phone',
    status: 'open',
    priority: 'normal',
    requesterId: 503,
    assigneeId: 103,
    groupId: 202,
    organizationId: 701,
    collaboratorIds: [504],
    followerIds: [],
    tags: ['sign_in'],
    fieldTexts: {},
    conversation: [
      says(
        503,
        310,
        'My phone broke, and the sign-in codes still go to the old one. Can somebody call me on the new number?',
      ),
      says(103, 284, 'Hello Priya, yes. I note the new number and call you this afternoon.'),
      notes(103, 280, 'Call back needed. New number is in the protected fields.'),
    ],
  },
  {
    id: 4004,
    subject: 'Charged twice for one order',
    status: 'new',
    priority: 'high',
    requesterId: 505,
    assigneeId: null,
    groupId: 201,
    organizationId: null,
    collaboratorIds: [],
    followerIds: [],
    tags: ['payment'],
    fieldTexts: { 308: 'ORD-20611' },
    conversation: [
      says(
        505,
        48,
        'My statement shows the same amount twice on the same day for one pair of lights. Please give one back.',
      ),
    ],
  },
  {
    id: 4005,
    subject: 'Export fails with an error',
    status: 'pending',
    priority: 'low',
    requesterId: 504,
    assigneeId: 103,
    groupId: 202,
    organizationId: 701,
    collaboratorIds: [],
    followerIds: [105],
    tags: ['export'],
    fieldTexts: {},
    conversation: [
      says(504, 4310, 'Exporting our orders of last year stops at 80 % and says "try later".'),
      says(103, 4200, 'Hello Marek, may we send you the file when it is done? To which address?'),
      says(504, 4120, 'Yes please, to my private address. You have it.'),
    ],
  },
  {
    id: 4006,
    subject: 'Change of bank account for payouts',
    status: 'open',
    priority: 'normal',
    requesterId: 504,
    assigneeId: 101,
    groupId: 201,
    organizationId: 701,
    collaboratorIds: [503],
    followerIds: [],
    tags: ['payout'],
    fieldTexts: {},
    conversation: [
      says(504, 700, 'We changed banks. Please pay out to the new account from next month on.'),
      says(101, 655, 'Hello Marek, I call you to confirm the new account before I change it.'),
    ],
  },
  {
    id: 4007,
    subject: 'What do you store about me?',
    status: 'open',
    priority: 'normal',
    requesterId: 506,
    assigneeId: 106,
    groupId: 204,
    organizationId: null,
    collaboratorIds: [],
    followerIds: [],
    tags: ['access_request'],
    fieldTexts: {},
    conversation: [
      says(506, 8650, 'Under Article 15 GDPR I ask for a copy of everything you hold about me.'),
      says(106, 8600, 'Hello Daniel, we received your request and answer within one month.'),
      notes(106, 8590, 'Identity has to be checked before anything is sent.'),
    ],
  },
  {
    id: 4008,
    subject: 'Lost card, please remove it',
    status: 'solved',
    priority: 'normal',
    requesterId: 501,
    assigneeId: 101,
    groupId: 201,
    organizationId: null,
    collaboratorIds: [],
    followerIds: [],
    tags: ['card'],
    fieldTexts: {},
    conversation: [
      says(501, 20200, 'I lost my card. Please remove it from my account so that nobody uses it.'),
      says(101, 20130, 'Done: the card is gone from your account. Take care, Harriet.'),
    ],
  },
  {
    id: 4009,
    subject: 'How do I change the language?',
    status: 'open',
    priority: 'low',
    requesterId: 505,
    assigneeId: null,
    groupId: 202,
    organizationId: null,
    collaboratorIds: [],
    followerIds: [],
    tags: [],
    fieldTexts: {},
    conversation: [says(505, 95, 'Everything is in English. Where do I switch it to French?')],
  },
  {
    id: 4010,
    subject: 'Several refunds to different cards',
    status: 'open',
    priority: 'urgent',
    requesterId: 502,
    assigneeId: 104,
    groupId: 203,
    organizationId: null,
    collaboratorIds: [101],
    followerIds: [105],
    tags: ['suspicious'],
    fieldTexts: { 308: 'ORD-20588' },
    conversation: [
      says(502, 410, 'Please send the refund to the other card this time.'),
      notes(101, 395, 'Third refund to a third card in two weeks. Handing over to the leads.'),
      notes(104, 380, 'Taken. No refund before a call back.'),
    ],
  },
]

/** What the sandbox sends through the endpoint's intake once, when it starts with empty storage. */
export const SANDBOX_VALUES: readonly { ticketId: number; fieldId: string; value: string }[] = [
  { ticketId: 4001, fieldId: 'card_number', value: '4242 4242 4242 4242' },
  { ticketId: 4001, fieldId: 'phone', value: '+44 20 7946 0018' },
  { ticketId: 4001, fieldId: 'iban', value: 'GB82 WEST 1234 5698 7654 32' },
  { ticketId: 4002, fieldId: 'card_number', value: '5555 5555 5555 4444' },
  { ticketId: 4002, fieldId: 'birth_date', value: '1974-08-12' },
  { ticketId: 4003, fieldId: 'phone', value: '+44 20 7946 0147' },
  { ticketId: 4003, fieldId: 'private_email', value: 'priya.at.home@example.com' },
  { ticketId: 4004, fieldId: 'card_number', value: '3782 822463 10005' },
  { ticketId: 4005, fieldId: 'private_email', value: 'marek.private@example.net' },
  { ticketId: 4006, fieldId: 'iban', value: 'DE89 3704 0044 0532 0130 00' },
  { ticketId: 4006, fieldId: 'birth_date', value: '1989-11-03' },
  { ticketId: 4007, fieldId: 'birth_date', value: '1992-02-29' },
  { ticketId: 4007, fieldId: 'phone', value: '+44 20 7946 0263' },
  { ticketId: 4008, fieldId: 'card_number', value: '4111 1111 1111 1111' },
  { ticketId: 4010, fieldId: 'card_number', value: '5105 1051 0510 5100' },
  {
    ticketId: 4010,
    fieldId: 'fraud_note',
    value:
      'Same device as two closed accounts. Refund only after a call back to the number on file.',
  },
  { ticketId: 4010, fieldId: 'iban', value: 'DE89 3704 0044 0532 0130 00' },
]

/**
 * What customers send by one-time links then: files in `specimens/`, invented or ICAO's own specimen
 * (Doc 9303, parts 4 and 5), and plainly so.
 */
export const SANDBOX_DOCUMENTS: readonly { ticketId: number; fieldId: string; file: string }[] = [
  { ticketId: 4002, fieldId: 'passport', file: 'passport.pdf' },
  { ticketId: 4007, fieldId: 'passport', file: 'identity-card.jpg' },
]
