import { describe, expect, it } from 'vitest'
import { webhookStanding } from '../../src/core/webhook-standing.ts'

const now = new Date('2026-11-23T10:00:00.000Z')
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)

describe('the webhook', () => {
  it.each([
    ['arrives when one came lately', ago(9), 0, 'arriving'],
    ['is quiet when nothing has happened for hours', ago(180), 0, 'quiet'],
    ['is quiet when none ever came and nothing has changed', null, 0, 'quiet'],
    ['is quiet when an automation closed a ticket or two', ago(180), 2, 'quiet'],
    ['is missing when three tickets changed and it told of none', ago(180), 3, 'missing'],
    ['is missing when it never came and tickets change', null, 3, 'missing'],
    ['is missing minutes after its last, when changes go on', ago(9), 12, 'missing'],
  ] as const)('%s', (_, lastAt, unannounced, standing) => {
    expect(webhookStanding({ lastAt, unannounced, now })).toBe(standing)
  })
})
