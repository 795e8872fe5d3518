/** A log that takes no entry any more. */
import { sql } from 'drizzle-orm'

/** Lets the database refuse every further entry of one account, as a full disk would. */
export const blockEntries = (account: string, to: 'on' | 'off') =>
  to === 'on'
    ? sql.raw(
        `alter table audit_entries add constraint full_disk check (account <> '${account}') not valid`,
      )
    : sql.raw('alter table audit_entries drop constraint full_disk')
