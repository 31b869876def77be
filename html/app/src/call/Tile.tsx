import type { Trouble } from '@otter/react';
import type { PeerQuality } from '@otter/client';
import {
  Cloud,
  Hand,
  LoaderCircle,
  MicOff,
  MonitorUp,
  Pin,
  PinOff,
  TriangleAlert,
} from 'lucide-react';
import type { CSSProperties } from 'react';
import type { Box } from '../lib/grid.js';
import { hueOf } from '../lib/hue.js';
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
  readonly handUp: boolean;
  /** What the person has just reacted with. */
  readonly reaction: { readonly id: number; readonly emoji: string } | null;
  /** How the connection to the person is, null for this side and while unknown. */
  readonly link: Link | null;
}

interface Link {
  readonly quality: PeerQuality;
  readonly relayed: boolean;
  readonly protocol: string | null;
}

interface TileProps {
  readonly content: TileContent;
  readonly box: Box;
  readonly pinned: boolean;
  readonly large: boolean;
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

const BARS = { poor: 1, fair: 2, good: 3 } as const;

/** How good the connection is, and which way it goes: for the eyes; the name of the tile says it too. */
function LinkBadge({ link }: { readonly link: Link }) {
  const bars = BARS[link.quality];
  const way = link.relayed ? t.people.relayed : t.people.direct;
  const protocol = link.protocol === null ? '' : ` · ${link.protocol.toUpperCase()}`;
  return (
    <span
      className={styles.link}
      title={`${t.people.quality[link.quality]} · ${way}${protocol}`}
      data-quality={link.quality}
      data-relayed={link.relayed}
      data-protocol={link.protocol}
      data-testid="link-badge"
    >
      <svg width="16" height="14" viewBox="0 0 16 14">
        {[1, 2, 3].map((bar) => (
          <rect
            key={bar}
            x={(bar - 1) * 6}
            y={12 - bar * 4}
            width="4"
            height={bar * 4 + 2}
            rx="1"
            opacity={bar <= bars ? 1 : 0.35}
          />
        ))}
      </svg>
      {link.relayed && <Cloud size={14} />}
    </span>
  );
}

export function Tile({ content, box, pinned, large, onPin }: TileProps) {
  const { kind, self, stream, muted, speaking, trouble, name, label, handUp, reaction, link } =
    content;
  const screen = kind === 'screen';
  const described = [
    label,
    muted ? t.call.muted : null,
    trouble === null ? null : t.call.troubles[trouble],
    handUp ? t.call.handUp : null,
    link === null ? null : t.people.quality[link.quality],
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
      data-large={large}
      data-hand={handUp}
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
        {(handUp || link !== null) && (
          <div className={styles.head} aria-hidden="true">
            {handUp && (
              <span className={styles.hand} data-testid="hand">
                <Hand size={16} />
              </span>
            )}
            {link !== null && <LinkBadge link={link} />}
          </div>
        )}
        {reaction !== null && (
          <span
            key={reaction.id}
            className={styles.reaction}
            aria-hidden="true"
            data-testid="reaction"
          >
            {reaction.emoji}
          </span>
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
