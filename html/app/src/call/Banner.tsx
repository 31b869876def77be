import { CircleDot, LoaderCircle, MicOff, MonitorUp, TriangleAlert, VolumeX } from 'lucide-react';
import { t } from '../strings.js';
import { Button } from '../ui/Button.js';
import { classes } from '../ui/classes.js';
import styles from './Banner.module.css';

interface BannerProps {
  readonly reconnecting: boolean;
  readonly silenced: boolean;
  readonly sharing: boolean;
  /** Name of the moderator who asks this side to mute. */
  readonly muteAsked: string | null;
  readonly recording: boolean;
  /** Whom no connection comes about with, null when all is well. */
  readonly unreachable: string | null;
  /** Where the network can be checked. */
  readonly checkLink: string;
  readonly motion: boolean;
  readonly onHear: () => void;
  readonly onStopSharing: () => void;
  readonly onMotion: (motion: boolean) => void;
  readonly onMute: (mute: boolean) => void;
  readonly onStopRecording: () => void;
}

/** What the person should know right now, the most pressing first. */
export function Banner(props: BannerProps) {
  const { reconnecting, silenced, sharing, muteAsked, recording, unreachable } = props;
  if (reconnecting) {
    return (
      <div
        className={classes(styles.banner, styles.over)}
        data-look="warn"
        role="status"
        data-testid="reconnecting"
      >
        <LoaderCircle size={18} className={styles.spinner} aria-hidden="true" />
        <strong>{t.call.reconnecting}</strong>
        <span className={styles.extra}>{t.call.reconnectingText}</span>
      </div>
    );
  }
  if (silenced) {
    return (
      <div className={styles.banner} data-look="warn" role="alert">
        <VolumeX size={18} aria-hidden="true" />
        <span>{t.call.tapToHear}</span>
        <Button size="small" onClick={props.onHear}>
          {t.call.hear}
        </Button>
      </div>
    );
  }
  if (muteAsked !== null) {
    return (
      <div className={styles.banner} data-look="warn" role="alert" data-testid="mute-asked">
        <MicOff size={18} aria-hidden="true" />
        <span>{t.call.muteAsked(muteAsked)}</span>
        <Button
          size="small"
          look="primary"
          data-testid="mute-now"
          onClick={() => {
            props.onMute(true);
          }}
        >
          {t.call.muteNow}
        </Button>
        <Button
          size="small"
          look="quiet"
          onClick={() => {
            props.onMute(false);
          }}
        >
          {t.call.notNow}
        </Button>
      </div>
    );
  }
  if (unreachable !== null) {
    return (
      <div className={styles.banner} data-look="warn" role="alert" data-testid="unreachable">
        <TriangleAlert size={18} aria-hidden="true" />
        <span>{t.call.unreachable(unreachable)}</span>
        <a href={props.checkLink} target="_blank" rel="noopener">
          {t.call.checkNetwork}
        </a>
      </div>
    );
  }
  if (recording) {
    return (
      <div className={styles.banner} data-look="info" role="status" data-testid="recording">
        <CircleDot size={18} aria-hidden="true" className={styles.recording} />
        <strong>{t.call.recording}</strong>
        <span className={styles.extra}>{t.call.recordingHint}</span>
        <Button size="small" onClick={props.onStopRecording}>
          {t.controls.endRecord}
        </Button>
      </div>
    );
  }
  if (sharing) {
    return (
      <div className={styles.banner} data-look="info" role="status">
        <MonitorUp size={18} aria-hidden="true" />
        <span>{t.call.sharing}</span>
        <Button
          size="small"
          look="quiet"
          data-testid="share-hint"
          onClick={() => {
            props.onMotion(!props.motion);
          }}
        >
          {props.motion ? t.call.sharpText : t.call.smoothMotion}
        </Button>
        <Button size="small" onClick={props.onStopSharing}>
          {t.controls.stopSharing}
        </Button>
      </div>
    );
  }
  return null;
}
