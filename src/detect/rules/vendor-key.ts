/**
 * API keys that say whose they are. Each form is a fact from its vendor's documentation or from the
 * partner patterns of https://docs.github.com/code-security/secret-scanning, most of them also listed by
 * gitleaks and secretlint. Keys made to be published (Stripe `pk_live_`, Mapbox `pk.`, PostHog `phc_`)
 * are left out. Google's `AIza` is in: the same key may open billed services.
 */
import type { Rule } from '../rule.ts'
import { countDistinct } from './secret-shape.ts'

/**
 * One line a key type: a name, `?` behind it where the form alone leaves some doubt, and its forms.
 * `{w36}` is 36 characters of class `w`, `{w20-40}` is 20 to 40; everything else stands for itself.
 * `{U}` is a UUID, `{=}` the padding of base64.
 */
const TABLE = `
adobe_client_secret p8e-{g32}
adyen_key? AQE{s60-200}{=}
age_identity AGE-SECRET-KEY-1{u58}
airtable_token pat{w14}.{h64}
aiven_password AVNS_{b19}
alchemy_token alcht_{w30}
alibaba_access_key LTAI{w16-21}
amazon_login_secret amzn1.oa2-cs.v1.{h64}
amazon_mws_token amzn.mws.{U}
anthropic_key sk-ant-api{d2}-{b80-120} sk-ant-admin{d2}-{b80-120} sk-ant-oat{d2}-{b80-120} sk-ant-ort{d2}-{b80-120} sk-ant-sid{d2}-{b80-140}
apify_token apify_api_{w36}
artifactory_key AKCp{w60-76} cmVmd{w59}
asana_token 1/{d16}:{h32} 2/{d16}/{d16}:{h32}
atlassian_token ATATT3{b60-250}={x8} ATATT3{b60-250} ATCTT3{b60-250}={x8} ATCTT3{b60-250} ATSTT3{b60-250}={x8}
aws_access_key AKIA{u16} ASIA{u16} ABIA{u16} ACCA{u16}
aws_bedrock_key ABSK{s109-269}{=} bedrock-api-key-{s40-2000}{=}
authress_key sc_{l5-30}.{l4-6}.acc-{g10-32}.{b30-120} ext_{l5-30}.{l4-6}.acc-{g10-32}.{b30-120} scauth_{l5-30}.{l4-6}.acc-{g10-32}.{b30-120} authress_{l5-30}.{l4-6}.acc-{g10-32}.{b30-120}
axiom_token xaat-{U} xapt-{U}
azure_function_key? code={b52-56}{=}
azure_sas_signature? sig={y43-70}
bitbucket_app_password ATBB{w32}
braintree_token access_token$production\${l16}\${h32} access_token$sandbox\${l16}\${h32}
brevo_key xkeysib-{h64}-{w16} xsmtpsib-{h64}-{w16}
buildkite_token bkua_{h40} bkct_{w40}
cerebras_key csk-{l48}
checkout_com_key sk_sbox_{p26}{q1} sk_{p26}{q1}
circleci_token CCIPAT_{w22}_{h40} CCIPRJ_{w22}_{h40}
clickup_token pk_{d7-8}_{u32}
clojars_token CLOJARS_{l60}
cloudflare_origin_ca_key v1.0-{h24}-{h146}
cloudinary_url cloudinary://{d12-16}:{b27}@{b1-60}
contentful_token CFPAT-{b43}
crates_io_token? cio{w32}
databricks_token dapi{h32} dapi{h32}-{d1} dose{h32}
deepseek_key? sk-{h32}
defined_networking_key dnkey-{b26}-{b52}
deno_deploy_token ddp_{w36} ddo_{w36} ddw_{w36}
digitalocean_token dop_v1_{h64} doo_v1_{h64} dor_v1_{h64}
digitalocean_spaces_key? DO00{u16} DO801{u15}
discord_bot_token MD{b22-26}.{b6}.{b27-38} MT{b22-26}.{b6}.{b27-38} Mj{b22-26}.{b6}.{b27-38} Mz{b22-26}.{b6}.{b27-38} ND{b22-26}.{b6}.{b27-38} NT{b22-26}.{b6}.{b27-38} Nj{b22-26}.{b6}.{b27-38} Nz{b22-26}.{b6}.{b27-38} OD{b22-26}.{b6}.{b27-38} OT{b22-26}.{b6}.{b27-38}
discord_webhook https://discord.com/api/webhooks/{d17-20}/{b60-72} https://discordapp.com/api/webhooks/{d17-20}/{b60-72}
docker_token dckr_pat_{b27} dckr_oat_{b32}
docker_swarm_token SWMTKN-1-{l50}-{l25}
docker_swarm_key SWMKEY-1-{s43}
doppler_token dp.pt.{w40-44} dp.ct.{w40-44} dp.sa.{w40-44} dp.scim.{w40-44} dp.audit.{w40-44} dp.st.{w40-44} dp.st.{b2-35}.{w40-44}
dropbox_token sl.{b130-200} sl.u.{b130-1400}
duffel_token duffel_live_{b43} duffel_test_{b43}
dynatrace_token dt0c01.{u24}.{u64} dt0s01.{u24}.{u64} dt0s02.{u24}.{u64} dt0s16.{u24}.{u64}
easypost_key EZAK{w54} EZTK{w54}
elastic_cloud_key essu_{s40-120}{=}
elevenlabs_key sk_{h48}
endor_labs_key endr+{b16}
facebook_token EAA{w90-300}
figma_token figd_{b40-44} figo_{b40-44} figor_{b40-44}
firebase_server_key AAAA{b7}:{b140}
fireworks_key? fw_{w22-24}
flutterwave_key FLWSECK-{l32}-X FLWSECK_TEST-{l32}-X FLWSECK_TEST{l12}
flyio_token fo1_{b43} fm1r_{s100-600}{=} fm1a_{s100-600}{=} fm2_{s100-600}{=}
frameio_token fio-u-{b64}
github_token ghp_{w36} gho_{w36} ghu_{w36} ghs_{w36} ghr_{w36} ghr_{w76}
github_fine_grained_token github_pat_{w22}_{w59}
gitlab_token glpat-{b20} glpat-{b27-300}.{l9} gldt-{b20} glrt-{b20} glrt-t{d1}_{b27-300}.{l9} glptt-{h40} glcbt-{w1-5}_{b20} glimt-{b25} glagent-{b50} glsoat-{b20} glffct-{b20} glft-{b20} glwt-{b20} gloas-{b64}
gitlab_runner_registration GR1348941{b20}
gitlab_session _gitlab_session={l32}
google_api_key AIza{b35}
google_oauth_secret GOCSPX-{b28}
google_access_token ya29.{b20-700} ya29.c.{b20-1200}
google_refresh_token? 1//{b40-120}
grafana_token glsa_{w32}_{x8} glc_{s32-400}{=} eyJrIjoi{w60-400}{=}
groq_key gsk_{w52}
harness_token pat.{b22}.{w24}.{w20} sat.{b22}.{w24}.{w20}
hcaptcha_secret ES_{h32}
heroku_key HRKU-{U} HRKU-AA{b58}
honeycomb_key hcaik_{l58}
hubspot_token pat-na1-{U} pat-na2-{U} pat-eu1-{U} pat-ap1-{U}
huggingface_token hf_{w34} api_org_{w34}
infracost_key ico-{w32}
instagram_token IGQV{b80-300} IGAA{b80-300}
intercom_token dG9rO{s50-60}{=}
klaviyo_key? pk_{h34} pk_{w6}_{h34}
langfuse_key sk-lf-{U}
langsmith_key lsv2_pt_{h32}_{h10} lsv2_sk_{h32}_{h10} ls__{h32}
launchdarkly_key sdk-{U} api-{U} mob-{U}
linear_key lin_api_{w40} lin_oauth_{h64}
mailersend_token mlsn.{h64}
mailgun_key? key-{h32}
mandrill_key? md-{b22}
mapbox_secret_token sk.eyJ{b40-200}.{b22} tk.eyJ{b40-200}.{b22}
matrix_token syt_{b2-80}_{w20}_{w6}
mercado_pago_token APP_USR-{d13-16}-{d6}-{h32}-{d6-11} TEST-{d13-16}-{d6}-{h32}-{d6-11}
mollie_key? live_{w30} test_{w30} access_{w40}
mongodb_atlas_secret mdb_sa_sk_{b40}
neon_key napi_{l64}
netlify_token nfp_{w36} nfc_{w36} nfo_{w36} nfu_{w36}
new_relic_key NRAK-{w27} NRII-{b32} NRJS-{h19} NRRA-{h42}
notion_token ntn_{w46} secret_{w43}
npm_token npm_{w36}
nuget_key oy2{l43}
nvidia_key nvapi-{b64}
octopus_key? API-{u25-26}
onepassword_token ops_eyJ{s250-1500}{=}
onepassword_secret_key A3-{u6}-{u6}-{u5}-{u5}-{u5}-{u5}
onfido_token api_live.{b11}.{b32} api_sandbox.{b11}.{b32} api_live_us.{b11}.{b32} api_sandbox_us.{b11}.{b32} api_live_ca.{b11}.{b32}
openai_key sk-proj-{b40-200} sk-svcacct-{b40-200} sk-admin-{b40-200} sk-{w20}T3BlbkFJ{w20} sk-{w48}
openrouter_key sk-or-v1-{h64}
openshift_token sha256~{b43}
packagist_token? packagist_ack_{h40-100} packagist_out_{h40-100} packagist_uut_{h40-100}
paddle_key pdl_live_apikey_{l26}_{w22}_{w3} pdl_sdbx_apikey_{l26}_{w22}_{w3}
pagarme_key ak_live_{w30} ak_test_{w30}
paystack_key sk_live_{h40} sk_test_{h40}
perplexity_key pplx-{w48}
persona_key persona_production_{U} persona_sandbox_{U}
pinecone_key pcsk_{w5-6}_{w60-64}
plaid_token access-sandbox-{U} access-development-{U} access-production-{U}
planetscale_token pscale_tkn_{b32-64} pscale_pw_{b32-64} pscale_oauth_{b32-64}
posthog_key phx_{w40-50}
postman_key PMAK-{h24}-{h34} PMAT-{u26}
prefect_key pnu_{w36} pnb_{w36}
pulumi_token pul-{h40}
pypi_token pypi-AgEIcHlwaS5vcmc{b50-400} pypi-AgENdGVzdC5weXBpLm9yZw{b50-400}
ramp_secret ramp_sec_{w40-60}
razorpay_key rzp_live_{w14} rzp_test_{w14}
readme_key rdme_{l70}
render_key rnd_{w28-32}
replicate_token r8_{b37}
resend_key re_{w8}_{w24}
riot_games_key RGAPI-{U}
rubygems_key rubygems_{h48}
salesforce_token 00D{w12}!{o90-120}
samsara_token samsara_api_{w30}
sanity_token? sk{w78-200}
scaleway_key? SCW{u17}
segment_token sgp_{w64}
sendgrid_key SG.{b20-24}.{b39-47}
sentry_token sntrys_eyJ{s40-500}{=}_{s43} sntryu_{h64} sntrya_{h64}
shippo_token shippo_live_{h40} shippo_test_{h40}
shopify_token shpat_{x32} shpca_{x32} shppa_{x32} shpss_{x32} shpua_{x32} shptka_{x32}
slack_token xoxb-{d8-14}-{g18-90} xoxp-{d8-14}-{g18-90} xoxa-{d8-14}-{g18-90} xoxa-2-{d8-14}-{g18-90} xoxr-{d8-14}-{g18-90} xoxs-{d8-14}-{g18-90} xoxo-{d8-14}-{g18-90} xoxc-{d8-14}-{g18-90} xoxd-{y40-300} xapp-{d1}-{u9-15}-{d10-15}-{w32-64} xoxe-{d1}-{w60-220} xoxe.xoxb-{d1}-{w60-220} xoxe.xoxp-{d1}-{w60-220}
slack_webhook https://hooks.slack.com/services/{u6-12}/{u6-12}/{w20-26} https://hooks.slack.com/workflows/T{u6-12}/A{u6-12}/{d15-20}/{w20-26} https://hooks.slack.com/triggers/{u8-14}/{d10-16}/{h32}
sonar_token squ_{h40} sqp_{h40} sqa_{h40}
sourcegraph_token sgp_{h16}_{h40} sgp_local_{h40} sgp_{h40} slk_{h64}
square_token sq0atp-{b22} sq0csp-{b43} EAAA{b60}
stripe_key sk_live_{w24-120} sk_test_{w24-120} rk_live_{w24-120} rk_test_{w24-120}
stytch_secret secret-live-{b35-44}= secret-test-{b35-44}=
supabase_key sbp_{h40} sbp_v0_{h40} sb_secret_{b31}
tailscale_key tskey-api-{w10-24}-{w20-40} tskey-auth-{w10-24}-{w20-40} tskey-client-{w10-24}-{w20-40} tskey-scim-{w10-24}-{w20-40} tskey-webhook-{w10-24}-{w20-40}
tavily_key tvly-{w32} tvly-dev-{w32} tvly-prod-{w32}
teamcity_token eyJ0eXAiOiAiVENWMiJ9.{b36}.{U}
teams_webhook https://outlook.office.com/webhook/{U}@{U}/IncomingWebhook/{h32}/{U}
telnyx_key KEY{u32}_{w22}
tencent_secret_id? AKID{w32}
tinybird_token p.eyJ{b20-400}.{b43}
together_key tgp_v1_{b43}
twilio_key? SK{h32}
twitter_bearer_token AAAAAAAAAAAAAAAAAAAA{y60-120}
typeform_token tfp_{i40-62}
vault_token hvs.{b24-160} hvb.{b100-300} hvr.{b24-300}
vault_legacy_token? s.{w24}
vercel_token vercel_blob_rw_{w16}_{w24-40} vck_{w40-64}
volcengine_key? AKLT{b40-60}
voyage_key? pa-{b43}
wakatime_key waka_{U} waka_sec_{w60-90}
webhook_signing_secret whsec_{s24-64}{=}
woocommerce_key ck_{h40} cs_{h40}
xai_key xai-{w80}
xendit_key xnd_development_{s40-80}{=} xnd_production_{s40-80}{=}
yandex_token AQVN{b35-38} t1.{b20-300}.{b86} y0_{b50-60}
yandex_access_key? YC{b38}
zapier_webhook https://hooks.zapier.com/hooks/catch/{d5-10}/{w6-10}
zoho_token 1000.{h32}.{h32}
zuplo_key zpka_{h32}_{h8}
`

const CLASSES: Readonly<Record<string, string>> = {
  d: '[0-9]',
  h: '[0-9a-f]',
  x: '[0-9A-Fa-f]',
  l: '[0-9a-z]',
  u: '[0-9A-Z]',
  w: '[0-9A-Za-z]',
  i: '[0-9A-Za-z_]',
  g: '[0-9A-Za-z-]',
  b: '[0-9A-Za-z_-]',
  o: '[0-9A-Za-z_.]',
  s: '[0-9A-Za-z+/]',
  y: '[0-9A-Za-z%+/]',
  p: '[a-z2-7]',
  q: '[a-z2-7*#$=]',
}
const UUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'
const PIECE = /\{(?:(U)|(=)|([a-z])(\d+)(?:-(\d+))?)\}/g
/** A key that goes on behind is another key, or none. */
const END = '(?![0-9A-Za-z]|[_-][0-9A-Za-z])'

/** A key type of the table: `forms` in the table's own notation. */
export type VendorKey = { id: string; isSure: boolean; forms: readonly string[] }

export const VENDOR_KEYS: readonly VendorKey[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [name = '', ...forms] = line.split(' ')
    return { id: name.replace('?', ''), isSure: !name.endsWith('?'), forms }
  })

/** What a key of this form begins with. */
export function prefixOf(form: string): string {
  return form.slice(0, form.indexOf('{'))
}

function patternOf(form: string): string {
  let pattern = ''
  let at = 0
  for (const match of form.matchAll(PIECE)) {
    const [piece, uuid, padding, kind = '', least = '', most = least] = match
    pattern += escaped(form.slice(at, match.index))
    if (uuid !== undefined) pattern += UUID
    else if (padding !== undefined) pattern += '={0,2}'
    else pattern += `${CLASSES[kind] ?? ''}{${least},${most}}`
    at = match.index + piece.length
  }
  return pattern + escaped(form.slice(at))
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}

/** What examples in manuals are filled with. */
const FILLER = /x{5}|(.)\1{11}|your|redacted|placeholder|replace/i
const MIN_DISTINCT = 5

function ruleOf({ id, isSure, forms }: VendorKey): Rule {
  const prefixes = [...new Set(forms.map(prefixOf))]
  // Base64 that goes on from before is something else, and tried from each sign in it would take long.
  const start = forms.some((form) => form.includes('{s')) ? '(?<![+/])' : ''
  return {
    id,
    kind: 'credential',
    on: 'prefix',
    prefixes,
    form: new RegExp(`${start}(?:${forms.map(patternOf).join('|')})${END}`, 'y'),
    confidence: isSure ? 'certain' : 'likely',
    accepts: (value) => {
      const prefix = prefixes.find((candidate) => value.startsWith(candidate)) ?? ''
      const body = value.slice(prefix.length)
      return countDistinct(body, MIN_DISTINCT) === MIN_DISTINCT && !FILLER.test(body)
    },
  }
}

export const vendorKeyRules: readonly Rule[] = VENDOR_KEYS.map(ruleOf)
