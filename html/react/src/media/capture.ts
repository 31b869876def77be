/**
 * How the camera is captured. Every peer of a mesh gets an encoding of its own, so the picture
 * grows smaller with their number, and starts smaller on a machine with few cores.
 */
export interface CaptureSize {
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
}

const SIZES = [
  { width: 1280, height: 720, frameRate: 30 },
  { width: 960, height: 540, frameRate: 25 },
  { width: 640, height: 360, frameRate: 20 },
  { width: 480, height: 270, frameRate: 15 },
] as const satisfies readonly CaptureSize[];

export function captureSize(others: number, cores: number): CaptureSize {
  const byPeers = others <= 1 ? 0 : others <= 3 ? 1 : others <= 5 ? 2 : 3;
  const byCores = cores <= 2 ? 2 : cores <= 4 ? 1 : 0;
  const step = Math.max(byPeers, Math.min(byPeers + byCores, SIZES.length - 1));
  return SIZES[step] ?? SIZES[2];
}

export function cameraConstraints(size: CaptureSize): MediaTrackConstraints {
  return {
    width: { ideal: size.width },
    height: { ideal: size.height },
    frameRate: { ideal: size.frameRate, max: size.frameRate },
  };
}

/** A device that was remembered is a wish; one that was just chosen is meant. */
export function deviceConstraint(id: string | null, chosen: boolean): MediaTrackConstraints {
  if (id === null) {
    return {};
  }
  return { deviceId: chosen ? { exact: id } : { ideal: id } };
}
