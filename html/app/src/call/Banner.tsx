import { LoaderCircle, MonitorUp, VolumeX } from 'lucide-react';
import { t } from '../strings.js';
import { Button } from '../ui/Button.js';
import { classes } from '../ui/classes.js';
import styles from './Banner.module.css';

interface BannerProps {
  readonly reconnecting: boolean;
  readonly silenced: boolean;
  readonly sharing: boolean;
  readonly onHear: () => void;
  readonly onStopSharing: () => void;
}

/** What the person should know right now, the most pressing first. */
export function Banner({ reconnecting, silenced, sharing, onHear, onStopSharing }: BannerProps) {
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
        <Button size="small" onClick={onHear}>
          {t.call.hear}
        </Button>
      </div>
    );
  }
  if (sharing) {
    return (
      <div className={styles.banner} data-look="info" role="status">
        <MonitorUp size={18} aria-hidden="true" />
        <span>{t.call.sharing}</span>
        <Button size="small" onClick={onStopSharing}>
          {t.controls.stopSharing}
        </Button>
      </div>
    );
  }
  return null;
}
