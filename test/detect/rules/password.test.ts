import { describe, expect, test } from 'vitest'
import { credentials } from './credential.ts'

describe('passwords in context', () => {
  test.each([
    ['pw hunter22x', 'hunter22x'],
    ['it keeps rejecting my password, Quiet-Otter_19, since monday', 'Quiet-Otter_19'],
    ['contraseña del wifi perroVerde55', 'perroVerde55'],
    ['Agent: what password did you try?\nCustomer: hunter22x', 'hunter22x'],
    ['use hunter22x as the password', 'hunter22x'],
    ['login jane / Sommer2024!', 'Sommer2024!'],
    ['password: hunter2', 'hunter2'],
    ['Password:hunter2', 'hunter2'],
    ['PASSWORD = Tr0ub4dor&3', 'Tr0ub4dor&3'],
    ['my password is Tr0ub4dor&3', 'Tr0ub4dor&3'],
    ['My password is: Tr0ub4dor&3, can you check?', 'Tr0ub4dor&3'],
    ["the password's hunter22", 'hunter22'],
    ['pw=Sommer2024!', 'Sommer2024!'],
    ['pwd: kitten', 'kitten'],
    ['user: admin, pass: letmein1', 'letmein1'],
    ['Username: bob Password: hunter2', 'hunter2'],
    ['Password:\nHunter2!x', 'Hunter2!x'],
    ['Password\nTr0ub4dor&3\nThanks', 'Tr0ub4dor&3'],
    ['| password | hunter2 |', 'hunter2'],
    ['**Password:** `hunter2`', 'hunter2'],
    ['Password: 123456', '123456'],
    ['the temp password I gave her was Summer2024!', 'Summer2024!'],
    ['Password (temporary): Welcome1', 'Welcome1'],
    ['wifi password for the guests is Sunny-Day-42', 'Sunny-Day-42'],
    ['The admin password on server2019 is Passw0rd!', 'Passw0rd!'],
    ['password has been reset to Welcome1!', 'Welcome1!'],
    ['password was changed to Winter2025', 'Winter2025'],
    ['The password is "sunshine" if you need it', 'sunshine'],
    ['password="correct horse battery staple"', 'correct horse battery staple'],
    ['Tr0ub4dor&3 is my password', 'Tr0ub4dor&3'],
    ['Password: Abc123. It worked yesterday.', 'Abc123'],
    ['password Welcome1! for the new laptop', 'Welcome1!'],
    ['login: bob / Tr0ub4dor&3', 'Tr0ub4dor&3'],
    ['password - Tr0ub4dor&3', 'Tr0ub4dor&3'],
    ['password (Sommer-2023)', 'Sommer-2023'],
    ['passcode: correct-horse-9', 'correct-horse-9'],
  ])('in %j it is %j', (text, value) => {
    expect(credentials(text)).toEqual([value])
  })

  test.each([
    ['{"password": "hunter2"}', 'hunter2'],
    ['{"client_secret": "q9W8e7R6t5Y4u3I2o1P0"}', 'q9W8e7R6t5Y4u3I2o1P0'],
    ['DB_PASS=Sup3rS3cret!', 'Sup3rS3cret!'],
    ['MYSQL_ROOT_PASSWORD: hunter2', 'hunter2'],
    ['adminPassword=hunter2', 'hunter2'],
    ['mysql --password hunter22 -u root', 'hunter22'],
    ['-pass hunter22 -user bob', 'hunter22'],
    ['<password>hunter2</password>', 'hunter2'],
    ["ALTER USER bob IDENTIFIED BY 'hunter22';", 'hunter22'],
    ['ConvertTo-SecureString "P@ss1234" -AsPlainText', 'P@ss1234'],
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
    [
      `AWS_SECRET_ACCESS_KEY=${'wJalrXUtnFEMI/K7MDENG/'}${'bPxRfiCYEXAMPLEKEY'}`,
      `${'wJalrXUtnFEMI/K7MDENG/'}${'bPxRfiCYEXAMPLEKEY'}`,
    ],
    // https://www.wireguard.com/
    [
      'PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=',
      'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=',
    ],
    ['EXAMPLE_KEY=9f8e7d6c5b4a32109f8e7d6c5b4a3210', '9f8e7d6c5b4a32109f8e7d6c5b4a3210'],
    ['x-api-key: 9f8e7d6c5b4a32109f8e7d6c5b4a3210', '9f8e7d6c5b4a32109f8e7d6c5b4a3210'],
    ['The API token is q9W8e7R6t5Y4u3I2', 'q9W8e7R6t5Y4u3I2'],
  ])('in settings such as %j it is %j', (text, value) => {
    expect(credentials(text)).toEqual([value])
  })

  test.each([
    ['Das Passwort lautet Sommer2024!', 'Sommer2024!'],
    ['Kennwort: sonnenschein', 'sonnenschein'],
    ['Das WLAN-Passwort für Gäste ist Sommer-Regen-88', 'Sommer-Regen-88'],
    ['mot de passe : Soleil2024!', 'Soleil2024!'],
    ['contraseña temporal Verano2024', 'Verano2024'],
    ['Le mot de passe est « Bonjour123 »', 'Bonjour123'],
    ['la contraseña es Verano2024', 'Verano2024'],
    ['La password è Roma2024!', 'Roma2024!'],
    ['senha: verao123', 'verao123'],
    ['wachtwoord is Zomer2024!', 'Zomer2024!'],
    ['hasło: Lato2024!', 'Lato2024!'],
    ['moje hasło to lato2024', 'lato2024'],
    ['Min lösenord är Sommar2024', 'Sommar2024'],
    ['adgangskode: Sommer2024', 'Sommer2024'],
    ['salasana: Kesa2024', 'Kesa2024'],
    ['şifre: Yaz2024!', 'Yaz2024!'],
    ['пароль: Qwerty12', 'Qwerty12'],
    ['パスワード：abc12345', 'abc12345'],
  ])('in other languages, %j, it is %j', (text, value) => {
    expect(credentials(text)).toEqual([value])
  })

  test.each([
    '"pass": "Boarding pass issued"',
    '"password": "Enter your new password"',
    'bus pass Zone2024',
    'Agent: what is the password policy?\nCustomer: 12 characters',
    'password for Windows11',
    'reset password via Portal2Go',
    'I typed the password wrong and got error E4417x',
    'login / register buttons missing',
    'password is wrong',
    'My password is expired.',
    'password is required',
    'Password is not working',
    'the password is the same as last time',
    'I forgot my password',
    'Please reset my password.',
    'password: (leave empty)',
    'Password: required',
    'Password: incorrect',
    'Enter your password:',
    'Password:\nUsername:\nDomain:',
    'Password:\n\nKind regards\nAnna2',
    'password policy: 12 characters',
    'Password policy requires 8-16 characters',
    'Password must be 12+ characters',
    'Password reset for user jdoe42 completed',
    'password: see ticket INC0012345',
    'password: string;',
    '"password": "",',
    'password = input("Password: ")',
    'if password == "": return',
    '<input type="password" name="pw1" id="pw1">',
    'max_tokens=2048',
    'primary_key=customer_id_1234567890ab',
    'cache_key=home:v2:9f8e7d6c5b4a3210',
    'new password will be emailed to you',
    'wifi password on the back of router FRITZ!Box7590',
    'boarding pass ABC123XY',
    'The password is too short, use 12 characters',
    'password manager 1Password 8.10',
    'Password reset link: https://example.com/reset?id=4',
    'Re: Password reset for Windows11',
    'Your password will expire in 14 days',
    'Password expired 2024-05-01',
    'Password last changed: 2024-05-01 10:22',
    'password change was requested on 12 May 2024 from 203.0.113.5',
    'password and the ticket number is INC0012345',
    'password for the portal. The reference is ABC1234x',
    'password to Office365 account',
    'Password field shows error 0x80070005',
    'password hash uses SHA256',
    'the same password as before',
    'passwords must match',
    'I changed the password to something new',
    'the password is in the vault',
    'pass the salt',
    'Pass: 42 tests, fail: 3',
    'the token expired at 12:30',
    'Invalid token: unexpected end of input',
    'the api key is missing',
    'secret santa 2024',
    'token ring network',
    'My login is anna / my phone is broken',
    'Das Passwort ist falsch',
    'Mein Kennwort ist abgelaufen',
    'Mot de passe oublié ?',
    'La contraseña es incorrecta',
    'wachtwoord vergeten',
  ])('%j gives none away', (text) => {
    expect(credentials(text)).toEqual([])
  })

  test.each([
    'password: ********',
    'password: ••••••••',
    'password: <your password>',
    'password: [redacted]',
    'password: [scrim:abc123]',
    'password: xxxxxxxx',
    'password: ${DB_PASSWORD}',
    'password: $DB_PASSWORD',
    'password: %DB_PASSWORD%',
    'password: {{ db_password }}',
    'password=process.env.DB_PASS',
    'password = get_secret("db")',
    'API_KEY=YOUR_API_KEY',
    'api_key: "your-api-key-here-1234567890"',
  ])('the placeholder in %j is none', (text) => {
    expect(credentials(text, { level: 'possible' })).toEqual([])
  })

  test('a plain word behind "is" is doubtful at most', () => {
    expect(credentials('password is summer')).toEqual([])
    expect(credentials('password is summer', { level: 'possible' })).toEqual(['summer'])
  })

  test('a label with a sign and a value that only a password looks like are certain', () => {
    expect(credentials('Password: Tr0ub4dor&3', { level: 'certain' })).toEqual(['Tr0ub4dor&3'])
    expect(credentials('Password: hunter2', { level: 'certain' })).toEqual([])
  })
})

describe('PINs and codes in context', () => {
  test.each([
    ['the code you texted me is 774201', '774201'],
    ['5521 is the code you sent', '5521'],
    ['voici le code : 774201', '774201'],
    ['tu código es 482913', '482913'],
    ['SMS says code 774201', '774201'],
    ['I received code 774201 by email', '774201'],
    ['Agent: please read me the code we just texted\nCustomer: 774201', '774201'],
    ['der Code aus der SMS ist 039 118', '039 118'],
    ['Use 482913 to sign in', '482913'],
    ['security code sent to my phone: 774201', '774201'],
    ["the PIN you gave me, 8832, doesn't work", '8832'],
    ['Agent: your PIN?\nCustomer: 4417', '4417'],
    ['PIN von der EC-Karte 7741', '7741'],
    ['My PIN 4821 does not work', '4821'],
    ['PIN: 4821', '4821'],
    ['The PIN for my card is 4821, thanks', '4821'],
    ['My pin number is 0000', '0000'],
    ['4821 is my PIN', '4821'],
    ['Door code 4821#', '4821'],
    ['Passcode is 482913', '482913'],
    ['my pin code 482913 was refused', '482913'],
    ['PUK 12345678', '12345678'],
    ['Geheimzahl: 4821', '4821'],
    ['le code PIN est 4821', '4821'],
    ['OTP 123456', '123456'],
    ['Your verification code is 482913.', '482913'],
    ['Use 482913 as your verification code', '482913'],
    ['G-482913 is your Google verification code', 'G-482913'],
    ['Your Microsoft security code is 384756', '384756'],
    ['Der Bestätigungscode lautet 482913', '482913'],
    ['recovery code: a1b2-c3d4', 'a1b2-c3d4'],
  ])('in %j it is %j', (text, value) => {
    expect(credentials(text)).toEqual([value])
  })

  test.each([
    'the discount code is SAVE20 and 774201',
    'product code is 774201',
    'I got the code at 10:45',
    'the source code is 12000 lines long',
    'my code is failing in line 4417',
    'Agent: what is the order code?\nCustomer: 774201',
    'Agent: PIN?\nCustomer: no idea, 3 attempts left',
    'pin 12 and 13 are swapped',
    'pin 1234 items to the board',
    'please pin 3 messages to the top',
    'pin the tab',
    'PIN code has been sent',
    'GPIO pin 12 and pin 13',
    'PIN code: 110001',
    'My PIN is 4 digits long',
    'PIN 4.20.1',
    'error code 404123',
    'verification code never arrived at 12:30',
    'The security code is 3 digits',
    'Einmalcode nicht erhalten',
    'tan shoes in size 42',
  ])('%j gives none away', (text) => {
    expect(credentials(text)).toEqual([])
  })
})

describe('answers and phrases that recover an account', () => {
  test.each([
    ['security answer: Fluffy', 'Fluffy'],
    ["My mother's maiden name is Smith", 'Smith'],
    ['Sicherheitsantwort: Bello', 'Bello'],
    // https://github.com/trezor/python-mnemonic/blob/master/vectors.json
    [
      'seed phrase: legal winner thank year wave sausage worth useful legal winner thank yellow',
      'legal winner thank year wave sausage worth useful legal winner thank yellow',
    ],
  ])('in %j it is %j', (text, value) => {
    expect(credentials(text)).toEqual([value])
  })

  test.each([
    'the security answer is required',
    'I forgot the answer to my security question',
    'My recovery phrase is lost and I do not know what to do about that now',
    'seed phrase: please never share these words with anyone',
  ])('%j gives none away', (text) => {
    expect(credentials(text)).toEqual([])
  })
})
