/** The same desk as it is: the endpoint over its database, played through its API by signed-in people. */
import { randomUUID } from 'node:crypto'
import { delegationView } from '../../src/contract/delegations.ts'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import type { ApprovalLevel, Policy } from '../../src/core/policy.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { Database } from '../../src/storage/database.ts'
import { findGrant } from '../../src/storage/grants.ts'
import { findDecisions, findRequest } from '../../src/storage/reveal-requests.ts'
import { gate } from '../core/people-and-policy.ts'
import type { Answer, Caller, TestEndpoint } from '../support/endpoint.ts'
import { AISHA, INGRID_COMPLIANCE, LENA, OMAR, startEndpoint, TOMAS } from '../support/endpoint.ts'
import { approve, asking, putValue, reveal, SUPPORT_TICKET } from '../support/story.ts'
import type { Given, Human, Role, Rules } from './desk-model.ts'
import { CLAIM_MINUTES, EXPIRY_MINUTES } from './desk-model.ts'

/** Group of the sandbox that makes a lead. */
const LEADS = 203
const ASSIGNEE = AISHA

export const PEOPLE: readonly Human[] = [
  { id: AISHA, roles: ['frontline'], isSuspended: false },
  { id: TOMAS, roles: ['frontline'], isSuspended: false },
  { id: OMAR, roles: ['frontline', 'lead'], isSuspended: false },
  { id: LENA, roles: ['frontline', 'lead'], isSuspended: false },
  { id: INGRID_COMPLIANCE, roles: ['frontline', 'compliance'], isSuspended: false },
]

const oneLead = [['lead']] as const
const usual: Rules = {
  mayAsk: true,
  gates: { phone: oneLead, card_number: [['lead'], ['lead', 'compliance']] },
  uses: 3,
  maxMinutes: 30,
}

/** What an administrator may change the policy to in the middle of a story. */
export const RULES: readonly [Rules, ...Rules[]] = [
  usual,
  { ...usual, gates: { phone: oneLead, card_number: oneLead }, uses: 1 },
  { ...usual, gates: { ...usual.gates, card_number: [['lead'], ['lead']] }, maxMinutes: 10 },
  { ...usual, mayAsk: false },
]

/** The rules as a policy document. Caps have tests of their own: none here. */
export function policyOf(rules: Rules): Policy {
  const levels = (field: string): ApprovalLevel[] =>
    (rules.gates[field] ?? []).map((roles: readonly Role[]) => gate(1, [...roles]))
  const access = rules.mayAsk ? 'request' : 'masked'
  return {
    ...sandboxPolicy,
    matrix: {
      ...sandboxPolicy.matrix,
      frontline: { confidential: access, restricted: access, secret: access },
    },
    approval: {
      ...sandboxPolicy.approval,
      confidential: levels('phone'),
      restricted: levels('card_number'),
    },
    limits: {
      ...sandboxPolicy.limits,
      uses: rules.uses,
      maxMinutes: rules.maxMinutes,
      defaultMinutes: rules.maxMinutes,
      requestExpiryMinutes: EXPIRY_MINUTES,
    },
    deciding: { ...sandboxPolicy.deciding, claimMinutes: CLAIM_MINUTES },
    delegation: { toRoles: ['frontline', 'lead'], maxDays: 30 },
    caps: { soft: null, hard: null, accountPerHour: null },
  }
}

export class Desk {
  readonly endpoint: TestEndpoint
  readonly requestIds: string[] = []
  readonly grantIds: string[] = []
  /** Whose each of the grants is. */
  readonly grantOwners: number[] = []
  readonly delegationIds: string[] = []
  private readonly callers: Map<number, Promise<Caller | null>>

  private constructor(endpoint: TestEndpoint, callers: Map<number, Promise<Caller | null>>) {
    this.endpoint = endpoint
    this.callers = callers
  }

  static async open(database?: Database): Promise<Desk> {
    const endpoint = await startEndpoint({
      policy: policyOf(usual),
      ...(database === undefined ? {} : { database }),
    })
    const desk = new Desk(endpoint, new Map())
    const aisha = await endpoint.signIn(ASSIGNEE)
    await putValue(aisha, SUPPORT_TICKET, 'card_number')
    await putValue(aisha, SUPPORT_TICKET, 'phone', '+44 20 7946 0958')
    return desk
  }

  /** A page of theirs; null for whom Zendesk opens none that works. */
  private as(personId: number): Promise<Caller | null> {
    const caller =
      this.callers.get(personId) ?? this.endpoint.signIn(personId, 'nav_bar').catch(() => null)
    this.callers.set(personId, caller)
    return caller
  }

  /** The answer to a call that succeeds; null for a refusal, whatever its code, unless something broke. */
  private async call(by: number, act: (caller: Caller) => Promise<Answer>): Promise<Answer | null> {
    for (const isNew of [false, true]) {
      if (isNew) this.callers.delete(by)
      const caller = await this.as(by)
      if (caller === null) continue
      const answer = await act(caller)
      if (answer.status >= 500) throw new Error(`${answer.status} ${answer.text}`)
      // A page that was open for too long is opened again.
      if (answer.status !== 401) return answer.status === 200 ? answer : null
    }
    return null
  }

  async request(by: number, fields: readonly string[], minutes: number, extended: number | null) {
    const body = {
      ...asking({ ticketId: SUPPORT_TICKET, fieldIds: [...fields], minutes }),
      ...(extended === null ? {} : { extendsGrantId: this.grantIds[extended] ?? randomUUID() }),
    }
    const answer = await this.call(by, (caller) => caller.post('/api/reveal-requests', body))
    if (answer !== null) this.requestIds.push(answer.as(revealRequestView).id)
    return answer !== null
  }

  async claim(by: number, at: number) {
    return (await this.call(by, (caller) => caller.post(this.path(at, 'claim')))) !== null
  }

  async approve(
    by: number,
    at: number,
    part: { fields?: readonly string[]; minutes?: number; uses?: number },
  ) {
    const { fields: fieldIds, minutes, uses } = part
    const body = { fieldIds, minutes, ...(uses === undefined ? {} : { conditions: { uses } }) }
    const answer = await this.call(by, (caller) => approve(caller, this.requestIds[at] ?? '', body))
    const { grantId, requester } = answer?.as(revealRequestView) ?? { grantId: null }
    if (grantId !== null) {
      this.grantIds.push(grantId)
      this.grantOwners.push(requester.id)
    }
    return answer !== null
  }

  async deny(by: number, at: number) {
    const body = { comment: 'Ask the payment provider first' }
    return (await this.call(by, (caller) => caller.post(this.path(at, 'deny'), body))) !== null
  }

  async withdraw(by: number, at: number) {
    return (await this.call(by, (caller) => caller.post(this.path(at, 'withdraw')))) !== null
  }

  async reveal(by: number, at: number, field: string) {
    const grantId = this.grantIds[at] ?? randomUUID()
    return this.call(by, (caller) => reveal(caller, grantId, randomUUID(), field))
  }

  async release(by: number, at: number) {
    const path = `/api/grants/${this.grantIds[at] ?? randomUUID()}/release`
    return (await this.call(by, (caller) => caller.post(path))) !== null
  }

  async revoke(by: number, at: number) {
    const path = `/api/grants/${this.grantIds[at] ?? randomUUID()}/revoke`
    return (await this.call(by, (caller) => caller.post(path, {}))) !== null
  }

  async delegate(from: number, to: number, minutes: number) {
    const startsAt = this.endpoint.clock.now()
    const endsAt = new Date(startsAt.getTime() + minutes * 60_000)
    const body = {
      toId: to,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
      reasonText: `Away with the children until Monday, ${randomUUID().slice(0, 8)}`,
    }
    const answer = await this.call(from, (caller) => caller.post('/api/delegations', body))
    if (answer !== null) this.delegationIds.push(answer.as(delegationView).id)
    return answer !== null
  }

  suspend(id: number, isSuspended: boolean): void {
    this.endpoint.zendesk.changePerson(id, { isSuspended })
  }

  lead(id: number, isLead: boolean): void {
    const groupIds = isLead ? [LEADS, 202] : [202]
    this.endpoint.zendesk.changePerson(id, { groupIds })
  }

  solve(isSolved: boolean): void {
    this.endpoint.zendesk.changeTicket(SUPPORT_TICKET, { status: isSolved ? 'solved' : 'open' })
  }

  changePolicy(rules: Rules): void {
    Object.assign(this.endpoint.deps, { policy: policyOf(rules) })
  }

  async pass(minutes: number) {
    this.endpoint.clock.advance(minutes * 60)
    await this.endpoint.sweep()
  }

  /** Every request and grant as it is stored, in the order they came. */
  async state(): Promise<{ asks: string[]; grants: Pick<Given, 'state' | 'usesLeft'>[] }> {
    const { database, account } = this.endpoint.deps
    const asks = this.requestIds.map(
      async (id) => (await findRequest(database.orm, account.id, id))?.state ?? 'none',
    )
    const grants = this.grantIds.map(async (id) => {
      const grant = await findGrant(database.orm, account.id, id)
      if (grant === undefined) throw new Error('a grant is gone')
      const usesLeft = Object.fromEntries(
        grant.fields.map((field) => [field.fieldId, field.usesLeft]),
      )
      return { state: grant.state, usesLeft }
    })
    return { asks: await Promise.all(asks), grants: await Promise.all(grants) }
  }

  decisions() {
    return findDecisions(this.endpoint.deps.database.orm, this.requestIds)
  }

  private path(at: number, verb: string): string {
    return `/api/reveal-requests/${this.requestIds[at] ?? randomUUID()}/${verb}`
  }
}
