import type { ReactNode } from 'react';
import { useId } from 'react';
import styles from './Segments.module.css';

interface Segment<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly icon: ReactNode;
}

interface SegmentsProps<V extends string> {
  readonly label: string;
  readonly segments: readonly Segment<V>[];
  readonly value: V;
  readonly onSelect: (value: V) => void;
}

/** A few choices side by side: radio buttons in other clothes. */
export function Segments<V extends string>({ label, segments, value, onSelect }: SegmentsProps<V>) {
  const name = useId();
  return (
    <fieldset className={styles.segments}>
      <legend className="unseen">{label}</legend>
      {segments.map((segment) => (
        <label key={segment.value}>
          <input
            type="radio"
            className="unseen"
            name={name}
            checked={segment.value === value}
            onChange={() => {
              onSelect(segment.value);
            }}
          />
          <span>
            {segment.icon}
            {segment.label}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
