import { type LocalMedia, useStore } from '@otter/react';
import { Languages, Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { chosenLanguage, language, setLanguage } from '../i18n/language.js';
import { isLanguage, LANGUAGES } from '../i18n/languages.js';
import {
  blurSetting,
  keysSetting,
  noiseSetting,
  relaySetting,
  type Setting,
  talkSetting,
} from '../lib/settings.js';
import { abilitiesOf } from '../media/effects.js';
import { setTheme, theme } from '../lib/theme.js';
import { t } from '../strings.js';
import { DevicePickers } from '../ui/DevicePickers.js';
import { Dialog } from '../ui/Dialog.js';
import { SelectField, Switch } from '../ui/Field.js';
import { Segments } from '../ui/Segments.js';
import styles from './SettingsDialog.module.css';

interface SettingsDialogProps {
  readonly media: LocalMedia;
  readonly onClose: () => void;
}

interface SettingSwitchProps {
  readonly setting: Setting;
  readonly label: string;
  readonly hint: string;
  /** Why it can't be had here. */
  readonly unable?: string | null;
}

function SettingSwitch({ setting, label, hint, unable = null }: SettingSwitchProps) {
  const on = useStore(setting.value);
  return (
    <Switch
      label={label}
      hint={unable ?? hint}
      checked={on && unable === null}
      disabled={unable !== null}
      onChange={setting.set}
    />
  );
}

function LanguageField() {
  useStore(language);
  const [failed, setFailed] = useState(false);
  return (
    <>
      <SelectField
        label={t.settings.language}
        icon={<Languages size={18} aria-hidden="true" />}
        options={[
          { value: '', label: t.settings.languageAuto },
          ...Object.entries(LANGUAGES).map(([value, label]) => ({ value, label })),
        ]}
        value={chosenLanguage() ?? ''}
        onSelect={(value) => {
          const chosen = isLanguage(value) ? value : null;
          void setLanguage(chosen, document.documentElement).then((done) => {
            setFailed(!done);
          });
        }}
      />
      {failed && <p role="alert">{t.settings.languageFailed}</p>}
    </>
  );
}

export function SettingsDialog({ media, onClose }: SettingsDialogProps) {
  const chosen = useStore(theme);
  const { microphone, camera } = useStore(media.state);
  const able = abilitiesOf(microphone.track, camera.track);
  return (
    <Dialog title={t.settings.title} onClose={onClose}>
      <section className={styles.section}>
        <h3>{t.settings.devices}</h3>
        <DevicePickers media={media} />
      </section>
      <section className={styles.section}>
        <h3>{t.settings.effects}</h3>
        <SettingSwitch
          setting={noiseSetting}
          label={t.settings.noise}
          hint={t.settings.noiseHint}
          unable={able.noise ? null : t.settings.noiseNone}
        />
        <SettingSwitch
          setting={blurSetting}
          label={t.settings.blur}
          hint={t.settings.blurHint}
          unable={able.blur ? null : t.settings.blurNone}
        />
      </section>
      <section className={styles.section}>
        <h3>{t.settings.appearance}</h3>
        <Segments
          label={t.theme.label}
          value={chosen}
          segments={[
            {
              value: 'system',
              label: t.theme.system,
              icon: <Monitor size={18} aria-hidden="true" />,
            },
            { value: 'light', label: t.theme.light, icon: <Sun size={18} aria-hidden="true" /> },
            { value: 'dark', label: t.theme.dark, icon: <Moon size={18} aria-hidden="true" /> },
          ]}
          onSelect={(next) => {
            setTheme(next, document.documentElement);
          }}
        />
        <LanguageField />
      </section>
      <section className={styles.section}>
        <h3>{t.settings.privacy}</h3>
        <SettingSwitch
          setting={relaySetting}
          label={t.settings.relay}
          hint={t.settings.relayHint}
        />
      </section>
      <section className={styles.section}>
        <h3>{t.settings.keyboard}</h3>
        <SettingSwitch setting={talkSetting} label={t.settings.talk} hint={t.settings.talkHint} />
        <SettingSwitch setting={keysSetting} label={t.settings.keys} hint={t.settings.keysHint} />
      </section>
    </Dialog>
  );
}
