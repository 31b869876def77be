import { hueOf } from '../lib/hue.js';
import { UserRound } from 'lucide-react';
import { initials } from '../lib/format.js';
import styles from './Avatar.module.css';
import { classes } from './classes.js';

interface AvatarProps {
  readonly identity: string;
  readonly name: string;
  readonly size?: 'small' | 'tile';
}

export function Avatar({ identity, name, size = 'small' }: AvatarProps) {
  return (
    <span
      className={classes(styles.avatar, styles[size])}
      data-hue={hueOf(identity)}
      aria-hidden="true"
    >
      {name === '' ? <UserRound /> : initials(name)}
    </span>
  );
}
