import { Mic, MicOff } from 'lucide-react';
import { classes } from '../ui/classes.js';
import { Mark } from '../ui/Logo.js';
import styles from './Illustration.module.css';

const TILES = [
  { hue: 0, name: 'Ottavia', look: styles.first, muted: false },
  { hue: 1, name: 'Bo', look: styles.second, muted: true },
  { hue: 2, name: 'Finn', look: styles.third, muted: false },
  { hue: 3, name: 'River', look: styles.fourth, muted: false },
] as const;

/** Four otters, each connected to each: what a call is here. */
export function Illustration() {
  return (
    <div className={styles.picture} aria-hidden="true">
      <svg className={styles.mesh} viewBox="0 0 100 100" preserveAspectRatio="none">
        <path d="M26 27 74 31M26 27 27 74M26 27 75 72M74 31 27 74M74 31 75 72M27 74 75 72" />
      </svg>
      {TILES.map((tile) => (
        <div key={tile.name} className={classes(styles.tile, tile.look)} data-hue={tile.hue}>
          <div className={styles.otter}>
            <Mark size={96} />
            <div className={styles.body} />
          </div>
          <span className={styles.name}>
            {tile.muted ? <MicOff size={13} /> : <Mic size={13} />}
            {tile.name}
          </span>
        </div>
      ))}
    </div>
  );
}
