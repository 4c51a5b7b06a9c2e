import { render } from 'preact'
import { App } from './app.tsx'
import { SignIn, signedIn } from './sign-in.tsx'
import { applyTheme } from './theme.ts'

const place = document.getElementById('page')
if (place === null) throw new Error('index.html has no element #page')

const showSignIn = (): void => render(<SignIn done={showApp} />, place)
const showApp = (): void => render(<App signedOut={showSignIn} />, place)

applyTheme()
if (await signedIn()) showApp()
else showSignIn()
