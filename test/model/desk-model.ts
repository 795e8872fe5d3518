/**
 * What a desk does, once more and as plainly as possible: no database, no transactions, none of the
 * product's code. Random stories are played to both, and both have to say the same.
 *
 * One ticket with two fields, `phone` (one lead) and `card_number` (two people, see `Rules`), people by
 * id, minutes as numbers.
 */

export type Rules = {
  /** May frontline agents ask? */
  mayAsk: boolean
  /** Places to fill, in order, for each field asked for: the roles of each. */
  gates: Record<string, readonly (readonly Role[])[]>
  uses: number
  maxMinutes: number
}
export type Role = 'frontline' | 'lead' | 'compliance'
export type Human = { id: number; roles: readonly Role[]; isSuspended: boolean }
export type Approval = {
  by: number
  for: number | null
  fields: readonly string[]
  minutes: number
}
export type Ask = {
  requester: number
  fields: readonly string[]
  minutes: number
  state: 'pending' | 'approved' | 'denied' | 'withdrawn' | 'expired' | 'ended'
  endsAt: number
  extends: number | null
  approvals: Approval[]
  /** One use, if an approver wanted that. */
  uses: number | null
  claim: { by: number; until: number } | null
}
export type Given = {
  requester: number
  ask: number
  usesLeft: Record<string, number>
  endsAt: number
  state: 'active' | 'expired' | 'exhausted' | 'released' | 'revoked' | 'ended'
}
export type Lent = { from: number; to: number; startsAt: number; endsAt: number }

export const EXPIRY_MINUTES = 480
export const CLAIM_MINUTES = 10

const ACTIONS = [
  ...(['create', 'claim', 'approve', 'deny', 'withdraw', 'expire', 'end'] as const).map(
    (verb) => `reveal_request.${verb}` as const,
  ),
  ...(['create', 'reveal', 'release', 'revoke', 'expire', 'exhaust', 'end'] as const).map(
    (verb) => `grant.${verb}` as const,
  ),
  'delegation.create',
] as const

/** What everybody agrees on between two steps of a story; requests and grants by their number. */
export class DeskModel {
  now = 0
  isSolved = false
  asks: Ask[] = []
  grants: Given[] = []
  lent: Lent[] = []
  /** How often each transition happened: the log has to say so, too. */
  logged = new Map<string, number>()
  people: Map<number, Human>
  rules: Rules

  constructor(people: readonly Human[], rules: Rules) {
    this.people = new Map(people.map((human) => [human.id, { ...human }]))
    this.rules = rules
  }

  /** The actions that it speaks of. */
  readonly actions: ReadonlySet<string> = new Set(ACTIONS)

  log(action: (typeof ACTIONS)[number]): void {
    this.logged.set(action, (this.logged.get(action) ?? 0) + 1)
  }

  rolesOf(id: number): readonly Role[] {
    const human = this.people.get(id)
    return human === undefined || human.isSuspended ? [] : human.roles
  }

  /** The suspended get no page, and so do nothing at all. */
  isOut(id: number): boolean {
    return this.people.get(id)?.isSuspended ?? true
  }

  mayAsk(id: number): boolean {
    const roles = this.rolesOf(id)
    return roles.includes('lead') || (roles.includes('frontline') && this.rules.mayAsk)
  }

  /** The places of a request: those of its strictest field, which in these rules ask no less. */
  placesOf(fields: readonly string[]): readonly (readonly Role[])[] {
    const byField = fields.map((field) => this.rules.gates[field] ?? [])
    return byField.toSorted((a, b) => b.length - a.length)[0] ?? []
  }

  /** How many places the approvals fill, from the first on, in the best of all orders. */
  filled(
    places: readonly (readonly Role[])[],
    approvals: readonly { by: number; for: number | null }[],
  ): number {
    const fill = (at: number, left: readonly { by: number; for: number | null }[]): number => {
      const place = places[at]
      if (place === undefined) return at
      const ways = left.map((one, index) => {
        const fits = this.rolesOf(one.for ?? one.by).some((role) => place.includes(role))
        const isWhole = this.rolesOf(one.by).length > 0
        return fits && isWhole ? fill(at + 1, left.toSpliced(index, 1)) : at
      })
      return Math.max(at, ...ways)
    }
    return fill(0, approvals)
  }

  /** In whose name somebody may decide: their own before anybody's who lent it; undefined in none. */
  powerOn(by: number, ask: Ask): number | null | undefined {
    if (by === ask.requester) return undefined
    const places = this.placesOf(ask.fields)
    const used = ask.approvals.flatMap((approval) => [approval.by, approval.for])
    // Where a change of policy asks for less than was given, one more word is enough.
    const isPassed = this.filled(places, ask.approvals) === places.length
    const given = isPassed ? [] : ask.approvals
    const before = this.filled(places, given)
    const lenders = this.lent
      .filter(({ to, startsAt, endsAt }) => to === by && startsAt <= this.now && this.now < endsAt)
      .map(({ from }) => from)
      .filter((from) => from !== ask.requester && this.rolesOf(by).length > 0)
    return [null, ...lenders].find((name) => {
      if (used.includes(by) || (name !== null && used.includes(name))) return false
      return this.filled(places, [...given, { by, for: name }]) > before
    })
  }

  canBeApproved(requester: number, fields: readonly string[]): boolean {
    const others = [...this.people.keys()].filter((id) => id !== requester)
    const places = this.placesOf(fields)
    return (
      this.filled(
        places,
        others.map((by) => ({ by, for: null })),
      ) === places.length
    )
  }

  request(
    requester: number,
    fields: readonly string[],
    minutes: number,
    extended: number | null,
  ): boolean {
    const grant = extended === null ? null : this.grants[extended]
    const isAsked = this.asks.some(
      (ask) =>
        ask.state === 'pending' &&
        ask.requester === requester &&
        ask.fields.some((field) => fields.includes(field)),
    )
    if (!this.mayAsk(requester) || this.isSolved || minutes > this.rules.maxMinutes) return false
    if (grant !== null) {
      const isMine = grant?.requester === requester && grant.state === 'active'
      if (!isMine || !(this.now < grant.endsAt)) return false
      if (!fields.every((field) => field in grant.usesLeft)) return false
    }
    if (!this.canBeApproved(requester, fields) || isAsked) return false
    this.asks.push({
      requester,
      fields,
      minutes,
      state: 'pending',
      extends: extended,
      approvals: [],
      endsAt: this.now + EXPIRY_MINUTES,
      uses: null,
      claim: null,
    })
    this.log('reveal_request.create')
    return true
  }

  /** Ends a request whose time or ground is over; whether it still stands. */
  stands(ask: Ask): boolean {
    if (ask.state !== 'pending') return false
    const isLate = this.now >= ask.endsAt
    if (!isLate && !this.isSolved && this.mayAsk(ask.requester)) return true
    ask.state = isLate ? 'expired' : 'ended'
    this.log(isLate ? 'reveal_request.expire' : 'reveal_request.end')
    return false
  }

  /** What claiming, approving and denying share. */
  mayDecide(by: number, ask: Ask): boolean {
    if (this.isOut(by) || !this.stands(ask)) return false
    const { claim } = ask
    const isHeld = claim !== null && claim.by !== by && this.now < claim.until
    // Who could not decide any more holds nobody up.
    const isTaken = isHeld && this.powerOn(claim.by, ask) !== undefined
    return !isTaken && this.powerOn(by, ask) !== undefined
  }

  claim(by: number, ask: Ask): boolean {
    if (!this.mayDecide(by, ask)) return false
    ask.claim = { by, until: this.now + CLAIM_MINUTES }
    this.log('reveal_request.claim')
    return true
  }

  approve(
    by: number,
    ask: Ask,
    part: { fields?: readonly string[]; minutes?: number; uses?: number },
  ): boolean {
    if (!this.mayDecide(by, ask)) return false
    const most = Math.min(ask.minutes, this.rules.maxMinutes)
    const fields = part.fields ?? ask.fields
    if (!fields.every((field) => ask.fields.includes(field)) || (part.minutes ?? most) > most)
      return false
    if (part.uses !== undefined && part.uses > this.rules.uses) return false
    const agreed = fields.filter((field) =>
      ask.approvals.every((one) => one.fields.includes(field)),
    )
    const approval = {
      by,
      for: this.powerOn(by, ask) ?? null,
      fields,
      minutes: part.minutes ?? most,
    }
    if (agreed.length === 0) return false
    ask.approvals.push(approval)
    ask.uses = Math.min(ask.uses ?? Infinity, part.uses ?? Infinity)
    ask.claim = null
    this.log('reveal_request.approve')
    const places = this.placesOf(ask.fields)
    if (this.filled(places, ask.approvals) === places.length) this.give(ask, agreed)
    return true
  }

  give(ask: Ask, fields: readonly string[]): void {
    ask.state = 'approved'
    const before = ask.extends === null ? undefined : this.grants[ask.extends]
    if (before?.state === 'active') this.end(before, this.now < before.endsAt ? 'ended' : 'expired')
    const uses = Math.min(this.rules.uses, ask.uses ?? Infinity)
    this.grants.push({
      requester: ask.requester,
      ask: this.asks.indexOf(ask),
      usesLeft: Object.fromEntries(fields.map((field) => [field, uses])),
      // The clock starts now, whenever it was asked.
      endsAt: this.now + Math.min(...ask.approvals.map(({ minutes }) => minutes)),
      state: 'active',
    })
    this.log('grant.create')
  }

  deny(by: number, ask: Ask): boolean {
    if (!this.mayDecide(by, ask)) return false
    ask.state = 'denied'
    this.log('reveal_request.deny')
    return true
  }

  withdraw(by: number, ask: Ask): boolean {
    if (this.isOut(by) || by !== ask.requester || ask.state !== 'pending' || this.now >= ask.endsAt)
      return false
    ask.state = 'withdrawn'
    this.log('reveal_request.withdraw')
    return true
  }

  end(grant: Given, state: Exclude<Given['state'], 'active'>): void {
    grant.state = state
    const verbs = {
      expired: 'expire',
      exhausted: 'exhaust',
      released: 'release',
      revoked: 'revoke',
      ended: 'end',
    } as const
    this.log(`grant.${verbs[state]}`)
  }

  isLive(grant: Given, field: string): boolean {
    return grant.state === 'active' && this.now < grant.endsAt && (grant.usesLeft[field] ?? 0) > 0
  }

  reveal(by: number, grant: Given, field: string): boolean {
    if (this.isOut(by) || by !== grant.requester || !(field in grant.usesLeft)) return false
    if (grant.state !== 'active' || this.now >= grant.endsAt) return false
    if (this.isSolved || !this.mayAsk(by)) {
      this.end(grant, 'ended')
      return false
    }
    if (!this.isLive(grant, field)) return false
    grant.usesLeft[field] = (grant.usesLeft[field] ?? 0) - 1
    this.log('grant.reveal')
    return true
  }

  release(by: number, grant: Given): boolean {
    if (this.isOut(by) || by !== grant.requester) return false
    if (grant.state === 'active') this.end(grant, 'released')
    return true
  }

  revoke(by: number, grant: Given): boolean {
    const roles = this.rolesOf(by)
    // Whoever approved it may also end it, whatever they are by now.
    const hasApproved = this.asks[grant.ask]?.approvals.some((approval) => approval.by === by)
    if (this.isOut(by)) return false
    if (!hasApproved && !roles.includes('lead') && !roles.includes('compliance')) return false
    if (grant.state !== 'active' || this.now >= grant.endsAt) return false
    this.end(grant, 'revoked')
    return true
  }

  delegate(from: number, to: number, minutes: number): boolean {
    const gates = Object.values(this.rules.gates).flat(2)
    const hasPower = this.rolesOf(from).some((role) => role === 'lead' || gates.includes(role))
    if (from === to || !hasPower || this.rolesOf(to).length === 0) return false
    this.lent.push({ from, to, startsAt: this.now, endsAt: this.now + minutes })
    this.log('delegation.create')
    return true
  }

  suspend(id: number, isSuspended: boolean): void {
    const human = this.people.get(id)
    if (human !== undefined) human.isSuspended = isSuspended
  }

  makeLead(id: number, isLead: boolean): void {
    const human = this.people.get(id)
    if (human !== undefined) human.roles = isLead ? ['frontline', 'lead'] : ['frontline']
  }

  /** Time passes, and with it the sweep: what is over ends. No value stays on screen for a minute. */
  pass(minutes: number): void {
    this.now += minutes
    for (const ask of this.asks) this.stands(ask)
    for (const grant of this.grants.filter(({ state }) => state === 'active')) {
      if (this.now >= grant.endsAt) this.end(grant, 'expired')
      else if (Object.values(grant.usesLeft).every((uses) => uses === 0))
        this.end(grant, 'exhausted')
      else if (this.isSolved || !this.mayAsk(grant.requester)) this.end(grant, 'ended')
    }
  }
}
