import { describe, expect, test } from 'vitest'
import { credentials } from './credential.ts'

describe('connection strings', () => {
  test.each([
    'postgres://app:s3cr3t@db.example.com:5432/prod?sslmode=require',
    'postgresql+asyncpg://app:s3cr3t@localhost/prod',
    'mongodb+srv://app:P4ssw0rd!@cluster0.example.net/test?retryWrites=true',
    'mongodb://app:P4ssw0rd@a.example.com:27017,b.example.com:27017/admin',
    'mysql://root:Tr0ub4dor&3@10.0.0.5:3306/shop',
    'redis://:hunter2@cache.example.com:6379/0',
    'amqp://guest:guest@localhost:5672/vhost',
    'ftp://anna:Sommer24@ftp.example.com',
    'smtp://anna%40example.com:Sommer24@mail.example.com:587',
    'https://bob:pa55word1@example.com/path',
    'https://bob:p@ss@example.com/path',
    'jdbc:postgresql://db.example.com/app?user=me&password=Tr0ub4dor&ssl=true',
    'jdbc:sqlserver://db:1433;databaseName=x;user=sa;password=Abc123!x;encrypt=true',
    'Server=tcp:db.example.com,1433;Initial Catalog=shop;User ID=sa;Password=Summer2024!;Encrypt=True;',
    'Data Source=db01;User Id=app;Password=hunter2xyz;',
    'Driver={ODBC Driver 18 for SQL Server};Server=db01;Uid=app;Pwd=hunter2xyz;',
    'host=db.example.com port=5432 dbname=shop user=app password=Tr0ub4dor3',
    // https://learn.microsoft.com/azure/storage/common/storage-use-azurite: the emulator's known key.
    `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${[
      'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6',
      'IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
    ].join('')};BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;`,
    'Endpoint=sb://bus.example.com/;SharedAccessKeyName=Root;SharedAccessKey=q9W8e7R6t5Y4u3I2o1P0q9W8e7R6t5Y4u3I2o1P0abc=',
  ])('%s is found whole, alone and in a sentence', (string) => {
    expect(credentials(string)).toEqual([string])
    expect(credentials(`Our app uses "${string}" since May.`)).toEqual([string])
    expect(credentials(`CONN=${string}\nPORT=80`).map((found) => found.includes(string))).toEqual([
      true,
    ])
  })

  test('a sentence ends behind it, not in it', () => {
    const url = 'redis://:hunter2@cache.example.com:6379/0'
    for (const end of ['.', ',', ')', '!', ').'])
      expect(credentials(`It is ${url}${end}`)).toEqual([url])
  })

  test.each([
    ['curl -u bob:hunter22 https://example.com', 'hunter22'],
    ['curl --user "bob:hunter22" https://example.com', 'hunter22'],
  ])('in the command %j it is %j', (text, value) => {
    expect(credentials(text)).toEqual([value])
  })

  test.each([
    'postgres://user:password@localhost/db',
    'postgres://user:<password>@localhost/db',
    'postgres://user:${DB_PASSWORD}@localhost/db',
    'mysql://root:****@localhost/db',
    'mysql://root:%s@localhost/db',
    'mysql://root@localhost/db',
    'mysql://root:@localhost/db',
    'https://example.com:8080/a@b',
    'https://example.com/?q=a:b@c',
    'see http://[::1]:8080/',
    'ssh://git@example.com:22/repo.git',
    'Server=db01;Database=shop;Integrated Security=True;',
    'Server=db01;Database=shop;Password=;',
    'Server=db01;User Id=app;Password=********;',
    'At 12:30 the server was down, 10:15 it was up.',
  ])('%j holds no password', (text) => {
    expect(credentials(text)).toEqual([])
  })
})

describe('keys that an inner mark tells', () => {
  const word = 'q9W8e7R6t5Y4u3I2o1P0'
  test.each([
    ['telegram_bot_token', `123456789:AA${word}${word.slice(0, 13)}`],
    ['terraform_token', `${word.slice(0, 14)}.atlasv1.${word}${word}${word}`],
    ['maxmind_key', `${word.slice(0, 6)}_${word}${word.slice(0, 9)}_mmk`],
    [
      'teams_webhook',
      'https://example.webhook.office.com/webhookb2/9f8e7d6c-5b4a-3210-9f8e-7d6c5b4a3210@9f8e7d6c-5b4a-3210-9f8e-7d6c5b4a3210/IncomingWebhook/9f8e7d6c5b4a32109f8e7d6c5b4a3210/9f8e7d6c-5b4a-3210-9f8e-7d6c5b4a3210',
    ],
  ])('a %s is found whole, and not when it is cut', (rule, key) => {
    expect(credentials(`It is ${key} here`, { rule })).toEqual([key])
    expect(credentials(`It is ${key.slice(1)} here`, { rule })).not.toContain(key)
    expect(credentials(`It is ${key.slice(0, -1)} here`, { rule })).toEqual([])
  })
})
