import type { ReactNode } from 'react';
import { useRef } from 'react';
import { gridLayout, stageLayout } from '../lib/grid.js';
import { useSize } from '../lib/useSize.js';
import { t } from '../strings.js';
import styles from './Stage.module.css';
import { Tile, type TileContent } from './Tile.js';

interface StageProps {
  readonly tiles: readonly TileContent[];
  /** Key of the tile to show large, null for a grid of equals. */
  readonly large: string | null;
  readonly pinned: string | null;
  readonly onPin: (key: string | null) => void;
  /** Stands in for the others until one is there. */
  readonly invitation: ReactNode;
}

const GAP = 10;

export function Stage({ tiles, large, pinned, onPin, invitation }: StageProps) {
  const ref = useRef<HTMLDivElement>(null);
  const size = useSize(ref);
  const inviting = invitation !== null;
  const front = tiles.filter((tile) => tile.key === large);
  const rest = tiles.filter((tile) => tile.key !== large);
  const count = rest.length + (inviting ? 1 : 0);

  const layout =
    front.length === 0
      ? { stage: null, strip: gridLayout(count, size, GAP) }
      : stageLayout(count, size, GAP);
  const boxes = [...layout.strip];
  const inviteBox = inviting ? boxes.shift() : undefined;
  const boxOf = new Map(rest.map((tile, index) => [tile.key, boxes[index]]));

  return (
    <div className={styles.stage} ref={ref}>
      {inviteBox !== undefined && (
        <div
          className={styles.invitation}
          style={{
            width: inviteBox.width,
            height: inviteBox.height,
            transform: `translate(${String(inviteBox.x)}px, ${String(inviteBox.y)}px)`,
          }}
        >
          {invitation}
        </div>
      )}
      <ul aria-label={t.call.tiles} data-testid="tiles">
        {tiles.map((tile) => {
          const box = tile.key === large ? layout.stage : boxOf.get(tile.key);
          return box === undefined || box === null ? null : (
            <Tile
              key={tile.key}
              content={tile}
              box={box}
              pinned={tile.key === pinned}
              large={tile.key === large}
              onPin={
                tiles.length < 2
                  ? undefined
                  : () => {
                      onPin(tile.key === pinned ? null : tile.key);
                    }
              }
            />
          );
        })}
      </ul>
    </div>
  );
}
