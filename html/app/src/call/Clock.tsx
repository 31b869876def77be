import { useEffect, useState } from 'react';
import { formatDuration } from '../lib/format.js';
import { t } from '../strings.js';

/** How long the call has lasted. */
export function Clock({ since }: { readonly since: number }) {
  const [now, setNow] = useState(since);

  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, []);

  return (
    <span role="timer" aria-label={t.call.elapsed} data-testid="clock">
      {formatDuration(now - since)}
    </span>
  );
}
