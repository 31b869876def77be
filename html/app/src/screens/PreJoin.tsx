import {
  type LocalMedia,
  type MediaProblem,
  type Source,
  useStore,
  useStreamOf,
} from '@otter/react';
import {
  ArrowLeft,
  LoaderCircle,
  Mic,
  MicOff,
  Settings,
  Video as VideoIcon,
  VideoOff,
} from 'lucide-react';
import type { SyntheticEvent } from 'react';
import { useEffect, useState } from 'react';
import { SettingsDialog } from '../call/SettingsDialog.js';
import { loadCall } from '../flow/load-call.js';
import type { Invite } from '../flow/machine.js';
import { remembered } from '../lib/storage.js';
import { readClaims } from '../lib/token.js';
import { useDelayed } from '../lib/useDelayed.js';
import { CAN_HOVER, useMedia } from '../lib/useMedia.js';
import { t } from '../strings.js';
import { Avatar } from '../ui/Avatar.js';
import { Button, IconButton } from '../ui/Button.js';
import { classes } from '../ui/classes.js';
import { DevicePickers } from '../ui/DevicePickers.js';
import { TextField } from '../ui/Field.js';
import { Frame } from '../ui/Frame.js';
import { Meter } from '../ui/Meter.js';
import { Video } from '../ui/Video.js';
import styles from './PreJoin.module.css';

interface PreviewProps {
  readonly media: LocalMedia;
  readonly name: string;
}

function cameraText(camera: Source): string | null {
  if (camera.asking) {
    return t.prejoin.cameraStarting;
  }
  return camera.on ? null : t.prejoin.cameraOff;
}

function Preview({ media, name }: PreviewProps) {
  const { microphone, camera } = useStore(media.state);
  const stream = useStreamOf(camera.track);
  const microphoneOn = microphone.on && microphone.problem === null;
  const cameraOn = camera.on && camera.problem === null;
  return (
    <div className={styles.preview} data-hue="0" data-testid="preview">
      {stream === null ? (
        <div className={styles.instead}>
          <Avatar identity={name} name={name} size="tile" />
          <p>{cameraText(camera)}</p>
        </div>
      ) : (
        <Video stream={stream} mirrored label={t.prejoin.preview} />
      )}
      <div className={styles.toggles}>
        <button
          type="button"
          className={classes(styles.toggle, !microphoneOn && styles.off)}
          aria-label={microphoneOn ? t.controls.mute : t.controls.unmute}
          title={microphoneOn ? t.controls.mute : t.controls.unmute}
          data-testid="prejoin-microphone"
          onClick={() => {
            void media.toggle('microphone', !microphoneOn);
          }}
        >
          {microphoneOn ? <Mic size={22} /> : <MicOff size={22} />}
        </button>
        <button
          type="button"
          className={classes(styles.toggle, !cameraOn && styles.off)}
          aria-label={cameraOn ? t.controls.cameraOff : t.controls.cameraOn}
          title={cameraOn ? t.controls.cameraOff : t.controls.cameraOn}
          data-testid="prejoin-camera"
          onClick={() => {
            void media.toggle('camera', !cameraOn);
          }}
        >
          {cameraOn ? <VideoIcon size={22} /> : <VideoOff size={22} />}
        </button>
      </div>
    </div>
  );
}

/** Where the answer is known already, the question takes less than this, and is not mentioned. */
const ASKING_MS = 600;

function problemTexts(
  microphone: MediaProblem | null,
  camera: MediaProblem | null,
): readonly string[] {
  if (microphone !== null && microphone === camera) {
    return [t.devices.bothProblems[microphone]];
  }
  return [
    microphone === null ? null : t.devices.microphoneProblems[microphone],
    camera === null ? null : t.devices.cameraProblems[camera],
  ].filter((text) => text !== null);
}

function Problems({ media }: { readonly media: LocalMedia }) {
  const { microphone, camera } = useStore(media.state);
  const problems = problemTexts(microphone.problem, camera.problem);
  const asking = useDelayed(microphone.asking && camera.asking, ASKING_MS);
  if (problems.length === 0 && !asking) {
    return null;
  }
  if (problems.length === 0) {
    return (
      <div className={styles.asking} role="status">
        <strong>{t.prejoin.askTitle}</strong>
        <p>{t.prejoin.askText}</p>
      </div>
    );
  }
  return (
    <div className={styles.problems} role="alert" data-testid="media-problem">
      {problems.map((problem) => (
        <p key={problem}>{problem}</p>
      ))}
      <Button
        size="small"
        onClick={() => {
          void media.retry();
        }}
      >
        {t.tryAgain}
      </Button>
    </div>
  );
}

function Level({ media }: { readonly media: LocalMedia }) {
  const { microphone } = useStore(media.state);
  return (
    <div className={styles.level}>
      {microphone.on && microphone.track !== null ? (
        <>
          <Mic size={16} aria-hidden="true" />
          <Meter track={microphone.track} />
        </>
      ) : (
        <>
          <MicOff size={16} aria-hidden="true" />
          <span>{t.prejoin.microphoneOff}</span>
        </>
      )}
    </div>
  );
}

/** The page itself comes first. */
const PREFETCH_MS = 1000;

interface PreJoinProps {
  readonly invite: Invite;
  readonly media: LocalMedia;
  readonly joining: boolean;
  /** A moderator has to let this side in. */
  readonly waiting: boolean;
  readonly onJoin: (name: string) => void;
  readonly onBack: () => void;
}

export function PreJoin({ invite, media, joining, waiting, onJoin, onBack }: PreJoinProps) {
  const given = invite.token === null ? null : readClaims(invite.token).name;
  const [typed, setTyped] = useState(remembered.get('name') ?? '');
  const [missing, setMissing] = useState(false);
  const hover = useMedia(CAN_HOVER);
  const [settings, setSettings] = useState(false);
  const { microphone, camera } = useStore(media.state);
  const name = given ?? typed.trim();
  const silent = microphone.problem !== null && camera.problem !== null;

  useEffect(() => {
    void media.open();
  }, [media]);

  // While the person gets ready, so that nothing is left to fetch when they join.
  useEffect(() => {
    const timer = setTimeout(() => {
      loadCall().catch(() => undefined);
    }, PREFETCH_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (name === '') {
      setMissing(true);
      return;
    }
    onJoin(given === null ? name : '');
  };

  return (
    <Frame>
      <main className={styles.prejoin} data-testid="prejoin">
        <div className={styles.left}>
          <Preview media={media} name={name} />
          <Level media={media} />
        </div>
        <form className={styles.right} onSubmit={submit} noValidate>
          <header>
            <h1>{t.prejoin.title}</h1>
            <p className={styles.room} title={invite.room}>
              {invite.room}
            </p>
          </header>
          {given === null ? (
            <TextField
              label={t.prejoin.name}
              placeholder={t.prejoin.namePlaceholder}
              value={typed}
              maxLength={64}
              autoComplete="name"
              autoFocus={typed === '' && hover}
              error={missing && name === '' ? t.prejoin.nameNeeded : null}
              data-testid="name"
              onChange={(event) => {
                setTyped(event.target.value);
              }}
            />
          ) : (
            <p className={styles.given}>
              <Avatar identity={given} name={given} />
              <span>
                {t.prejoin.joiningAs} <strong>{given}</strong>
              </span>
            </p>
          )}
          <Problems media={media} />
          <DevicePickers media={media} />
          <Button
            type="submit"
            look="primary"
            size="large"
            wide
            disabled={joining}
            data-testid="join-call"
          >
            {joining && <LoaderCircle size={20} className={styles.spinner} />}
            {waiting
              ? t.prejoin.waiting
              : joining
                ? t.prejoin.joining
                : silent
                  ? t.prejoin.joinListening
                  : t.prejoin.join}
          </Button>
          {waiting && (
            <p role="status" data-testid="waiting">
              {t.prejoin.waitingText}
            </p>
          )}
          <div className={styles.foot}>
            <Button look="quiet" size="small" onClick={onBack}>
              <ArrowLeft size={16} className="forward" />
              {joining ? t.cancel : t.prejoin.back}
            </Button>
            <IconButton
              label={t.controls.settings}
              onClick={() => {
                setSettings(true);
              }}
            >
              <Settings size={20} />
            </IconButton>
          </div>
        </form>
      </main>
      {settings && (
        <SettingsDialog
          media={media}
          onClose={() => {
            setSettings(false);
          }}
        />
      )}
    </Frame>
  );
}
