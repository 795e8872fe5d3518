/** Where in a ticket a value was found. Alone, because the sidebar's first paint needs no more of it. */

/**
 * Where in a ticket a value was found. `number` counts the values of one text, or the notes. `field` is
 * a text field of Zendesk's that the catalogue does not have, by its id there.
 */
export type Place =
  | { in: 'comment'; id: number; number: number }
  | { in: 'attachment'; id: number }
  | { in: 'note'; number: number }
  | { in: 'subject'; number: number }
  | { in: 'field'; id: number; number: number }

/** Whether people may compare a value with what is typed: nobody says a document or a note aloud. */
export function isComparable(place: Place | null | undefined): boolean {
  return place?.in !== 'attachment' && place?.in !== 'note'
}
