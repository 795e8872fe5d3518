/**
 * The endpoint as an AWS Lambda function: `lambda.handler` of `dist/endpoint`, behind an API Gateway
 * HTTP API or a Function URL. A schedule (EventBridge, once a minute) does the timed work.
 */
import { fileURLToPath } from 'node:url'
import { createApp } from '../app.ts'
import { readConfig } from '../config.ts'
import { sweep } from '../sweep.ts'
import { composeDeps } from './compose.ts'
import type { LambdaHandler } from './lambda-handler.ts'
import { createLambdaHandler } from './lambda-handler.ts'

const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// A fault of configuration ends the function's start, with its lines in the function's log.
const config = readConfig()

async function start(): Promise<LambdaHandler> {
  const deps = await composeDeps(config, {
    appFolder: beside('app'),
    migrationsFolder: beside('migrations'),
  })
  return createLambdaHandler(createApp(deps), () => sweep(deps))
}

let started: Promise<LambdaHandler> | undefined

export const handler: LambdaHandler = async (event, context) => {
  started ??= start()
  // What could not start (the database was down) is tried again by the next event.
  started.catch(() => {
    started = undefined
  })
  const answer = await started
  return answer(event, context)
}
