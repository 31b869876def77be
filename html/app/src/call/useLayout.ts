import { useCallback, useState } from 'react';
import { remembered } from '../lib/storage.js';

export type Layout = 'grid' | 'speaker';

/** How the tiles lie; remembered. */
export function useLayout(): [Layout, () => Layout] {
  const [layout, setLayout] = useState<Layout>(
    remembered.get('layout') === 'speaker' ? 'speaker' : 'grid',
  );
  const toggle = useCallback(() => {
    const next = layout === 'grid' ? 'speaker' : 'grid';
    remembered.set('layout', next);
    setLayout(next);
    return next;
  }, [layout]);
  return [layout, toggle];
}
