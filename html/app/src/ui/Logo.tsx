import { siteLogo } from '../lib/site.js';
import { t } from '../strings.js';
import styles from './Logo.module.css';

interface MarkProps {
  readonly size: number;
}

/** The otter. */
export function Mark({ size }: MarkProps) {
  const logo = siteLogo();
  if (logo !== null) {
    return <img className={styles.site} src={logo} height={size} alt="" data-testid="logo" />;
  }
  return (
    <svg className={styles.mark} width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <path
        className={styles.ears}
        d="M10 22c-3.6-1.4-7 .4-7.3 3.6-.3 3.1 2.4 5.6 6 5.6zM54 22c3.6-1.4 7 .4 7.3 3.6.3 3.1-2.4 5.6-6 5.6z"
      />
      <path
        className={styles.fur}
        d="M32 9C17 9 7.5 17 7.5 30.5 7.5 45 17.5 55 32 55s24.5-10 24.5-24.5C56.5 17 47 9 32 9z"
      />
      <path
        className={styles.light}
        d="M32 53.6c9.8 0 17.2-5 20.8-12.6-2.6-5.8-8.6-9.2-14.3-9.2-2.6 0-5 .6-6.5 1.8-1.5-1.2-3.9-1.8-6.5-1.8-5.7 0-11.7 3.4-14.3 9.2C14.8 48.6 22.2 53.6 32 53.6z"
      />
      <circle className={styles.light} cx="20.5" cy="25.5" r="3.1" />
      <circle className={styles.light} cx="43.5" cy="25.5" r="3.1" />
      <path
        className={styles.nose}
        d="M25.8 31.7c0-2.1 2.8-3.3 6.2-3.3s6.2 1.2 6.2 3.3c0 2.3-3.2 5.6-6.2 5.6s-6.2-3.3-6.2-5.6z"
      />
      <path
        className={styles.mouth}
        d="M32 37.3v3.5c0 2.2-2.1 3.6-4.5 3.6M32 40.8c0 2.2 2.1 3.6 4.5 3.6"
      />
    </svg>
  );
}

/** The otter and its name. */
export function Wordmark() {
  return (
    <span className={styles.wordmark}>
      <Mark size={36} />
      {siteLogo() === null && <span>{t.brand}</span>}
    </span>
  );
}
