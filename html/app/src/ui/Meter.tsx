import { createLevelMeter, meterFill } from '@otter/react';
import { useEffect, useRef } from 'react';
import { t } from '../strings.js';
import styles from './Meter.module.css';

interface MeterProps {
  readonly track: MediaStreamTrack;
}

const EVERY_MS = 60;
/** How much of the last reading stays: bars that jump are hard to read. */
const INERTIA = 0.6;

/** Shows how loud a microphone is. Draws past React: it changes many times a second. */
export function Meter({ track }: MeterProps) {
  const ref = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const meter = createLevelMeter(track);
    let shown = 0;
    const timer = setInterval(() => {
      const now = meterFill(meter.read());
      shown = Math.max(now, shown * INERTIA);
      const element = ref.current;
      element?.style.setProperty('--level', shown.toFixed(3));
      element?.setAttribute('aria-valuenow', String(Math.round(shown * 100)));
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      meter.stop();
    };
  }, [track]);

  return (
    <div
      ref={ref}
      className={styles.meter}
      role="meter"
      aria-label={t.prejoin.level}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
      data-testid="level"
    />
  );
}
