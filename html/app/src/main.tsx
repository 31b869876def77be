import '@fontsource-variable/figtree/wght.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { readConfig } from './config.js';
import { applyTheme } from './lib/theme.js';
import { Crash } from './screens/Crash.js';
import './styles/tokens.css';
import './styles/base.css';

applyTheme(document.documentElement);

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <Crash>
      <App config={readConfig(document)} />
    </Crash>,
  );
}
