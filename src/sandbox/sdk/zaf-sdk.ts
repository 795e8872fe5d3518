/** The SDK as npm publishes it, unmodified, put where a script tag would put it. */
import ZAFClient from 'zendesk_app_framework_sdk'

;(globalThis as { ZAFClient?: unknown }).ZAFClient = ZAFClient
