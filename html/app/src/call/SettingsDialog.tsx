import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { remembered } from '../lib/storage.js';
import { setTheme, theme } from '../lib/theme.js';
import { useStore } from '../lib/useStore.js';
import type { LocalMedia } from '../media/local-media.js';
import { t } from '../strings.js';
import { DevicePickers } from '../ui/DevicePickers.js';
import { Dialog } from '../ui/Dialog.js';
import { Switch } from '../ui/Field.js';
import { Segments } from '../ui/Segments.js';
import styles from './SettingsDialog.module.css';

interface SettingsDialogProps {
  readonly media: LocalMedia;
  readonly onClose: () => void;
}

/** A yes-or-no setting that is remembered. */
function useSetting(key: string, standard: boolean): [boolean, (on: boolean) => void] {
  const kept = remembered.get(key);
  const [on, setOn] = useState(kept === null ? standard : kept === 'yes');
  const set = (next: boolean): void => {
    remembered.set(key, next ? 'yes' : 'no');
    setOn(next);
  };
  return [on, set];
}

export function SettingsDialog({ media, onClose }: SettingsDialogProps) {
  const chosen = useStore(theme);
  const [relay, setRelay] = useSetting('relay', false);
  const [keys, setKeys] = useSetting('keys', true);
  return (
    <Dialog title={t.settings.title} onClose={onClose}>
      <section className={styles.section}>
        <h3>{t.settings.devices}</h3>
        <DevicePickers media={media} />
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
      </section>
      <section className={styles.section}>
        <Switch
          label={t.settings.relay}
          hint={t.settings.relayHint}
          checked={relay}
          onChange={setRelay}
        />
        <Switch
          label={t.settings.keys}
          hint={t.settings.keysHint}
          checked={keys}
          onChange={setKeys}
        />
      </section>
    </Dialog>
  );
}
