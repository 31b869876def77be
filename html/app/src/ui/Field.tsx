import type { InputHTMLAttributes, ReactNode } from 'react';
import { useId } from 'react';
import { classes } from './classes.js';
import styles from './Field.module.css';

interface TextFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly error?: ReactNode;
}

export function TextField({ label, hideLabel = false, error, className, ...rest }: TextFieldProps) {
  const id = useId();
  const wrong = error !== undefined && error !== null;
  return (
    <div className={classes(styles.field, className)}>
      <label htmlFor={id} className={hideLabel ? 'unseen' : styles.label}>
        {label}
      </label>
      <input
        id={id}
        className={styles.input}
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-error` : undefined}
        {...rest}
      />
      {wrong && (
        <p id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

interface SelectFieldProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly options: readonly Option[];
  readonly value: string;
  readonly onSelect: (value: string) => void;
  readonly disabled?: boolean;
}

/** The browser's own picker, which works on every device and with every assistive technology. */
export function SelectField({ label, icon, options, value, onSelect, disabled }: SelectFieldProps) {
  const id = useId();
  return (
    <div className={styles.select}>
      {icon}
      <label htmlFor={id} className="unseen">
        {label}
      </label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        title={label}
        onChange={(event) => {
          onSelect(event.target.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly hint: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function Switch({ label, hint, checked, disabled, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div className={styles.switch}>
      <div>
        <label htmlFor={id}>{label}</label>
        <p id={`${id}-hint`}>{hint}</p>
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-describedby={`${id}-hint`}
        checked={checked}
        disabled={disabled}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
    </div>
  );
}
