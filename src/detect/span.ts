/** What a detector answers: where something sensitive stands, of what kind, how sure, and why. */

/** The kinds that detection knows, by the field catalogue's own names. */
export const DETECTED_KINDS = [
  'payment_card',
  'card_verification_code',
  'card_expiry',
  'bank_account',
  'national_id',
  'identity_document',
  'date_of_birth',
  'phone',
  'email',
  'ip_address',
  'mac_address',
  'address',
  'crypto_wallet',
  'credential',
  'medical_id',
  'other',
] as const
export type DetectedKind = (typeof DETECTED_KINDS)[number]

/** What `contact-rules.ts` knows: left out where a reply is guarded that may hold a signature. */
export const CONTACT_KINDS: readonly DetectedKind[] = [
  'phone',
  'address',
  'ip_address',
  'mac_address',
]

/**
 * From least to most. `certain`: a checksum or an exact grammar, and context or a layout that nothing
 * else has. `likely`: one of the two. `possible`: its form alone.
 */
export const CONFIDENCE_LEVELS = ['possible', 'likely', 'certain'] as const
export type Confidence = (typeof CONFIDENCE_LEVELS)[number]

/** Names of ours only: which rule, which check, which word of the lexicon. Never the text. */
export type Why = {
  /** Such as `us_ssn` or `github_token`. */
  rule: string
  /** Such as `luhn` or `mod97`. */
  check?: string
  /** Such as `card`: the lexicon's concept that a nearby word stands for. */
  context?: string
}

/** `[start, end)` in UTF-16 units of the text that was given. Never splits a surrogate pair. */
export type Span = {
  kind: DetectedKind
  start: number
  end: number
  confidence: Confidence
  why: Why
}
