/**
 * Secrets that have no form of their own and are told by the word before them: passwords, PINs, one-time
 * codes, keys, security answers, recovery phrases. What joins word and value and what the value looks
 * like decide together: "password: hunter2" is one, "password is expired" and "password policy" are none.
 */
import { endOf, findAhead } from '../ahead.ts'
import { concept } from '../lexicon.ts'
import type { Found, Rule, Surroundings } from '../rule.ts'
import type { Confidence } from '../span.ts'
import { countDistinct, isPlaceholder } from './secret-shape.ts'

const PASSWORD = concept(
  'password',
  `password,passwords,user password,root password,db password,passwort,passwd,passphrase,pass word,pass phrase,kennwort,psk,wpa key,wifi key,
wlan schlussel,mot de passe,mdp,contrasena,parola d'ordine,senha,palavra passe,wachtwoord,haslo,
losenord,adgangskode,passord,kodeord,salasana,sifre,sifresi,sifrem,parola,heslo,jelszo,
identified by,convertto securestring,пароль,パスワード,パスワードは,密码,密码是,비밀번호,סיסמה,كلمة المرور`,
)
/** Short for it, or a word of its own: only a sign behind it makes it a label. */
const PASS = concept(
  'password',
  'pass,pw,pwd,passcode,kw,clave,pword,secret word,db pass,user pass',
)
const SECRET = concept(
  'secret',
  `secret,api key,app key,access key,secret key,secret access key,auth key,token,auth token,api token,access token,private key,
encryption key,signing key,consumer key,master key,account key,subscription key,deploy key,
api schlussel,zugriffstoken,geheimnis,cle api,jeton,clave api,clave secreta,chiave api,chave api,
chave de api,klucz api`,
)
const PIN = concept(
  'pin',
  `pin,pins,pin code,pin number,pin no,puk,passcode,unlock code,door code,gate code,alarm code,
safe code,lock code,entry code,access code,geheimzahl,zugangscode,turcode,code d'acces,
codigo de acceso,codice di accesso,codigo de acesso,toegangscode,pinkod,пин код,暗証番号`,
)
const CODE = concept(
  'one_time_code',
  `verification code,one time code,one time password,one time passcode,otp,otp code,2fa code,
mfa code,authentication code,authenticator code,auth code,login code,sign in code,security code,
recovery code,recovery codes,backup code,backup codes,sms code,reset code,activation code,
bestatigungscode,sicherheitscode,einmalcode,einmalpasswort,tan,mtan,code de verification,
code de securite,code de validation,codigo de verificacion,codigo de seguridad,
codice di verifica,codice di sicurezza,codigo de verificacao,verificatiecode,kod weryfikacyjny,
verifieringskod,код подтверждения,認証コード,確認コード,验证码`,
)
const ANSWER = concept(
  'security_answer',
  `security answer,secret answer,answer to my security question,answer to the security question,
maiden name,memorable word,sicherheitsantwort,madchenname der mutter,reponse secrete,
respuesta secreta,risposta segreta,resposta secreta`,
)
const PHRASE = concept(
  'recovery_phrase',
  `recovery phrase,seed phrase,secret phrase,mnemonic,mnemonic phrase,wiederherstellungsphrase,
phrase de recuperation,frase semilla`,
)
const LOGIN = concept(
  'login',
  `credentials,creds,login,logins,login details,user pass,username password,zugangsdaten,
identifiants,credenciales,credenziali,credenciais,inloggegevens`,
)

/** How a value is joined to its word, from the strongest. */
type Joint = { by: 'sign' | 'verb' | 'change' | 'line' | 'blank'; end: number }

/** `for the VPN`, `I gave her`, `(temporary)`: what may stand between a word and its joint. */
const BETWEEN =
  /[ \t]{1,2}(?:\([^()\r\n]{1,32}\)|(?:for|to|of|on|in|at|from|with|that|which|i|we|he|she|they|you|fur|zum|zur|vom|von|pour|de|du|del|para|per|di|voor|van|do|da|till|til)(?:[ \t][^\s:=;!?()"]{1,40}){1,7}?)(?=[ \t]{0,2}[:=]|[ \t](?:is|was|ist|war|lautet|est|es|e)[ \t:])/iy
/** A clause that goes on to speak about something else. */
const ELSEWHERE =
  /\.[ \t]|\b(?:and|but|or|so|if|when|because|since|error|number|version|ticket|order|case|reset|expired|not|no|und|aber|oder|weil|et|mais|y|pero|ma|mas|en|maar|message|policy|link|page|screen|date|time|reason|issue|problem)\b/i
const SIGN =
  /["'`\])*_|]{0,3}[ \t]{0,4}(?:is|are|ist|lautet|est|es|e)?[ \t]{0,2}(?:=>|->|:=|={1,2}|:|\||>(?=[^<>\s]{1,128}<\/)|\t|\u2192)\*{0,2}[ \t]{0,8}/iy
const VERB =
  /(?:[ \t]{1,2}-(?=[ \t])|'s|\u2019s|[ \t]{1,2}(?:(?:will|should|used to|has to) be|is|was|are|were|ist|war|lautet|heisst|est|etait|es|era|e|wordt|jest|ar|er|oli|\u044d\u0442\u043e))(?:[ \t](?:now|still|currently|just|simply|set to|jetzt|nun|noch|immer noch|maintenant|toujours|ahora|adesso|nu|agora|currently set to))?[ \t]{1,3}/iy
const CHANGE =
  /[ \t]{1,2}(?:(?:has been|had been|have been|was|is|got|been|just)[ \t]){0,2}(?:(?:(?:re)?set|changed|updated|switched|back)[ \t])?(?:back[ \t])?(?:to|auf|a|naar|para)[ \t]{1,2}/iy
const LINE = /[ \t:*_]{0,4}\r?\n[ \t]{0,8}/y
const BLANK = /["'`\])*_]{0,2}[ \t]{1,4}/y

/** Where languages put "temporary" and "new" behind the word. */
const ADJECTIVE =
  /[ \t](?:temporal|temporaire|provisoire|provisional|temporanea|provvisoria|temporaria|provisoria|nueva|nova|nuova|actual|actuelle?)(?![\w])/iy

function jointAt(text: string, word: number): Joint | undefined {
  const adjective = endOf(ADJECTIVE, text, word)
  const at = adjective === -1 ? word : adjective
  const line = endOf(LINE, text, at)
  if (line !== -1) return { by: 'line', end: line }
  const between = endOf(BETWEEN, text, at)
  const isAside = between !== -1 && !ELSEWHERE.test(text.slice(at, between))
  const from = isAside ? between : at
  const sign = endOf(SIGN, text, from)
  if (sign !== -1) {
    const broken = endOf(LINE, text, sign)
    return broken === -1 ? { by: 'sign', end: sign } : { by: 'line', end: broken }
  }
  const change = endOf(CHANGE, text, at)
  // "To" is "is" in Polish.
  const isPolish = text.slice(word - 5, word).toLowerCase() === 'haslo'
  if (change !== -1) return { by: isPolish ? 'verb' : 'change', end: change }
  const verb = endOf(VERB, text, from)
  if (verb !== -1) return { by: 'verb', end: verb }
  const blank = endOf(BLANK, text, at)
  return blank === -1 ? undefined : { by: 'blank', end: blank }
}

type Value = { text: string; start: number; end: number; isQuoted: boolean; endsLine: boolean }

const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '\u201c': '\u201d',
  '\u201e': '\u201c',
  '\u2018': '\u2019',
  '\u00ab': '\u00bb',
}
const MAX_VALUE = 128
const RUN = /[^\s"<>`\u201d\u00bb]{1,200}/y
const DECORATION = /(?:\*{1,2}|_{1,2}|<(?:b|i|code|strong|em|span)>|\(|\\?(?=["'`]))/y
/** Where a list of `key=value` goes on. */
const NEXT_PAIR = /[,;&](?=[A-Za-z_]{1,20}[:=])/

function valueAt(text: string, at: number): Value | undefined {
  const decorated = endOf(DECORATION, text, at)
  const from = decorated === -1 ? at : decorated
  const closing = QUOTES[text.charAt(from)]
  if (closing !== undefined) {
    const inner = text.slice(from + 1, from + 1 + MAX_VALUE)
    const length = inner.search(closing === '"' ? /\\?["\r\n]/ : /['`\u201d\u201c\u2019\u00bb\r\n]/)
    if (length > 0 && text.charAt(from + 1 + length) !== '\n') {
      const value = text.slice(from + 1, from + 1 + length).trim()
      const start = text.indexOf(value, from + 1)
      return { text: value, start, end: start + value.length, isQuoted: true, endsLine: true }
    }
  }
  RUN.lastIndex = from
  const run = RUN.exec(text)?.[0]
  if (run === undefined) return undefined
  const cut = run.search(NEXT_PAIR)
  let value = (cut === -1 ? run : run.slice(0, cut)).replace(/[.,;:'\u2019]{1,3}$/, '')
  if (from > at) value = value.replace(/[*_]{1,2}$/, '')
  while (/[)\]}]$/.test(value) && !/[([{]/.test(value)) value = value.slice(0, -1)
  const end = from + value.length
  return { text: value, start: from, end, isQuoted: false, endsLine: isLineEnd(text, end) }
}

const LINE_END = /[ \t.;|*_)]{0,4}(?:[\r\n]|$)/y

function isLineEnd(text: string, at: number): boolean {
  return endOf(LINE_END, text, at) !== -1
}

/**
 * `strong`: letters, digits and more, as only a secret is written. `fair`: letters with digits.
 * `mixed`: capitals within a word, words with hyphens. `digits`, `plain`: as they say.
 */
type Strength = 'strong' | 'fair' | 'mixed' | 'digits' | 'plain'

/** Versions, dates, amounts, sizes, addresses, file names, error codes and the names of variables. */
const NO_SECRET = new RegExp(
  [
    String.raw`v?\d+(?:\.\d+)+[a-z]?`,
    String.raw`\d{1,4}[-/.:]\d{1,2}(?:[-/.:T]\S*)?`,
    String.raw`[<>~+]?\d{1,4}[+-]?(?:st|nd|rd|th|x|d|h|m|s|k|gb|mb|days?|hours?|hrs?|min(?:ute)?s?|weeks?|months?|years?|char(?:acter)?s?|times?|digits?|tage[n]?|zeichen|-\S*)?`,
    String.raw`0x[\da-f]+`,
    String.raw`[a-z]+:\/\/\S*`,
    String.raw`[./\\~]\S*`,
    String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`,
    String.raw`[\w-]+\.(?:pdf|docx?|txt|xlsx?|png|jpe?g|html?|aspx?|php|exe|zip|csv|com|net|org|io)\S*`,
    // What a program calls so; with digits at its end it is more often a password of two words.
    String.raw`[a-z_$][a-z_]*(?:\.[a-z_]+)+(?:[([]\S*)?`,
    String.raw`\w+\(\S*`,
  ].join('$|^'),
  'i',
)
const WHOLE_NO_SECRET = new RegExp(`^${NO_SECRET.source}$`, 'i')
/** Names with digits in them, of methods and of products. */
const KNOWN_NAME =
  /2fa|mfa|1password|keepass|365|sha-?\d+|md5|oauth2?|ipv[46]|base64|aes-?\d+|utf-?8|bcrypt|argon2|ntlmv?2?|wpa[23]|windows?-?\d+|win\d+|server\d+|exchange\d+|office\d+|ios\d+|chrome\d+/i
const VARIABLE = /^[A-Z]+(?:_[A-Z]+)+$|^(?:process\.env|os\.environ|env)\b/
/** A ticket, a knowledge-base article, an error. */
const CASE_NUMBER = /^(?:[A-Z]{2,5}-?\d{3,10}|[A-Z]+(?:[_-][A-Z]+)*[_-]?\d+)$/

function strengthOf({ text, isQuoted }: Value, joint: Joint): Strength | undefined {
  if (text.length < 4 || text.length > MAX_VALUE) return undefined
  if (isPlaceholder(text)) return undefined
  if (/^\d{4,}$/.test(text)) return 'digits'
  if (/^[a-z]+$/.test(text)) return 'plain'
  if (WHOLE_NO_SECRET.test(text) || VARIABLE.test(text)) return undefined
  if (/^[\w-]+$/.test(text) && KNOWN_NAME.test(text)) return undefined
  if (joint.by !== 'sign' && !isQuoted && CASE_NUMBER.test(text)) return undefined
  const hasDigit = /\d/.test(text)
  const hasLetter = /\p{L}/u.test(text)
  const hasInnerSign = /[!@#$%^&*+=?~|\\/{}[\]()_:;,<>-][^]/.test(text)
  const hasSign = hasInnerSign || /[!@#$%^&*+=~]$/.test(text)
  const hasBothCases = /\p{Lu}/u.test(text) && /\p{Ll}/u.test(text)
  if (hasDigit && hasLetter) {
    if (text.length >= 6 && (hasSign || hasBothCases)) return 'strong'
    return text.length >= 12 && countDistinct(text, 8) === 8 ? 'strong' : 'fair'
  }
  if (!hasLetter) return hasDigit && hasSign && text.length >= 6 ? 'fair' : undefined
  if (/[@#$%^&*+=~!]./.test(text) && text.length >= 6) return 'fair'
  if (/\p{Ll}\p{Lu}/u.test(text) || /^\p{L}+(?:[-_.]\p{L}+){2,}$/u.test(text)) return 'mixed'
  return 'plain'
}

/** What is said about passwords, in one word. */
const SAID = new Set(
  `required incorrect invalid wrong expired reset changed updated unknown forgotten forgot none null
  true false hidden same empty blank missing failed success correct valid string text email username
  user login help urgent issue problem question again here below above attached sent enabled disabled
  strong weak secure encrypted locked optional mandatory protected default pending needed later soon
  undefined working broken okay fine good protection manager policy prompt accepted rejected denied
  recovery rotation authentication nothing everything confidential stored saved shared compromised
  leaked private security falsch abgelaufen vergessen geandert zuruckgesetzt erforderlich ungultig
  gesperrt oublie expire invalide requis incorrecto incorrecta caducada olvidada invalida errata
  scaduta dimenticata incorreta expirada esquecida onjuist verlopen vergeten ongeldig`.split(/\s+/),
)

function isSaid(text: string): boolean {
  return SAID.has(text.toLowerCase()) || PASSWORD.phrases.includes(text.toLowerCase())
}

const BY_SIGN: Readonly<Record<Strength, Confidence>> = {
  strong: 'certain',
  fair: 'likely',
  mixed: 'likely',
  digits: 'likely',
  plain: 'possible',
}
const BY_VERB: Readonly<Record<Strength, Confidence>> = {
  strong: 'likely',
  fair: 'likely',
  mixed: 'possible',
  digits: 'likely',
  plain: 'possible',
}

function passwordConfidence(value: Value, joint: Joint): Confidence | undefined {
  const strength = strengthOf(value, joint)
  if (strength === undefined) return undefined
  const isPlain = strength === 'plain' || strength === 'mixed'
  // What a translation has beside such a key; four small words and more are a passphrase.
  if (isPlain && / /.test(value.text) && !/^[a-z]+(?: [a-z]+){3,}$/.test(value.text))
    return undefined
  if (isPlain && (isSaid(value.text) || (!value.isQuoted && !value.endsLine))) return undefined
  switch (joint.by) {
    case 'sign':
      return isPlain && (value.isQuoted || value.endsLine) ? 'likely' : BY_SIGN[strength]
    case 'verb':
      return value.isQuoted && (isPlain || strength === 'strong')
        ? strength === 'strong'
          ? 'certain'
          : 'likely'
        : BY_VERB[strength]
    case 'change':
      if (strength === 'strong' || value.isQuoted) return 'likely'
      if (strength !== 'fair') return undefined
      return value.endsLine && value.text.length >= 8 ? 'likely' : 'possible'
    case 'line':
      if (!value.endsLine) return undefined
      return strength === 'strong' || strength === 'fair' ? 'likely' : 'possible'
    case 'blank':
      if (strength === 'strong' || (value.isQuoted && strength === 'fair')) return 'likely'
      if (strength !== 'fair') return undefined
      return value.endsLine && value.text.length >= 8 ? 'likely' : 'possible'
  }
}

function findPassword({ text }: Surroundings, at: number, wordStart: number): Found | undefined {
  const isOption = text.slice(wordStart - 2, wordStart) === '--'
  if (isHeading(text, at, wordStart)) return undefined
  const found = findAfter(text, at, isOption)
  if (found !== undefined && found.confidence !== 'possible') return found
  // The same word close by is asked itself: a text of nothing but such words stays cheap.
  const word = text.slice(wordStart, at)
  const isIn = (start: number, end: number) =>
    word !== '' && text.slice(Math.max(0, start), end).includes(word)
  const isAhead = isIn(at, at + CLOSE)
  const isBehind = isIn(wordStart - CLOSE, wordStart)
  return (
    (isAhead ? undefined : findFarther(text, at)) ??
    found ??
    (isBehind ? undefined : findBefore(text, wordStart))
  )
}

const CLOSE = 24

/** The last heading of a table has no value in the line below, it has a column. */
function isHeading(text: string, at: number, wordStart: number): boolean {
  return /[,;|\t] ?$/.test(text.slice(wordStart - 2, wordStart)) && endOf(LINE, text, at) !== -1
}

/** What a password is for and whose it is. */
const OWNED =
  /^(?:for|of|to|in|on|at|from|with|via|fur|von|zum|zur|pour|de|du|para|per|di|voor|van|do|da|del|user|account|benutzer|customer|client)$/

const LONGEST_FAR = 64
const ENDS = /[\s"<>,]|^.{0,63}$/

/** `mot de passe du wifi …`, `my password, …, is refused`, or the answer to a question. */
function findFarther(text: string, at: number): Found | undefined {
  const place = findAhead(text, at, 4, (from, strangers, before) => {
    // First, for it is quick: what goes on for so long is no password among words.
    if (!ENDS.test(text.slice(from, from + LONGEST_FAR + 1))) return -1
    const value = valueAt(text, from)
    if (value === undefined) return -1
    const sign = text.charAt(from - 2)
    const isInCommas = sign === ',' && text.charAt(value.end) === ','
    if (!value.endsLine && !isInCommas) return -1
    const isAnswer = text.slice(at, from).includes('\n')
    const isTied = isAnswer || ',:'.includes(sign) || IS.test(before)
    if (!isTied && (strangers > 1 || OWNED.test(before))) return -1
    const strength = strengthOf(value, { by: 'blank', end: from })
    const isSecret = strength === 'strong' || (strength === 'fair' && (isInCommas || isAnswer))
    return isSecret ? value.end : -1
  })
  return (
    place && { start: place.start, end: place.end, confidence: 'likely', context: PASSWORD.name }
  )
}

function findAfter(text: string, at: number, isOption: boolean): Found | undefined {
  const found = jointAt(text, at)
  if (found === undefined) return undefined
  const joint: Joint = isOption && found.by === 'blank' ? { ...found, by: 'sign' } : found
  const value = valueAt(text, joint.end)
  if (value === undefined) return undefined
  const confidence = passwordConfidence(value, joint)
  if (confidence === undefined) return undefined
  return { start: value.start, end: value.end, confidence, context: PASSWORD.name }
}

function findPass({ text }: Surroundings, at: number, wordStart: number): Found | undefined {
  const found = findAfter(text, at, text.charAt(wordStart - 1) === '-')
  if (found === undefined) return undefined
  const joint = jointAt(text, at)
  if (joint?.by === 'sign') return found
  // A pass lets through doors, too.
  if (
    joint?.by === 'blank' &&
    text.charAt(wordStart - 1) !== '-' &&
    /^pass$/i.test(text.slice(wordStart, at)) &&
    !/[^\p{L}\d]|\p{Ll}\p{Lu}/u.test(text.slice(found.start, found.end))
  )
    return undefined
  return found.confidence !== 'possible' && joint?.by !== 'line' ? found : undefined
}

const TIES = new Set('is as was ist est es als como comme come e'.split(' '))
const OWNERS = new Set(
  'my your the our his her their a new old current temporary mein meine dein ihr das der mon votre le mi tu su la il mio o minha mijn je het'.split(
    ' ',
  ),
)
const TIE_REACH = 110
const MAX_OWNERS = 3

/** `Tr0ub4dor&3 is my password`, `use 482913 as your Example code`: the value before the word. */
function tiedBefore(text: string, wordStart: number): Value | undefined {
  if (text.charAt(wordStart - 1) !== ' ') return undefined
  const words = text.slice(Math.max(0, wordStart - TIE_REACH), wordStart - 1).split(/[ \r\n]/)
  const isWord = (index: number, set: ReadonlySet<string>) =>
    set.has((words[index] ?? '').toLowerCase())
  let last = words.length - 1
  if (!isWord(last, TIES) && !isWord(last, OWNERS) && /^[A-Za-z]{2,16}$/.test(words[last] ?? ''))
    last -= 1
  for (let owners = 0; owners < MAX_OWNERS && isWord(last, OWNERS); owners += 1) last -= 1
  if (!isWord(last, TIES)) return undefined
  const [value] = /[^\s"'`():]{4,64}/.exec(words[last - 1] ?? '') ?? []
  if (value === undefined) return undefined
  const tail = words.slice(last - 1).join(' ')
  const start = wordStart - 1 - tail.length + tail.indexOf(value)
  return { text: value, start, end: start + value.length, isQuoted: false, endsLine: false }
}

function findBefore(text: string, wordStart: number): Found | undefined {
  const value = tiedBefore(text, wordStart)
  if (value === undefined) return undefined
  const strength = strengthOf(value, { by: 'verb', end: 0 })
  if (strength !== 'strong' && !(strength === 'fair' && value.text.length >= 8)) return undefined
  return { start: value.start, end: value.end, confidence: 'likely', context: PASSWORD.name }
}

/** Keys and tokens are made by machines: long, of many characters. */
function findSecret({ text }: Surroundings, at: number, wordStart: number): Found | undefined {
  const joint = jointAt(text, at)
  const value = joint && valueAt(text, joint.end)
  if (joint === undefined || value === undefined || /\s/.test(value.text)) return undefined
  const confidence = secretConfidence(
    value,
    text.slice(wordStart - 2, wordStart) === '--' ? { ...joint, by: 'sign' } : joint,
  )
  if (confidence === undefined) return undefined
  return { start: value.start, end: value.end, confidence, context: SECRET.name }
}

function secretConfidence(value: Value, joint: Joint): Confidence | undefined {
  if (strengthOf(value, joint) !== 'strong') return undefined
  const { length } = value.text
  const isLong = length >= 20 && countDistinct(value.text, 10) === 10
  switch (joint.by) {
    case 'sign':
      return isLong ? 'certain' : 'likely'
    case 'verb':
      return length >= 12 ? 'likely' : 'possible'
    case 'line':
      return isLong && value.endsLine ? 'likely' : undefined
    default:
      return isLong ? 'likely' : undefined
  }
}

const KEY = concept('secret', 'key,pat')
/** `RAPIDAPI_KEY=`, `X-Example-Key:`: any maker's name makes a key of it. */
const NAMED = /(?:^|[^0-9A-Za-z])([0-9A-Za-z]{2,24})[_-]$/
const PUBLIC_KEY =
  /^(?:public|pub|publishable|primary|foreign|sort|partition|hash|site|cache|idempotency|host|registry|product|license|licence|map|row|unique|short|hot|num|arrow|function|shift)$/i

function findNamedKey(
  surroundings: Surroundings,
  at: number,
  wordStart: number,
): Found | undefined {
  const { text } = surroundings
  const name = NAMED.exec(text.slice(Math.max(0, wordStart - 26), wordStart))?.[1]
  if (name === undefined || PUBLIC_KEY.test(name) || jointAt(text, at)?.by !== 'sign')
    return undefined
  const found = findSecret(surroundings, at, wordStart)
  return found !== undefined && found.end - found.start >= 16 ? found : undefined
}

const SHORT_CODE = /["'`*_([]{0,2}(\d{4,8}|\d(?:[ -]\d){3,5})(?![\d\p{L}%]|[.,:/-]\d)/uy
const ONE_TIME =
  /["'`*_([]{0,2}((?:[A-Z]-)?(?:\d{4,8}|\d{3}[ -]\d{3})|(?=[A-Z]{0,9}\d)[0-9A-Z]{6,10}|(?:[0-9a-z]{4,6}-){1,5}[0-9a-z]{4,6})(?![\d\p{L}%]|[.,:/-]\d)/uy

function numberAfter(pattern: RegExp, text: string, at: number): Value | undefined {
  const joint = jointAt(text, at)
  if (joint === undefined) return numberFarther(text, at)
  pattern.lastIndex = joint.end
  const value = pattern.exec(text)?.[1]
  if (value === undefined) return numberFarther(text, at)
  const start = text.indexOf(value, joint.end)
  const end = start + value.length
  return {
    text: value,
    start,
    end,
    isQuoted: joint.by === 'sign' || joint.by === 'verb',
    endsLine: isLineEnd(text, end),
  }
}

/** Digits that nothing is counted with. */
const FAR_CODE =
  /(?:\d{4,8}|\d{3}[ -]\d{3})(?![\d\p{L}%]|[.,:/-]\d)(?! (?!(?:is|was|and|but|by|does|did|it|from|thx|thanks|ist|und)\b)\p{L})/iuy

/** `the PIN you gave me, 8832,`, `Your PIN? / Customer: 8832`. */
function numberFarther(text: string, at: number): Value | undefined {
  const place = findAhead(text, at, 4, (from, strangers, before) =>
    strangers > 0 && !IS.test(before) && !/[,:=(\n] ?$/.test(text.slice(from - 2, from))
      ? -1
      : endOf(FAR_CODE, text, from),
  )
  if (place === undefined) return undefined
  const { start, end } = place
  const value = text.slice(start, end)
  return YEAR.test(value)
    ? undefined
    : { text: value, start, end, isQuoted: true, endsLine: isLineEnd(text, end) }
}

const IS =
  /^(?:is|was|it|s|ist|war|est|es|e|le|karte|carte|card|tarjeta|carta|kaart|cartao|says|reads|shows)$/

/** Any other code: who sent it where says that it is one for once. */
const ANY_CODE = concept('one_time_code', 'code,codes,codigo,codice,kode,kod,authenticator')
const OWNER =
  /(?:^|[\n:.,;!?(>\]-] ?|\b(?:the|our|a|this|that|digit|sms|text|der|den|le|un|el|su|il|de|o|um|security|confirmation|received|got|me|says|what|which|connexion|(voici le|es el|my|mein|meinen|mon|mi|mio|mijn|meu|your|tu|tuo|je|ihr|votre|seu))[ -])$/i
const SENT =
  /\b(?:sms|text(?:ed)?|sent|send|receive[ds]?|got|came|phone|emailed|email|app|log ?in|sign|verify|recu|llego|recibi|ricevuto|kreeg|connexion|conexion|ontving|recebi|erhalten|bekommen|geschickt|digit|authenticator|read me)\b/i

/** `774201 is your Example code`. */
const SENDER = / (?:your|ihr|votre|tu|il tuo|je|seu) \p{Lu}\p{L}{1,15} $/u

function findAnyCode(surroundings: Surroundings, at: number, wordStart: number): Found | undefined {
  const { text } = surroundings
  const owner = OWNER.exec(text.slice(Math.max(0, wordStart - 14), wordStart))
  const tied = tiedBefore(text, wordStart)
  if (owner === null && !(tied !== undefined && SENDER.test(text.slice(wordStart - 24, wordStart))))
    return undefined
  const value = numberFarther(text, at) ?? (tied && /^\d{4,8}$/.test(tied.text) ? tied : undefined)
  if (value === undefined) return undefined
  const { start, end } = value
  const said = text.slice(Math.max(0, Math.min(wordStart, start) - 40), Math.max(at, end) + 24)
  const isAnswer = text.slice(at, start).includes('\n')
  const isLong = value.text.length > 5
  if (!SENT.test(said) && (!isLong || surroundings.isReference(start))) return undefined
  const isLikely =
    SENT.test(said) ||
    (owner?.[1] !== undefined && isLong) ||
    (owner === null && isLong) ||
    isAnswer
  return { start, end, confidence: isLikely ? 'likely' : 'possible', context: CODE.name }
}

const SIGN_IN = concept('sign_in', 'to sign in,to log in,to login,to verify,to confirm')
const ENTERED = /\b(?:use|enter|type) (\d{4,8}|\d{3}[ -]\d{3}) $/i

/** `Use 482913 to sign in`. */
function findEntered({ text }: Surroundings, _at: number, wordStart: number): Found | undefined {
  const code = ENTERED.exec(text.slice(Math.max(0, wordStart - 16), wordStart))?.[1]
  if (code === undefined) return undefined
  return {
    start: wordStart - 1 - code.length,
    end: wordStart - 1,
    confidence: 'likely',
    context: CODE.name,
  }
}

const YEAR = /^(?:19|20)\d\d$/

/** `pin 1234 items to the board`. */
const COUNTED = /^ (?:items|messages|posts|tabs|notes|times|users|of )/

function findPin({ text }: Surroundings, at: number, wordStart: number): Found | undefined {
  const label = text.slice(wordStart, at).toLowerCase()
  // Asked again where the whole of its name ends.
  if (label === 'pin' && /^[ -]?(?:code|number|no)\b/i.test(text.slice(at, at + 8)))
    return undefined
  const value = numberAfter(SHORT_CODE, text, at)
  if (value !== undefined) {
    const { start, end, isQuoted: isJoined } = value
    // India's postal codes are six digits and called PIN codes.
    const isPostal =
      value.text.length === 6 &&
      /^pin.?code/.test(label) &&
      !/^ (?:is|was|do|did|has|will|won|never|not)/.test(text.slice(end, end + 8))
    const isDoubtful =
      isPostal ||
      (!isJoined &&
        (YEAR.test(value.text) || label === 'pins' || COUNTED.test(text.slice(end, end + 8))))
    const confidence: Confidence = isDoubtful
      ? 'possible'
      : isJoined && value.text.length === 4
        ? 'certain'
        : 'likely'
    return { start, end, confidence, context: PIN.name }
  }
  const tied = tiedBefore(text, wordStart)
  if (tied === undefined || !/^\d{4,8}$/.test(tied.text)) return undefined
  return { start: tied.start, end: tied.end, confidence: 'likely', context: PIN.name }
}

function findCode({ text }: Surroundings, at: number, wordStart: number): Found | undefined {
  const value = numberAfter(ONE_TIME, text, at) ?? tiedBefore(text, wordStart)
  if (value === undefined) return undefined
  if (!/^(?:[A-Z]-)?[\d -]{4,8}$|^[0-9A-Z]{6,10}$|-/.test(value.text) || !/\d/.test(value.text))
    return undefined
  // Three or four digits behind "security code" are a card's.
  if (
    value.text.length < 5 &&
    /(?:security|sicherheits|securite|seguridad)/i.test(text.slice(wordStart, at))
  ) {
    return undefined
  }
  const isBare =
    /^(?:код)$/i.test(text.slice(wordStart, at)) || (!value.isQuoted && YEAR.test(value.text))
  return {
    start: value.start,
    end: value.end,
    confidence: isBare ? 'possible' : 'likely',
    context: CODE.name,
  }
}

const WORDS =
  /["'`\u201c\u201e\u00ab]?(\p{L}[\p{L}\p{N}'-]{1,24}(?: \p{Lu}[\p{L}\p{N}'-]{1,24}){0,2})/uy

function findAnswer({ text }: Surroundings, at: number): Found | undefined {
  const joint = jointAt(text, at)
  if (joint === undefined || (joint.by !== 'sign' && joint.by !== 'verb')) return undefined
  WORDS.lastIndex = joint.end
  const value = WORDS.exec(text)?.[1]
  if (value === undefined || isSaid(value) || isPlaceholder(value)) return undefined
  const start = text.indexOf(value, joint.end)
  const end = start + value.length
  const isCertainly = joint.by === 'sign' ? isLineEnd(text, end) : /^\p{Lu}/u.test(value)
  return { start, end, confidence: isCertainly ? 'likely' : 'possible', context: ANSWER.name }
}

/** Twelve to twenty-four words of BIP 39, which are three to eight letters long. */
const MNEMONIC = /["'`]?((?:[a-z]{3,8}(?:, ?|[ ]|\r?\n)){11,23}[a-z]{3,8})(?![A-Za-z])/y

function findPhrase({ text }: Surroundings, at: number): Found | undefined {
  const joint = jointAt(text, at)
  if (joint === undefined) return undefined
  MNEMONIC.lastIndex = joint.end
  const value = MNEMONIC.exec(text)?.[1]
  if (value === undefined || value.split(/[\s,]+/).length % 3 !== 0) return undefined
  const start = text.indexOf(value, joint.end)
  const end = start + value.length
  if (!/^["'`.]?(?:[\r\n]|$)/.test(text.slice(end, end + 2))) return undefined
  return { start, end, confidence: 'likely', context: PHRASE.name }
}

/** `bob / Tr0ub4dor&3`: the name is no secret, what follows is. */
const PAIR = /["'`]?[^\s"'`/|]{2,64}["'`]?[ ]?[/|:,][ ]?/y

function findLogin({ text }: Surroundings, at: number): Found | undefined {
  const joint = jointAt(text, at)
  if (joint === undefined) return undefined
  const second = endOf(PAIR, text, joint.end)
  if (joint.by !== 'sign' && joint.by !== 'verb' && text.charAt(second - 2) !== '/')
    return undefined
  const value = second === -1 ? undefined : valueAt(text, second)
  if (value === undefined || strengthOf(value, { by: 'verb', end: 0 }) !== 'strong')
    return undefined
  return { start: value.start, end: value.end, confidence: 'likely', context: LOGIN.name }
}

export const passwordRules: readonly Rule[] = [
  { id: 'password', kind: 'credential', on: 'word', concepts: [PASSWORD], find: findPassword },
  { id: 'password', kind: 'credential', on: 'word', concepts: [PASS], find: findPass },
  { id: 'secret', kind: 'credential', on: 'word', concepts: [SECRET], find: findSecret },
  { id: 'secret', kind: 'credential', on: 'word', concepts: [KEY], find: findNamedKey },
  { id: 'pin', kind: 'credential', on: 'word', concepts: [PIN], find: findPin },
  { id: 'one_time_code', kind: 'credential', on: 'word', concepts: [CODE], find: findCode },
  { id: 'one_time_code', kind: 'credential', on: 'word', concepts: [ANY_CODE], find: findAnyCode },
  { id: 'one_time_code', kind: 'credential', on: 'word', concepts: [SIGN_IN], find: findEntered },
  { id: 'security_answer', kind: 'credential', on: 'word', concepts: [ANSWER], find: findAnswer },
  { id: 'recovery_phrase', kind: 'credential', on: 'word', concepts: [PHRASE], find: findPhrase },
  { id: 'login', kind: 'credential', on: 'word', concepts: [LOGIN], find: findLogin },
]
