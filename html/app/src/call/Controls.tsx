import {
  EllipsisVertical,
  Hand,
  MessageSquare,
  Mic,
  MicOff,
  MonitorUp,
  MonitorX,
  PhoneOff,
  Smile,
  Users,
  Video,
  VideoOff,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useCallback, useState } from 'react';
import { type Command, KEYS } from '../lib/shortcuts.js';
import { t } from '../strings.js';
import { classes } from '../ui/classes.js';
import { Menu, type MenuItem } from '../ui/Menu.js';
import styles from './Controls.module.css';

interface ControlProps {
  readonly id: string;
  readonly label: string;
  /** The letter that does the same. */
  readonly keyHint?: string;
  readonly icon: ReactNode;
  readonly look?: 'plain' | 'off' | 'on' | 'leave';
  readonly pressed?: boolean;
  readonly expanded?: boolean;
  readonly badge?: number;
  readonly onClick: () => void;
}

function Control(props: ControlProps) {
  const { id, label, keyHint, icon, look = 'plain', pressed, expanded, badge = 0, onClick } = props;
  const tip = keyHint === undefined ? label : t.controls.withKey(label, keyHint);
  return (
    <button
      type="button"
      className={classes(styles.control, styles[look])}
      aria-label={badge > 0 ? `${label}, ${t.chat.unread(badge)}` : label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-keyshortcuts={keyHint}
      data-tip={tip}
      data-testid={`control-${id}`}
      onClick={onClick}
    >
      {icon}
      {badge > 0 && (
        <span className={styles.badge} data-testid={`badge-${id}`}>
          {badge > 99 ? '99+' : badge}
        </span>
      )}
    </button>
  );
}

export type PanelName = 'chat' | 'people';

interface ControlsProps {
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  readonly sharing: boolean;
  readonly canShare: boolean;
  readonly handUp: boolean;
  /** The row of reactions is open. */
  readonly reacting: boolean;
  readonly panel: PanelName | null;
  readonly unread: number;
  readonly people: number;
  /** There is room for the row in the middle alone. */
  readonly narrow: boolean;
  /** Room, clock and the like. */
  readonly start: ReactNode;
  readonly menu: readonly MenuItem[];
  readonly run: Readonly<Record<Command, () => void>>;
  readonly onLeave: () => void;
}

export function Controls(props: ControlsProps) {
  const { microphoneOn, cameraOn, sharing, canShare, panel, unread, people, narrow } = props;
  const { start, menu, run } = props;
  const [menuOpen, setMenuOpen] = useState(false);
  const closeMenu = useCallback(() => {
    setMenuOpen(false);
  }, []);

  const chat = (
    <Control
      id="chat"
      label={t.controls.chat}
      keyHint={KEYS.chat}
      icon={<MessageSquare size={22} />}
      look={panel === 'chat' ? 'on' : 'plain'}
      expanded={panel === 'chat'}
      badge={unread}
      onClick={run.chat}
    />
  );

  return (
    <footer className={styles.bar}>
      {!narrow && <div className={styles.start}>{start}</div>}
      <div className={styles.middle} role="toolbar" aria-label={t.controls.label}>
        <Control
          id="microphone"
          label={microphoneOn ? t.controls.mute : t.controls.unmute}
          keyHint={KEYS.microphone}
          icon={microphoneOn ? <Mic size={22} /> : <MicOff size={22} />}
          look={microphoneOn ? 'plain' : 'off'}
          onClick={run.microphone}
        />
        <Control
          id="camera"
          label={cameraOn ? t.controls.cameraOff : t.controls.cameraOn}
          keyHint={KEYS.camera}
          icon={cameraOn ? <Video size={22} /> : <VideoOff size={22} />}
          look={cameraOn ? 'plain' : 'off'}
          onClick={run.camera}
        />
        {canShare && (
          <Control
            id="share"
            label={sharing ? t.controls.stopSharing : t.controls.share}
            keyHint={KEYS.share}
            icon={sharing ? <MonitorX size={22} /> : <MonitorUp size={22} />}
            look={sharing ? 'on' : 'plain'}
            onClick={run.share}
          />
        )}
        {!narrow && (
          <>
            <Control
              id="hand"
              label={props.handUp ? t.controls.lowerHand : t.controls.hand}
              keyHint={KEYS.hand}
              icon={<Hand size={22} />}
              look={props.handUp ? 'on' : 'plain'}
              onClick={run.hand}
            />
            <span data-reactions>
              <Control
                id="react"
                label={t.controls.react}
                keyHint={KEYS.react}
                icon={<Smile size={22} />}
                look={props.reacting ? 'on' : 'plain'}
                expanded={props.reacting}
                onClick={run.react}
              />
            </span>
          </>
        )}
        {narrow && chat}
        <div className={styles.more}>
          <Control
            id="more"
            label={t.controls.more}
            icon={<EllipsisVertical size={22} />}
            look={menuOpen ? 'on' : 'plain'}
            expanded={menuOpen}
            onClick={() => {
              setMenuOpen(!menuOpen);
            }}
          />
          {menuOpen && <Menu label={t.controls.more} items={menu} onClose={closeMenu} />}
        </div>
        <Control
          id="leave"
          label={t.controls.leave}
          icon={<PhoneOff size={22} />}
          look="leave"
          onClick={props.onLeave}
        />
      </div>
      {!narrow && (
        <div className={styles.end}>
          <Control
            id="people"
            label={`${t.controls.people}, ${String(people)}`}
            keyHint={KEYS.people}
            icon={
              <>
                <Users size={22} />
                <span className={styles.count}>{people}</span>
              </>
            }
            look={panel === 'people' ? 'on' : 'plain'}
            expanded={panel === 'people'}
            onClick={run.people}
          />
          {chat}
        </div>
      )}
    </footer>
  );
}
