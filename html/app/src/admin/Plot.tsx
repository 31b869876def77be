import type { Point } from './history.js';
import styles from './Admin.module.css';
import { words } from './words.js';

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

interface PlotProps {
  readonly title: string;
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
}

const WIDTH = 300;
const HEIGHT = 90;

/** Where the points lie in the picture; time goes from the first look to the last. */
function line(points: readonly Point[], from: number, to: number, most: number): string {
  const span = Math.max(1, to - from);
  return points
    .map(({ at, value }) => {
      const x = ((at - from) / span) * WIDTH;
      const y = HEIGHT - 2 - (value / most) * (HEIGHT - 6);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}

/** Lines over time, and in words what they show. */
export function Plot({ title, series, format }: PlotProps) {
  const all = series.flatMap(({ points }) => points);
  const from = Math.min(...all.map(({ at }) => at));
  const to = Math.max(...all.map(({ at }) => at));
  const highest = Math.max(0, ...all.map(({ value }) => value));
  const texts = series.map(({ name, points }) => {
    const value = format(points.at(-1)?.value ?? 0);
    const most = format(Math.max(0, ...points.map((point) => point.value)));
    return `${name === '' ? '' : `${name}: `}${words.latest(value, most)}`;
  });
  return (
    <figure className={styles.plot}>
      <figcaption>
        <b>{title}</b>
        {series.map(({ name, points }, index) => (
          <span key={name} className={styles.legend} data-series={index}>
            {format(points.at(-1)?.value ?? 0)} {name}
          </span>
        ))}
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${texts.join('; ')}`}
      >
        {series.map(({ name, points }, index) => (
          <polyline
            key={name}
            data-series={index}
            points={line(points, from, to, Math.max(highest, 1e-9))}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
    </figure>
  );
}
