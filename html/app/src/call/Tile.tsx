import { LoaderCircle, MicOff, MonitorUp, Pin, PinOff, TriangleAlert } from 'lucide-react';
import type { CSSProperties } from 'react';
import type { Box } from '../lib/grid.js';
import { hueOf } from '../lib/hue.js';
import type { Trouble } from '../room/people.js';
import { t } from '../strings.js';
import { Avatar } from '../ui/Avatar.js';
import { classes } from '../ui/classes.js';
import { Video } from '../ui/Video.js';
import styles from './Tile.module.css';

/** What one tile shows: a person's camera, or a screen that someone shares. */
export interface TileContent {
  readonly key: string;
  readonly kind: 'person' | 'screen';
  readonly self: boolean;
  readonly identity: string;
  readonly name: string;
  /** The name as shown: "Ada (you)", "Ada's screen". */
  readonly label: string;
  readonly stream: MediaStream | null;
  readonly muted: boolean;
  readonly speaking: boolean;
  readonly trouble: Trouble | null;
}

interface TileProps {
  readonly content: TileContent;
  readonly box: Box;
  readonly pinned: boolean;
  /** Absent where there is nothing to choose between. */
  readonly onPin?: (() => void) | undefined;
}

function place(box: Box): CSSProperties {
  return {
    width: box.width,
    height: box.height,
    transform: `translate(${String(box.x)}px, ${String(box.y)}px)`,
  };
}

export function Tile({ content, box, pinned, onPin }: TileProps) {
  const { kind, self, stream, muted, speaking, trouble, name, label } = content;
  const screen = kind === 'screen';
  const described = [
    label,
    muted ? t.call.muted : null,
    trouble === null ? null : t.call.troubles[trouble],
  ];
  return (
    <li
      className={classes(styles.tile, speaking && styles.speaking, screen && styles.screen)}
      style={place(box)}
      data-hue={hueOf(content.identity)}
      data-testid={self ? 'self-tile' : 'tile'}
      data-kind={kind}
      data-name={name}
      data-state={trouble ?? 'connected'}
      data-speaking={speaking}
      aria-label={described.filter((part) => part !== null).join(', ')}
    >
      <div className={styles.frame}>
        {stream === null ? (
          <Avatar identity={content.identity} name={name} size="tile" />
        ) : (
          <Video stream={stream} mirrored={self && !screen} whole={screen} />
        )}
        {trouble !== null && trouble !== 'unstable' && (
          <div className={styles.veil} aria-hidden="true">
            <LoaderCircle size={28} className={styles.spinner} />
            <span>{t.call.troubles[trouble]}</span>
          </div>
        )}
        <div className={styles.foot} aria-hidden="true">
          <span className={styles.name}>
            {screen && <MonitorUp size={15} />}
            {muted && !screen && <MicOff size={15} className={styles.muted} />}
            <span>{label}</span>
          </span>
          {trouble === 'unstable' && (
            <span className={styles.unstable}>
              <TriangleAlert size={14} />
              <span>{t.call.troubles.unstable}</span>
            </span>
          )}
        </div>
      </div>
      {onPin !== undefined && (
        <button
          type="button"
          className={styles.pin}
          aria-label={pinned ? t.call.unpin : t.call.pin(label)}
          aria-pressed={pinned}
          title={pinned ? t.call.unpin : t.call.pin(label)}
          onClick={onPin}
        >
          {pinned ? <PinOff size={18} /> : <Pin size={18} />}
        </button>
      )}
    </li>
  );
}
