import {
  ArrowLeftRight,
  Check,
  Cloud,
  Crown,
  Link,
  LoaderCircle,
  Mic,
  MicOff,
  Video,
  VideoOff,
} from 'lucide-react';
import type { CallView } from '../room/call-store.js';
import { nameOf, type Person, troubleOf } from '../room/people.js';
import { usePath } from '../room/usePath.js';
import { t } from '../strings.js';
import { Avatar } from '../ui/Avatar.js';
import { Button } from '../ui/Button.js';
import { Panel } from './Panel.js';
import styles from './PeoplePanel.module.css';

interface DevicesProps {
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
}

function Devices({ microphoneOn, cameraOn }: DevicesProps) {
  return (
    <span className={styles.devices} aria-hidden="true">
      {microphoneOn ? <Mic size={18} /> : <MicOff size={18} className={styles.off} />}
      {cameraOn ? <Video size={18} /> : <VideoOff size={18} className={styles.off} />}
    </span>
  );
}

/** How the connection to a person stands, and which way it goes. */
function Connection({ person }: { readonly person: Person }) {
  const path = usePath(person);
  const trouble = troubleOf(person);
  if (trouble !== null) {
    return (
      <span className={styles.trouble}>
        <LoaderCircle size={13} aria-hidden="true" />
        {t.call.troubles[trouble]}
      </span>
    );
  }
  if (path === null) {
    return <span>{t.people.connected}</span>;
  }
  const protocol = path.protocol === null ? '' : ` · ${path.protocol.toUpperCase()}`;
  return (
    <span
      title={path.relayed ? t.people.relayedHint : t.people.directHint}
      data-testid="path"
      data-relayed={path.relayed}
    >
      {path.relayed ? (
        <Cloud size={13} aria-hidden="true" />
      ) : (
        <ArrowLeftRight size={13} aria-hidden="true" />
      )}
      {(path.relayed ? t.people.relayed : t.people.direct) + protocol}
    </span>
  );
}

interface PeoplePanelProps {
  readonly view: CallView;
  readonly own: DevicesProps;
  readonly link: string | null;
  readonly copied: boolean;
  readonly onCopy: () => void;
  readonly onClose: () => void;
}

export function PeoplePanel({ view, own, link, copied, onCopy, onClose }: PeoplePanelProps) {
  const { self, people, info } = view;
  const name = nameOf(self);
  return (
    <Panel
      title={t.people.title}
      testId="people-panel"
      aside={
        <span className={styles.count}>{t.people.count(people.length + 1, info.max_peers)}</span>
      }
      onClose={onClose}
    >
      <ul className={styles.list}>
        <li data-testid="person-self">
          <Avatar identity={self.identity} name={name} />
          <span className={styles.who}>
            <strong>{t.withYou(name)}</strong>
            {self.role === 'moderator' && (
              <span>
                <Crown size={13} aria-hidden="true" />
                {t.people.moderator}
              </span>
            )}
          </span>
          <Devices {...own} />
        </li>
        {people.map((person) => (
          <li key={person.key} data-testid="person">
            <Avatar identity={person.key} name={person.name} />
            <span className={styles.who}>
              <strong>{person.name}</strong>
              {person.moderator && (
                <span>
                  <Crown size={13} aria-hidden="true" />
                  {t.people.moderator}
                </span>
              )}
              <Connection person={person} />
            </span>
            <Devices microphoneOn={person.microphoneOn} cameraOn={person.camera !== null} />
          </li>
        ))}
      </ul>
      {link !== null && (
        <div className={styles.invite}>
          <Button wide onClick={onCopy}>
            {copied ? <Check size={18} /> : <Link size={18} />}
            {copied ? t.call.copied : t.controls.invite}
          </Button>
        </div>
      )}
    </Panel>
  );
}
