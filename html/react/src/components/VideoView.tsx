import { useEffect, useRef } from 'react';

export interface VideoViewProps {
  readonly stream: MediaStream;
  /** As in a mirror: for the person's own camera. */
  readonly mirrored?: boolean;
  /** Read out; without it the picture is hidden from assistive technology. */
  readonly label?: string | undefined;
  readonly className?: string | undefined;
}

/** A picture without sound: sound has its own elements, which no change of layout interrupts. */
export function VideoView({ stream, mirrored = false, label, className }: VideoViewProps) {
  const ref = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    const video = ref.current;
    if (video !== null) {
      video.srcObject = stream;
    }
    return () => {
      if (video !== null) {
        video.srcObject = null;
      }
    };
  }, [stream]);

  return (
    <video
      ref={ref}
      className={className ?? 'otter-video'}
      data-mirrored={mirrored}
      aria-label={label}
      aria-hidden={label === undefined}
      autoPlay
      playsInline
      muted
      disablePictureInPicture={mirrored}
    />
  );
}
