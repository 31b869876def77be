import { useEffect, useRef } from 'react';
import { classes } from './classes.js';
import styles from './Video.module.css';

interface VideoProps {
  readonly stream: MediaStream;
  readonly mirrored?: boolean;
  /** Shows the whole picture instead of filling the frame. */
  readonly whole?: boolean;
  readonly label?: string;
}

/** A picture without sound: sound has its own elements, which no change of layout interrupts. */
export function Video({ stream, mirrored = false, whole = false, label }: VideoProps) {
  const ref = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    const video = ref.current;
    if (video !== null) {
      video.srcObject = stream;
    }
    return () => {
      if (video !== null) {
        video.srcObject = null;
      }
    };
  }, [stream]);

  return (
    <video
      ref={ref}
      className={classes(styles.video, mirrored && styles.mirrored, whole && styles.whole)}
      aria-label={label}
      aria-hidden={label === undefined}
      autoPlay
      playsInline
      muted
      disablePictureInPicture={mirrored}
    />
  );
}
