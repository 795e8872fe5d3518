import { z } from 'zod'
import {
  POLICY_BODY_LIMIT_BYTES,
  checkPolicyInput,
  draftPolicyInput,
  listPolicyVersionsQuery,
  policyActInput,
  policyAnalysis,
  policyFacts,
  policyVersionList,
  policyVersionParam,
  policyVersionView,
  rejectPolicyInput,
} from '../../contract/policy.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { consentToVersion, rejectVersion, withdrawVersion } from './decide.ts'
import { checkProposal, createDraft, editDraft } from './draft.ts'
import { getVersion, listVersions, policyFactsFor } from './list.ts'
import { submitVersion } from './submit.ts'

const params = z.strictObject({ version: policyVersionParam })
const response = policyVersionView
const bodyLimitBytes = POLICY_BODY_LIMIT_BYTES

export const policyRoutes: Route[] = [
  route({
    method: 'get',
    path: '/policy/versions',
    operationId: 'listPolicyVersions',
    summary: 'The versions of the policy, newest first, and which of them is active.',
    query: listPolicyVersionsQuery,
    response: policyVersionList,
    isPolled: true,
    handle: (ctx, { query }) => listVersions(ctx, query),
  }),
  route({
    method: 'get',
    path: '/policy/versions/:version',
    operationId: 'getPolicyVersion',
    summary: 'One version, and what it would do to people, open requests and active grants.',
    params,
    response,
    isPolled: true,
    handle: (ctx, input) => getVersion(ctx, input.params),
  }),
  route({
    method: 'get',
    path: '/policy/facts',
    operationId: 'getPolicyFacts',
    summary: 'People, groups, custom roles and ticket fields that a policy can name.',
    response: policyFacts,
    isPolled: true,
    handle: (ctx) => policyFactsFor(ctx),
  }),
  route({
    method: 'post',
    path: '/policy/check',
    operationId: 'checkPolicy',
    summary: 'What a document would be and do. Keeps nothing.',
    body: checkPolicyInput,
    bodyLimitBytes,
    response: policyAnalysis,
    handle: (ctx, { body }) => checkProposal(ctx, body),
  }),
  route({
    method: 'post',
    path: '/policy/versions',
    operationId: 'draftPolicy',
    summary: 'Keeps a draft of the policy, which decides nothing yet.',
    body: draftPolicyInput,
    bodyLimitBytes,
    response,
    handle: (ctx, { body }) => createDraft(ctx, body),
  }),
  route({
    method: 'put',
    path: '/policy/versions/:version',
    operationId: 'editPolicyDraft',
    summary: 'Writes a draft of mine anew.',
    params,
    body: draftPolicyInput,
    bodyLimitBytes,
    response,
    handle: (ctx, input) => editDraft(ctx, { ...input.body, ...input.params }),
  }),
  route({
    method: 'post',
    path: '/policy/versions/:version/submit',
    operationId: 'submitPolicyVersion',
    summary:
      'Puts a draft forward: active at once when it only narrows, else it waits for consent.',
    params,
    response,
    handle: (ctx, input) => submitVersion(ctx, input.params),
  }),
  route({
    method: 'post',
    path: '/policy/versions/:version/consent',
    operationId: 'consentToPolicyVersion',
    summary: 'Consents as a second person: the version is active.',
    params,
    body: policyActInput,
    response,
    handle: (ctx, input) => consentToVersion(ctx, { ...input.body, ...input.params }),
  }),
  route({
    method: 'post',
    path: '/policy/versions/:version/reject',
    operationId: 'rejectPolicyVersion',
    summary: 'Rejects as a second person a version that waits.',
    params,
    body: rejectPolicyInput,
    response,
    handle: (ctx, input) => rejectVersion(ctx, { ...input.body, ...input.params }),
  }),
  route({
    method: 'post',
    path: '/policy/versions/:version/withdraw',
    operationId: 'withdrawPolicyVersion',
    summary: 'Takes back a draft, or a version that waits and that I put forward.',
    params,
    response,
    handle: (ctx, input) => withdrawVersion(ctx, input.params),
  }),
]
