import { gridLayout } from '../lib/grid.js';
import { initials } from '../lib/format.js';
import { headOf } from './webm-head.js';
import { WebmIndex } from './webm-index.js';

/** A picture of the recording: a person or a screen. */
export interface Scene {
  readonly key: string;
  readonly label: string;
  readonly stream: MediaStream | null;
  /** To be seen as a whole. */
  readonly screen: boolean;
}

const SIZE = { width: 1280, height: 720 } as const;
const FPS = 15;
const GAP = 8;
const BITS_PER_SECOND = 2_000_000;
const TYPES = ['video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4'] as const;

function typeOf(): string | null {
  return typeof MediaRecorder === 'undefined'
    ? null
    : (TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? null);
}

/** Whether this browser can record a call. */
export function canRecord(): boolean {
  return typeOf() !== null && 'captureStream' in HTMLCanvasElement.prototype;
}

/**
 * Records what the person sees and hears: the pictures side by side, the voices in one. Nothing of
 * it leaves the browser.
 */
export class Recorder {
  readonly #canvas = document.createElement('canvas');
  readonly #context = this.#canvas.getContext('2d', { alpha: false });
  readonly #audio = new AudioContext();
  readonly #mix = this.#audio.createMediaStreamDestination();
  readonly #voices = new Map<MediaStream, MediaStreamAudioSourceNode>();
  readonly #videos = new Map<MediaStream, HTMLVideoElement>();
  readonly #parts: Blob[] = [];
  readonly #index = new WebmIndex();
  readonly #recorder: MediaRecorder;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #stopped: Promise<void>;
  #reading = Promise.resolve();
  #indexed = true;
  #scenes: readonly Scene[] = [];

  constructor() {
    this.#canvas.width = SIZE.width;
    this.#canvas.height = SIZE.height;
    const picture = this.#canvas.captureStream(FPS);
    const stream = new MediaStream([...picture.getTracks(), ...this.#mix.stream.getTracks()]);
    this.#recorder = new MediaRecorder(stream, {
      mimeType: typeOf() ?? '',
      videoBitsPerSecond: BITS_PER_SECOND,
    });
    this.#recorder.addEventListener('dataavailable', ({ data }) => {
      this.#parts.push(data);
      this.#reading = this.#reading.then(() => this.#read(data));
    });
    this.#stopped = new Promise((resolve) => {
      this.#recorder.addEventListener('stop', () => {
        resolve();
      });
    });
    this.#draw();
    this.#timer = setInterval(() => {
      this.#draw();
    }, 1000 / FPS);
    this.#recorder.start(1000);
  }

  /** What is to be seen and heard from now on. */
  update(scenes: readonly Scene[], voices: readonly MediaStream[]): void {
    this.#scenes = scenes;
    const shown = new Set(scenes.map(({ stream }) => stream));
    for (const [stream, video] of this.#videos) {
      if (!shown.has(stream)) {
        video.srcObject = null;
        this.#videos.delete(stream);
      }
    }
    for (const [stream, node] of this.#voices) {
      if (!voices.includes(stream)) {
        node.disconnect();
        this.#voices.delete(stream);
      }
    }
    for (const stream of voices) {
      if (!this.#voices.has(stream) && stream.getAudioTracks().length > 0) {
        const node = this.#audio.createMediaStreamSource(stream);
        node.connect(this.#mix);
        this.#voices.set(stream, node);
      }
    }
  }

  /** Ends it, and answers the file: with a duration, and an index to jump by. */
  async stop(): Promise<Blob> {
    if (this.#recorder.state !== 'inactive') {
      this.#recorder.stop();
    }
    await this.#stopped;
    await this.#reading;
    clearInterval(this.#timer);
    this.update([], []);
    await this.#audio.close();
    const file = new Blob(this.#parts, { type: this.#recorder.mimeType });
    const head = this.#indexed ? headOf(this.#index, file.size) : null;
    return head === null
      ? file
      : new Blob([new Uint8Array(head.bytes), file.slice(head.body)], { type: file.type });
  }

  async #read(data: Blob): Promise<void> {
    const bytes = new Uint8Array(await data.arrayBuffer());
    try {
      if (this.#indexed) {
        this.#index.push(bytes);
      }
    } catch {
      // Another container, which brings its own index.
      this.#indexed = false;
    }
  }

  #videoOf(stream: MediaStream): HTMLVideoElement {
    const known = this.#videos.get(stream);
    if (known !== undefined) {
      return known;
    }
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    video.play().catch(() => undefined);
    this.#videos.set(stream, video);
    return video;
  }

  #draw(): void {
    const context = this.#context;
    if (context === null) {
      return;
    }
    context.fillStyle = '#0b1413';
    context.fillRect(0, 0, SIZE.width, SIZE.height);
    const boxes = gridLayout(this.#scenes.length, SIZE, GAP);
    this.#scenes.forEach((scene, index) => {
      const box = boxes[index];
      if (box === undefined) {
        return;
      }
      context.save();
      context.beginPath();
      context.rect(box.x, box.y, box.width, box.height);
      context.clip();
      context.fillStyle = '#192826';
      context.fillRect(box.x, box.y, box.width, box.height);
      const video = scene.stream === null ? null : this.#videoOf(scene.stream);
      if (video === null || video.videoWidth === 0) {
        context.fillStyle = '#ecf4f1';
        context.font = `600 ${Math.round(box.height / 5)}px sans-serif`;
        context.textAlign = 'center';
        context.textBaseline = 'middle';
        context.fillText(initials(scene.label), box.x + box.width / 2, box.y + box.height / 2);
      } else {
        const fit = scene.screen ? Math.min : Math.max;
        const scale = fit(box.width / video.videoWidth, box.height / video.videoHeight);
        const width = video.videoWidth * scale;
        const height = video.videoHeight * scale;
        context.drawImage(
          video,
          box.x + (box.width - width) / 2,
          box.y + (box.height - height) / 2,
          width,
          height,
        );
      }
      context.fillStyle = '#fff';
      context.font = '600 18px sans-serif';
      context.textAlign = 'left';
      context.textBaseline = 'bottom';
      context.shadowColor = '#000';
      context.shadowBlur = 6;
      context.fillText(scene.label, box.x + 12, box.y + box.height - 10);
      context.restore();
    });
  }
}
