import { type Command, KEYS } from '../lib/shortcuts.js';
import { t } from '../strings.js';
import { Dialog } from '../ui/Dialog.js';
import styles from './ShortcutsDialog.module.css';

const ORDER: readonly Command[] = [
  'microphone',
  'camera',
  'share',
  'hand',
  'react',
  'chat',
  'people',
  'invite',
  'layout',
  'fullscreen',
  'help',
];

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t.shortcuts.title} onClose={onClose}>
      <dl className={styles.list} data-testid="shortcuts">
        {ORDER.map((command) => (
          <div key={command}>
            <dt>{t.shortcuts[command]}</dt>
            <dd>
              <kbd>{KEYS[command].toUpperCase()}</kbd>
            </dd>
          </div>
        ))}
        <div>
          <dt>{t.shortcuts.talk}</dt>
          <dd>
            <kbd>{t.shortcuts.talkKey}</kbd>
          </dd>
        </div>
        <div>
          <dt>{t.shortcuts.escape}</dt>
          <dd>
            <kbd>{t.shortcuts.escapeKey}</kbd>
          </dd>
        </div>
      </dl>
    </Dialog>
  );
}
