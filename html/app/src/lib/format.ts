const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in decimal units, as file managers show them: 0 B, 999 B, 1.5 kB, 52 MB. */
export function formatBytes(bytes: number, locale = 'en'): string {
  let value = bytes;
  let unit = 0;
  while (unit < UNITS.length - 1 && Math.round(value) >= 1000) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  const number = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  });
  return `${number.format(value)} ${UNITS[unit] ?? 'B'}`;
}

/** Whole percent of a part; a finished or empty whole is 100. */
export function percent(part: number, whole: number): number {
  if (whole <= 0) {
    return 100;
  }
  return Math.max(0, Math.min(100, Math.floor((part / whole) * 100)));
}

/** Length of a call: 0:07, 12:30, 1:02:03. */
export function formatDuration(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, '0');
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`
    : `${minutes}:${seconds}`;
}

/** Time of day in the reader's own way. */
export function formatTime(at: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(at);
}

function firstLetter(word: string): string {
  return String.fromCodePoint(word.codePointAt(0) ?? 0).toLocaleUpperCase();
}

/** One or two letters that stand for a name: "Ada Lovelace" gives AL, "王" gives 王. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  if (first === undefined) {
    return '?';
  }
  const last = words.length > 1 ? words.at(-1) : undefined;
  return firstLetter(first) + (last === undefined ? '' : firstLetter(last));
}

/** "Ada", "Ada and Bo", "Ada, Bo and Cy". */
export function formatList(names: readonly string[], locale = 'en'): string {
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);
}

/** Bits per second: 850 kbit/s, 1.2 Mbit/s. */
export function formatBits(bits: number, locale = 'en'): string {
  const mega = bits >= 999_500;
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: mega ? 1 : 0 });
  return mega ? `${number.format(bits / 1e6)} Mbit/s` : `${number.format(bits / 1000)} kbit/s`;
}

/** A part of a whole: 0.5%, 12%. */
export function formatShare(part: number, locale = 'en'): string {
  const options = { style: 'percent', maximumFractionDigits: part < 0.1 ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale, options).format(part);
}

/** Milliseconds, whole ones above ten. */
export function formatTimeSpan(milliseconds: number, locale = 'en'): string {
  const digits = milliseconds < 10 ? 1 : 0;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(milliseconds)} ms`;
}
