import '@fontsource-variable/figtree/wght.css';
import { lazy, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { readConfig } from './config.js';
import { startLanguage } from './i18n/language.js';
import { dressPage } from './lib/site.js';
import { applyTheme } from './lib/theme.js';
import { Crash } from './screens/Crash.js';
import './styles/tokens.css';
import './styles/base.css';

applyTheme(document.documentElement);

const Admin = lazy(async () => ({ default: (await import('./admin/Admin.js')).Admin }));

const config = readConfig(document);
dressPage(config, document);

const root = document.getElementById('root');
if (root !== null) {
  void startLanguage(document.documentElement).then(() => {
    createRoot(root).render(
      <Crash>
        {window.location.pathname === `${config.prefix}admin` ? (
          <Suspense>
            <Admin config={config} />
          </Suspense>
        ) : (
          <App config={config} />
        )}
      </Crash>,
    );
  });
}
