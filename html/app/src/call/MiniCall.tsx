import { Mic, MicOff, PhoneOff, Video as VideoIcon, VideoOff } from 'lucide-react';
import { createPortal } from 'react-dom';
import { hueOf } from '../lib/hue.js';
import { t } from '../strings.js';
import { Avatar } from '../ui/Avatar.js';
import { classes } from '../ui/classes.js';
import { Video } from '../ui/Video.js';
import styles from './MiniCall.module.css';
import type { TileContent } from './Tile.js';

interface MiniCallProps {
  readonly window: Window;
  /** The picture to show, and the rest beside it as far as there is room. */
  readonly tile: TileContent;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  readonly onMicrophone: () => void;
  readonly onCamera: () => void;
  readonly onLeave: () => void;
}

/** The call in a window of its own that stays above all others. */
export function MiniCall(props: MiniCallProps) {
  const { window: target, tile, microphoneOn, cameraOn } = props;
  return createPortal(
    <main className={styles.mini} data-hue={hueOf(tile.identity)} data-testid="mini-call">
      {tile.stream === null ? (
        <Avatar identity={tile.identity} name={tile.name} size="tile" />
      ) : (
        <Video
          stream={tile.stream}
          mirrored={tile.self && tile.kind === 'person'}
          whole={tile.kind === 'screen'}
          label={tile.label}
        />
      )}
      <p className={styles.name}>{tile.label}</p>
      <div className={styles.buttons}>
        <button
          type="button"
          className={classes(!microphoneOn && styles.off)}
          aria-label={microphoneOn ? t.controls.mute : t.controls.unmute}
          onClick={props.onMicrophone}
        >
          {microphoneOn ? <Mic size={18} /> : <MicOff size={18} />}
        </button>
        <button
          type="button"
          className={classes(!cameraOn && styles.off)}
          aria-label={cameraOn ? t.controls.cameraOff : t.controls.cameraOn}
          onClick={props.onCamera}
        >
          {cameraOn ? <VideoIcon size={18} /> : <VideoOff size={18} />}
        </button>
        <button
          type="button"
          className={styles.off}
          aria-label={t.controls.leave}
          onClick={props.onLeave}
        >
          <PhoneOff size={18} />
        </button>
      </div>
    </main>,
    target.document.body,
  );
}
