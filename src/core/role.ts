/** Who one can be to Scrim, and what a role may see of a sensitivity class. */

export const ROLES = ['frontline', 'lead', 'compliance', 'administrator'] as const
export type Role = (typeof ROLES)[number]

/** From least to most. `reveal` is a request that policy approves by itself: one path, one log. */
export const ACCESS_LEVELS = ['none', 'masked', 'request', 'reveal'] as const
export type AccessLevel = (typeof ACCESS_LEVELS)[number]
