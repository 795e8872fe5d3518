/** One person: found by name, and what they see of each field and why. */
import { mayReadAccess, mayReadAccessOf, reportFields } from '../../core/access-report.ts'
import { ScrimError } from '../../core/errors.ts'
import type { PersonAccess, ReportedPeople } from '../../contract/reports.ts'
import type { RequestContext } from '../context.ts'
import { gateOf } from '../protected-fields/why.ts'
import { noteRead } from './access.ts'
import { accessOfPerson, personById, readGround, reported, reportedPerson } from './ground.ts'

const MOST_PEOPLE = 20

/** By name; only whom the person who asks may look at. Throws `role_not_permitted`. */
export async function findReportedPeople(
  ctx: RequestContext,
  name: string,
): Promise<ReportedPeople> {
  const verdict = mayReadAccess(ctx.roles)
  if (!verdict.allowed) throw new ScrimError(verdict.code)
  const [people, groups] = await Promise.all([ctx.zendesk.people(), ctx.zendesk.groups()])
  const wanted = comparable(name)
  const found = people
    .filter((person) => comparable(person.name).includes(wanted))
    .filter((person) => mayReadAccessOf(ctx.person, ctx.roles, person).allowed)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return {
    people: found.slice(0, MOST_PEOPLE).map((person) => reportedPerson(ctx, person, groups)),
    isComplete: found.length <= MOST_PEOPLE,
  }
}

/** Throws `person_unknown`, also for people whom the one who asks may not look at. */
export async function getAccessOfPerson(
  ctx: RequestContext,
  personId: number,
): Promise<PersonAccess> {
  const verdict = mayReadAccess(ctx.roles)
  if (!verdict.allowed) throw new ScrimError(verdict.code)
  const ground = await readGround(ctx)
  const person = personById(ground, personId)
  if (!mayReadAccessOf(ctx.person, ctx.roles, person).allowed) {
    throw new ScrimError('person_unknown')
  }
  await noteRead(ctx, personId)
  return {
    ...reportedPerson(ctx, person, ground.groups),
    policyVersion: ctx.policy.version,
    fields: reportFields(ctx.policy).map((field) => ({
      ...reported(field),
      ...accessOfPerson(ctx, ground, person, field),
      levels: ctx.policy.approval[field.sensitivityClass].map((level) =>
        gateOf(level, ground.groups),
      ),
    })),
  }
}

/** Case and accents make no difference: "tomas" finds Tomás. */
function comparable(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
}
