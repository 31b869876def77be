import { useStore } from '@otter/react';
import type { StreamStats } from '@otter/client';
import { formatBits, formatShare, formatTimeSpan } from '../lib/format.js';
import type { Member } from '../room/call-store.js';
import type { Health, HealthStore, Sample } from '../room/health.js';
import { t } from '../strings.js';
import { Dialog } from '../ui/Dialog.js';
import styles from './DetailsDialog.module.css';
import { Plot } from './Plot.js';

interface DetailsDialogProps {
  readonly people: readonly Member[];
  readonly health: HealthStore;
  readonly onClose: () => void;
}

function pictureText(streams: readonly StreamStats[]): string {
  const video = streams.find(({ kind, width }) => kind === 'video' && width !== null);
  if (video === undefined) {
    return '–';
  }
  const fps = video.fps === null ? '' : ` · ${String(Math.round(video.fps))} fps`;
  return `${String(video.width)}×${String(video.height)}${fps}`;
}

function codecText({ stats }: Health): string {
  const codecs = [...stats.inbound, ...stats.outbound]
    .map(({ codec }) => codec)
    .filter((codec) => codec !== null);
  return codecs.length === 0 ? '–' : [...new Set(codecs)].join(', ');
}

function wayText({ stats }: Health): string {
  const { path } = stats;
  return path === null
    ? '–'
    : `${path.local} → ${path.remote} · ${(path.relayProtocol ?? path.protocol).toUpperCase()}`;
}

function limitText({ stats }: Health): string {
  const limitation = stats.outbound
    .map((stream) => stream.limitation)
    .find((found) => found !== null && found !== 'none');
  return t.details.limits[limitation === 'other' ? 'else' : (limitation ?? 'none')];
}

interface NumberProps {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly write: (value: number) => string;
  readonly least: number;
}

function Plotted({ name, values, write, least }: NumberProps) {
  const last = values.at(-1) ?? null;
  const value = last === null ? '–' : write(last);
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span>{value}</span>
        <Plot label={t.details.plot(name, value)} values={values} least={least} />
      </dd>
    </div>
  );
}

function Person({ person, health }: { readonly person: Member; readonly health: Health }) {
  const { samples, stats } = health;
  const of = (key: 'bitsIn' | 'bitsOut' | 'rtt' | 'loss') =>
    samples.map((sample: Sample) => sample[key]);
  const bits = (value: number): string => formatBits(value, t.language);
  const span = (value: number): string => formatTimeSpan(value, t.language);
  const share = (value: number): string => formatShare(value, t.language);
  return (
    <section className={styles.person} data-testid="details-person">
      <h3>
        {person.name}
        {health.quality !== null && <span>{t.people.quality[health.quality]}</span>}
      </h3>
      <dl className={styles.plots}>
        <Plotted name={t.details.received} values={of('bitsIn')} write={bits} least={100_000} />
        <Plotted name={t.details.sent} values={of('bitsOut')} write={bits} least={100_000} />
        <Plotted name={t.details.rtt} values={of('rtt')} write={span} least={50} />
        <Plotted name={t.details.loss} values={of('loss')} write={share} least={0.05} />
      </dl>
      <dl className={styles.facts}>
        <div>
          <dt>{t.details.way}</dt>
          <dd>{wayText(health)}</dd>
        </div>
        <div>
          <dt>{t.details.jitter}</dt>
          <dd>{stats.jitter === null ? '–' : span(stats.jitter)}</dd>
        </div>
        <div>
          <dt>{t.details.picture}</dt>
          <dd>
            ↓ {pictureText(stats.inbound)}, ↑ {pictureText(stats.outbound)}
          </dd>
        </div>
        <div>
          <dt>{t.details.codecs}</dt>
          <dd>{codecText(health)}</dd>
        </div>
        <div>
          <dt>{t.details.limited}</dt>
          <dd>{limitText(health)}</dd>
        </div>
      </dl>
    </section>
  );
}

/** How every connection is doing, in numbers and plots. */
export function DetailsDialog({ people, health, onClose }: DetailsDialogProps) {
  const all = useStore(health.all);
  return (
    <Dialog title={t.details.title} onClose={onClose}>
      <div className={styles.details} data-testid="details">
        {people.length === 0 && <p>{t.details.nobody}</p>}
        {people.map((person) => {
          const known = all.get(person.id);
          return known === undefined ? (
            <section key={person.key} className={styles.person}>
              <h3>{person.name}</h3>
              <p>{t.details.waiting}</p>
            </section>
          ) : (
            <Person key={person.key} person={person} health={known} />
          );
        })}
      </div>
    </Dialog>
  );
}
