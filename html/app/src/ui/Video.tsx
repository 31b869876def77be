import { VideoView } from '@otter/react';
import { classes } from './classes.js';
import styles from './Video.module.css';

interface VideoProps {
  readonly stream: MediaStream;
  readonly mirrored?: boolean;
  /** Shows the whole picture instead of filling the frame. */
  readonly whole?: boolean;
  readonly label?: string;
}

/** A picture, without sound. */
export function Video({ stream, mirrored = false, whole = false, label }: VideoProps) {
  return (
    <VideoView
      stream={stream}
      mirrored={mirrored}
      label={label}
      className={classes(styles.video, mirrored && styles.mirrored, whole && styles.whole)}
    />
  );
}
