import styles from './Drifting.module.css';

/** An otter that drifts on its back, as otters do when there is nothing left to do. */
export function Drifting() {
  return (
    <svg className={styles.picture} viewBox="0 0 240 110" aria-hidden="true">
      <g className={styles.otter}>
        <path className={styles.tail} d="M176 66c16 2 30-2 40-12 3-3 7 1 5 5-8 14-26 22-46 20z" />
        <path
          className={styles.fur}
          d="M66 62c0-8 12-14 50-14 40 0 66 8 66 18 0 11-26 18-62 18S66 76 66 62z"
        />
        <path
          className={styles.belly}
          d="M88 55c10-3 22-4 34-4 28 0 44 5 44 10s-18 9-44 9c-18 0-32-3-37-7-3-3-2-6 3-8z"
        />
        <path
          className={styles.fur}
          d="M164 52c4-8 10-12 15-10 5 3 3 11-4 16zM178 56c6-6 13-8 16-4 3 4-1 10-10 13z"
        />
        <circle className={styles.ear} cx="42" cy="38" r="5" />
        <circle className={styles.ear} cx="67" cy="33" r="5" />
        <ellipse className={styles.fur} cx="56" cy="53" rx="24" ry="21" />
        <path
          className={styles.belly}
          d="M40 60c2-8 9-9 15-8 6-2 14-1 17 6 2 8-6 14-15 15-9 0-18-5-17-13z"
        />
        <path className={styles.line} d="M43 47c2 2 5 2 7 0M60 44c2 2 5 2 7 0" />
        <path className={styles.nose} d="M50 54c0-2 3-4 6-4s6 1 6 3-3 5-6 5-6-2-6-4z" />
        <path className={styles.line} d="M56 58v3c0 2-2 3-4 3M56 61c0 2 3 3 5 2" />
        <path className={styles.arm} d="M96 62c6 4 14 4 18-2M112 50c6 3 9 8 6 12" />
      </g>
      <path
        className={styles.wave}
        d="M4 84c12-7 22-7 34 0s22 7 34 0 22-7 34 0 22 7 34 0 22-7 34 0 22 7 34 0 18-6 28-2"
      />
      <path
        className={styles.ripple}
        d="M52 99c9-5 17-5 26 0s17 5 26 0 17-5 26 0 17 5 26 0 17-5 26 0"
      />
    </svg>
  );
}
