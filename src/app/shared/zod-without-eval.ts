/**
 * Has zod read its schemas instead of compiling them: the app's pages forbid `eval`, and even an
 * attempt is reported. Has to run before a schema is made.
 */
import { config } from 'zod'

config({ jitless: true })
