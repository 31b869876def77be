import { useCallback, useEffect, useState } from 'react';

interface DocumentPip {
  readonly requestWindow: (size: {
    readonly width: number;
    readonly height: number;
  }) => Promise<Window>;
}

function documentPip(): DocumentPip | null {
  return (
    (window as { readonly documentPictureInPicture?: DocumentPip }).documentPictureInPicture ?? null
  );
}

export interface Pip {
  /** The small window, to be filled by the page; null while there is none. */
  readonly window: Window | null;
  readonly open: boolean;
  /** Null where the browser has neither kind. */
  readonly toggle: (() => void) | null;
}

/** The new window knows nothing of how the page looks. */
function dress(target: Window): void {
  const root = target.document.documentElement;
  const { lang, dir, dataset } = document.documentElement;
  root.lang = lang;
  root.dir = dir;
  if (dataset.theme !== undefined) {
    root.dataset.theme = dataset.theme;
  }
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')) {
    const copy = target.document.createElement('link');
    copy.rel = 'stylesheet';
    copy.href = link.href;
    target.document.head.append(copy);
  }
}

/** The video that is shown large, or the first of another. */
function bestVideo(): HTMLVideoElement | null {
  return (
    document.querySelector<HTMLVideoElement>('[data-large=true] video') ??
    document.querySelector<HTMLVideoElement>('[data-testid=tile] video') ??
    document.querySelector<HTMLVideoElement>('[data-testid=self-tile] video')
  );
}

/** The call in a small window over all others: a window of its own, else the largest picture. */
export function usePip(onFailed: () => void): Pip {
  const [pipWindow, setWindow] = useState<Window | null>(null);
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);

  useEffect(
    () => () => {
      pipWindow?.close();
    },
    [pipWindow],
  );

  useEffect(() => {
    if (video === null) {
      return;
    }
    const left = (): void => {
      setVideo(null);
    };
    video.addEventListener('leavepictureinpicture', left);
    return () => {
      video.removeEventListener('leavepictureinpicture', left);
    };
  }, [video]);

  const toggle = useCallback(() => {
    const open = async (): Promise<void> => {
      const api = documentPip();
      if (api !== null) {
        const opened = await api.requestWindow({ width: 360, height: 260 });
        dress(opened);
        opened.addEventListener('pagehide', () => {
          setWindow(null);
        });
        setWindow(opened);
        return;
      }
      const best = bestVideo();
      if (best === null) {
        throw new TypeError('nothing to show');
      }
      await best.requestPictureInPicture();
      setVideo(best);
    };
    if (pipWindow !== null) {
      setWindow(null);
    } else if (video !== null) {
      void document.exitPictureInPicture().catch(() => undefined);
    } else {
      open().catch(onFailed);
    }
  }, [pipWindow, video, onFailed]);

  const able = documentPip() !== null || document.pictureInPictureEnabled;
  return {
    window: pipWindow,
    open: pipWindow !== null || video !== null,
    toggle: able ? toggle : null,
  };
}
