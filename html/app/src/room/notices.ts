/** A short message that comes up over the call and goes by itself. */
export interface Notice {
  readonly id: number;
  readonly kind: 'person' | 'message' | 'file' | 'hand' | 'trouble';
  readonly text: string;
}

const MOST = 3;

export function addNotice(notices: readonly Notice[], notice: Notice): readonly Notice[] {
  return [...notices, notice].slice(-MOST);
}

export function dropNotice(notices: readonly Notice[], id: number): readonly Notice[] {
  return notices.filter((notice) => notice.id !== id);
}
