import { useStore } from '@otter/react';
import { Languages } from 'lucide-react';
import { language, setLanguage } from '../i18n/language.js';
import { isLanguage, LANGUAGES } from '../i18n/languages.js';
import { t } from '../strings.js';
import styles from './LanguageSelect.module.css';

/** The languages of the page, each in its own words. The settings also offer the browser's choice. */
export function LanguageSelect() {
  const spoken = useStore(language);
  return (
    <div className={styles.language}>
      <Languages size={18} aria-hidden="true" />
      <select
        aria-label={t.settings.language}
        title={t.settings.language}
        value={spoken}
        data-testid="language"
        onChange={(event) => {
          const chosen = event.target.value;
          if (isLanguage(chosen)) {
            void setLanguage(chosen, document.documentElement);
          }
        }}
      >
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
