/** What most file systems take, with room for a suffix. */
const MAX_NAME = 200;
const MAX_EXTENSION = 20;
const FALLBACK = 'file';

/** Control characters, and marks that turn the direction of text to make a name look harmless. */
// eslint-disable-next-line no-control-regex -- these are meant
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Means something to a file system or a shell. */
const SPECIAL = /[\\/:*?"<>|]/g;

/** Makes a file name that came from another peer safe to show and to save under. */
export function safeName(name: string): string {
  const flat = name.replace(INVISIBLE, '').replace(SPECIAL, '_');
  // Windows drops dots and blanks at the end; a dot at the start hides a file elsewhere.
  const bare = flat.replace(/^[.\s]+/, '').replace(/[.\s]+$/, '');
  if (bare === '') {
    return FALLBACK;
  }
  return bare.length <= MAX_NAME ? bare : shorten(bare);
}

/** Cuts the middle out, so that the extension stays. */
function shorten(name: string): string {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= MAX_EXTENSION ? name.slice(dot) : '';
  const stem = name.slice(0, MAX_NAME - extension.length);
  // Half of a surrogate pair may be left at the end.
  return stem.replace(/[\ud800-\udbff]$/, '') + extension;
}

/** A media type of the usual form, or the empty string. */
export function safeType(type: string): string {
  return /^[a-z0-9!#$&^_.+-]{1,100}\/[a-z0-9!#$&^_.+-]{1,100}$/i.test(type)
    ? type.toLowerCase()
    : '';
}
