import { render } from 'preact'

import { App } from './app.tsx'
import { listen } from './base/events.ts'
import { listenToKeys } from './base/keys.ts'
import { takeOverLinks } from './base/router.ts'
import { applySettings } from './base/settings.ts'
import { keepShared } from './base/shared.ts'
import { behind } from './base/turns.ts'
import './styles/base.css'
import './styles/parts.css'
import './styles/sessions.css'
import './styles/transcript.css'
import './styles/pages.css'

applySettings()
takeOverLinks()
listenToKeys()
keepShared()
void behind().then(listen)
const place = document.getElementById('app')
if (place !== null) render(<App />, place)
