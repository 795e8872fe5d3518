/** The sandbox's page: asks the server what there is, then opens as the person in the address. */
import { createRoot } from 'react-dom/client'
import { AgentWorkspace } from './AgentWorkspace.tsx'
import { PersonChooser } from './controls/PersonChooser.tsx'
import { createPageModel } from './page-model.ts'
import { PageModelProvider } from './PageModelProvider.tsx'
import { colorSchemeInAddress, personInAddress } from './route.ts'
import { loadSetup } from './sandbox-client.ts'
import { SandboxTheme } from './SandboxTheme.tsx'

const root = createRoot(document.getElementById('root') ?? document.body)
const setup = await loadSetup()
const person = setup.users.find((user) => user.id === personInAddress() && user.role !== 'end-user')

if (person === undefined) {
  root.render(
    <SandboxTheme colorScheme={colorSchemeInAddress()}>
      <PersonChooser users={setup.users} />
    </SandboxTheme>,
  )
} else {
  const model = createPageModel(setup, person, colorSchemeInAddress())
  const stop = model.start()
  window.addEventListener('pagehide', stop)
  root.render(
    <PageModelProvider model={model}>
      <AgentWorkspace />
    </PageModelProvider>,
  )
}
