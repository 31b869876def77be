import styles from './Plot.module.css';

interface PlotProps {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** At least so much fits, so that a little noise does not look like a mountain. */
  readonly least: number;
}

const WIDTH = 120;
const HEIGHT = 28;

/** The line through the values, with gaps where there are none. */
export function linePath(
  values: readonly (number | null)[],
  most: number,
  width: number,
  height: number,
): string {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let pen = 'M';
  return values
    .map((value, index) => {
      if (value === null) {
        pen = 'M';
        return '';
      }
      const y = height - (Math.min(value, most) / most) * height;
      const point = `${pen}${(index * step).toFixed(1)} ${y.toFixed(1)}`;
      pen = 'L';
      return point;
    })
    .join('');
}

/** A small plot; what it shows is said in its name. */
export function Plot({ label, values, least }: PlotProps) {
  const most = values.reduce<number>((top, value) => Math.max(top, value ?? 0), least);
  return (
    <svg
      className={styles.plot}
      viewBox={`0 -1 ${WIDTH} ${HEIGHT + 2}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      data-testid="plot"
    >
      <path d={linePath(values, most, WIDTH, HEIGHT)} />
    </svg>
  );
}
