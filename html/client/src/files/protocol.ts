import { isCount, isObject, isText, parseObject } from '../util/guards.js';

/**
 * What goes over the channel of one file: its bytes in binary messages, and between them text.
 *
 * sender: `start`, bytes … `end` with the digest; receiver: `received` now and then, `result` at the
 * end. When the channel is lost, the receiver says over the control channel from where it wants to
 * have the rest (`file-resume`), and the sender opens another one.
 */
export type FileFrame =
  | { readonly type: 'start'; readonly offset: number }
  | { readonly type: 'end'; readonly sha256: string }
  | { readonly type: 'received'; readonly bytes: number }
  | { readonly type: 'result'; readonly ok: boolean };

/** Channels of files are labelled with this and the id of the transfer. */
const LABEL = 'otter-file:';

export function fileLabel(id: string): string {
  return LABEL + id;
}

/** The id in a label; undefined for channels that are no file's. */
export function fileIdOf(label: string): string | undefined {
  return label.startsWith(LABEL) ? label.slice(LABEL.length) : undefined;
}

export function parseFileFrame(data: unknown): FileFrame | undefined {
  const raw = typeof data === 'string' && data.length <= 1024 ? parseObject(data) : undefined;
  if (!isObject(raw)) {
    return undefined;
  }
  const { type, sha256, bytes, offset, ok } = raw;
  switch (type) {
    case 'start':
      return isCount(offset) ? { type, offset } : undefined;
    case 'end':
      return isText(sha256, 64) ? { type, sha256 } : undefined;
    case 'received':
      return isCount(bytes) ? { type, bytes } : undefined;
    case 'result':
      return typeof ok === 'boolean' ? { type, ok } : undefined;
    default:
      return undefined;
  }
}

/** Bytes that may be on their way, or wait for a slow sink, before the receiver has said more. */
export const WINDOW = 8 * 1024 * 1024;

/** The receiver reports at least this often. */
export const REPORT_EVERY = 512 * 1024;
