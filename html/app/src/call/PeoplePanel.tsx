import { nameOf, troubleOf } from '@otter/react';
import {
  ArrowLeftRight,
  Cloud,
  Crown,
  Hand,
  Link,
  LoaderCircle,
  Mic,
  MicOff,
  ShieldCheck,
  UserX,
  Video,
  VideoOff,
  Volume2,
  VolumeX,
} from 'lucide-react';
import type { PeerInfo, Room } from '@otter/client';
import type { CallView, Member } from '../room/call-store.js';
import type { Health, HealthMap } from '../room/health.js';
import { t } from '../strings.js';
import { Avatar } from '../ui/Avatar.js';
import { Button, IconButton } from '../ui/Button.js';
import { Switch } from '../ui/Field.js';
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
function Connection({
  person,
  health,
}: {
  readonly person: Member;
  readonly health: Health | undefined;
}) {
  const trouble = troubleOf(person);
  if (trouble !== null) {
    return (
      <span className={styles.trouble}>
        <LoaderCircle size={13} aria-hidden="true" />
        {t.call.troubles[trouble]}
      </span>
    );
  }
  if (health?.stats.relayed == null) {
    return <span>{t.people.connected}</span>;
  }
  const { relayed, protocol: spoken } = health.stats;
  const protocol = spoken === null ? '' : ` · ${spoken.toUpperCase()}`;
  return (
    <span
      title={relayed ? t.people.relayedHint : t.people.directHint}
      data-testid="path"
      data-relayed={relayed}
    >
      {relayed ? (
        <Cloud size={13} aria-hidden="true" />
      ) : (
        <ArrowLeftRight size={13} aria-hidden="true" />
      )}
      {(relayed ? t.people.relayed : t.people.direct) + protocol}
    </span>
  );
}

interface WaitingProps {
  readonly room: Room;
  readonly waiting: readonly PeerInfo[];
}

/** Those who ask to be let in, for a moderator to decide. */
function Waiting({ room, waiting }: WaitingProps) {
  return (
    <section className={styles.waiting} aria-label={t.people.waiting} data-testid="waiting-list">
      <h3>{t.people.waiting}</h3>
      {waiting.map((peer) => {
        const name = nameOf(peer);
        return (
          <div key={peer.id} data-testid="knock">
            <strong>{name}</strong>
            <Button
              size="small"
              look="primary"
              aria-label={t.people.admitWho(name)}
              onClick={() => {
                room.admit(peer.id);
              }}
            >
              {t.people.admit}
            </Button>
            <Button
              size="small"
              look="quiet"
              aria-label={t.people.denyWho(name)}
              onClick={() => {
                room.deny(peer.id);
              }}
            >
              {t.people.deny}
            </Button>
          </div>
        );
      })}
    </section>
  );
}

interface PersonRowProps {
  readonly person: Member;
  readonly health: Health | undefined;
  readonly moderates: boolean;
  readonly volume: number;
  readonly onVolume: (volume: number) => void;
  readonly onAskMute: () => void;
  readonly onVerify: () => void;
  readonly onRemove: () => void;
}

function PersonRow({ person, health, moderates, volume, ...does }: PersonRowProps) {
  const { name } = person;
  return (
    <li data-testid="person">
      <Avatar identity={person.key} name={name} />
      <span className={styles.who}>
        <strong>{name}</strong>
        {person.moderator && (
          <span>
            <Crown size={13} aria-hidden="true" />
            {t.people.moderator}
          </span>
        )}
        {person.handUp && (
          <span>
            <Hand size={13} aria-hidden="true" />
            {t.call.handUp}
          </span>
        )}
        <Connection person={person} health={health} />
      </span>
      <Devices microphoneOn={person.microphoneOn} cameraOn={person.camera !== null} />
      <div className={styles.tools}>
        {volume === 0 ? (
          <VolumeX size={18} aria-hidden="true" />
        ) : (
          <Volume2 size={18} aria-hidden="true" />
        )}
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={volume}
          aria-label={t.people.volume(name)}
          data-testid="volume"
          onChange={(event) => {
            does.onVolume(event.target.valueAsNumber);
          }}
        />
        <IconButton label={t.people.verify(name)} data-testid="verify-open" onClick={does.onVerify}>
          <ShieldCheck size={18} />
        </IconButton>
        {moderates && person.microphoneOn && (
          <IconButton
            label={t.people.askMute(name)}
            data-testid="ask-mute"
            onClick={does.onAskMute}
          >
            <MicOff size={18} />
          </IconButton>
        )}
        {moderates && (
          <IconButton label={t.people.remove(name)} data-testid="remove" onClick={does.onRemove}>
            <UserX size={18} />
          </IconButton>
        )}
      </div>
    </li>
  );
}

interface PeoplePanelProps {
  readonly room: Room;
  readonly health: HealthMap;
  /** How loud each person is, by key. */
  readonly volumes: ReadonlyMap<string, number>;
  readonly onVolume: (key: string, volume: number) => void;
  readonly onAskMute: (person: Member) => void;
  readonly onVerify: (person: Member) => void;
  readonly view: CallView;
  readonly own: DevicesProps;
  readonly link: string | null;
  readonly onInvite: () => void;
  readonly onClose: () => void;
}

export function PeoplePanel(props: PeoplePanelProps) {
  const { room, view, own, link, health, volumes } = props;
  const { self, people, info, waiting } = view;
  const name = nameOf(self);
  const moderates = self.role === 'moderator';
  return (
    <Panel
      title={t.people.title}
      testId="people-panel"
      aside={
        <span className={styles.count}>{t.people.count(people.length + 1, info.max_peers)}</span>
      }
      onClose={props.onClose}
    >
      {waiting.length > 0 && <Waiting room={room} waiting={waiting} />}
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
          <PersonRow
            key={person.key}
            person={person}
            health={health.get(person.id)}
            moderates={moderates}
            volume={volumes.get(person.key) ?? 1}
            onVolume={(volume) => {
              props.onVolume(person.key, volume);
            }}
            onAskMute={() => {
              props.onAskMute(person);
            }}
            onVerify={() => {
              props.onVerify(person);
            }}
            onRemove={() => {
              room.kick(person.id);
            }}
          />
        ))}
      </ul>
      {moderates && (
        <div className={styles.policy}>
          <Switch
            label={t.people.lobby}
            hint={t.people.lobbyHint}
            checked={info.lobby}
            onChange={(lobby) => {
              room.setPolicy({ lobby });
            }}
          />
          <Switch
            label={t.people.lock}
            hint={t.people.lockHint}
            checked={info.locked}
            onChange={(locked) => {
              room.setPolicy({ locked });
            }}
          />
        </div>
      )}
      {link !== null && (
        <div className={styles.invite}>
          <Button wide onClick={props.onInvite}>
            <Link size={18} />
            {t.controls.invite}
          </Button>
        </div>
      )}
    </Panel>
  );
}
