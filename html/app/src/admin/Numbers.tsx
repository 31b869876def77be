import type { Metrics } from './api.js';
import styles from './Admin.module.css';
import { gauge, rate, type Sample, valueOf } from './history.js';
import { Plot } from './Plot.js';
import { words } from './words.js';

const UNITS = ['', 'k', 'M', 'G', 'T'] as const;

/** 1234567 is "1.23 M". */
export function brief(value: number): string {
  let rest = value;
  let unit = 0;
  while (rest >= 1000 && unit < UNITS.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  const digits = rest === 0 || rest >= 100 || (unit === 0 && Number.isInteger(rest)) ? 0 : 2;
  return `${rest.toFixed(digits)} ${UNITS[unit] ?? ''}`.trim();
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className={styles.figure}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Turn({ metrics }: { readonly metrics: Metrics }) {
  const servers = metrics.turn_server_up;
  const list = typeof servers === 'object' ? Object.entries(servers) : [];
  return (
    <section className={styles.card} aria-labelledby="admin-turn">
      <h2 id="admin-turn">{words.turn}</h2>
      {list.length === 0 ? (
        <p>{words.noTurn}</p>
      ) : (
        <ul>
          {list.map(([uri, up]) => (
            <li key={uri} data-testid="admin-turn">
              <code>{uri}</code>{' '}
              <span className={styles.state} data-status={up === 1 ? 'open' : 'failing'}>
                {up === 1 ? words.up : words.failing}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p>
        {words.relayed}: {brief(valueOf(metrics, 'turn_relayed_bytes'))} bytes
      </p>
      {metrics.redis_up !== undefined && (
        <p>
          {words.redis}: {metrics.redis_up === 1 ? words.redisUp : words.redisDown}
        </p>
      )}
    </section>
  );
}

/** The numbers of this moment, and how they have been since the page was opened. */
export function Numbers({ history }: { readonly history: readonly Sample[] }) {
  const metrics = history.at(-1)?.metrics;
  if (metrics === undefined) {
    return null;
  }
  const size = valueOf(metrics, 'zone_size_bytes');
  const free = size === 0 ? 0 : (100 * valueOf(metrics, 'zone_free_bytes')) / size;
  const away = valueOf(metrics, 'sessions_away');
  const peers = brief(valueOf(metrics, 'sessions'));
  const bits = (name: string) =>
    rate(history, name).map(({ at, value }) => ({ at, value: 8 * value }));
  return (
    <>
      <dl className={styles.figures}>
        <Figure label={words.rooms} value={brief(valueOf(metrics, 'rooms'))} />
        <Figure
          label={words.peers}
          value={away === 0 ? peers : `${peers} (${brief(away)} ${words.away})`}
        />
        <Figure label={words.sockets} value={brief(valueOf(metrics, 'sockets'))} />
        <Figure label={words.workers} value={brief(valueOf(metrics, 'workers'))} />
        <Figure label={words.memory} value={`${free.toFixed(0)} %`} />
      </dl>
      <div className={styles.plots}>
        <Plot
          title={words.people}
          format={brief}
          series={[{ name: '', points: gauge(history, 'sessions') }]}
        />
        <Plot
          title={words.messages}
          format={brief}
          series={[
            { name: words.received, points: rate(history, 'messages_received') },
            { name: words.sent, points: rate(history, 'messages_sent') },
          ]}
        />
        <Plot
          title={words.traffic}
          format={brief}
          series={[
            { name: words.received, points: bits('received_bytes') },
            { name: words.sent, points: bits('sent_bytes') },
          ]}
        />
        <Plot
          title={words.joins}
          format={brief}
          series={[{ name: '', points: rate(history, 'joins') }]}
        />
        <Plot
          title={words.refusals}
          format={brief}
          series={[{ name: '', points: rate(history, 'refusals') }]}
        />
        <Turn metrics={metrics} />
      </div>
    </>
  );
}
