import type { CueQueue } from '../shared/cue.ts';

/**
 * Drives a queue with the playhead of a video. Frames tell the time most exactly; `timeupdate` serves where no
 * frames are shown (audio only, a hidden page), and a timer is set for the next cue that is due.
 */
export class CueClock {
  private readonly stop = new AbortController();
  private timer = 0;
  private frame = 0;
  private moved = false; // playback was moved, and is not there yet

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly queue: CueQueue,
  ) {
    const on = { signal: this.stop.signal };
    for (const name of ['timeupdate', 'playing', 'seeked', 'ratechange']) video.addEventListener(name, () => this.tick(), on);
    video.addEventListener('seeking', () => (this.moved ||= video.readyState > 0), on);
    this.nextFrame();
  }

  destroy(): void {
    this.stop.abort();
    clearTimeout(this.timer);
    this.video.cancelVideoFrameCallback?.(this.frame);
  }

  /** To be called when a cue was added: it may be the next one due. */
  wake(): void {
    this.arm();
  }

  private nextFrame(): void {
    if (!('requestVideoFrameCallback' in this.video)) return;
    this.frame = this.video.requestVideoFrameCallback((_, { mediaTime }) => {
      this.tick(mediaTime);
      this.nextFrame();
    });
  }

  private tick(frame = 0): void {
    const { video } = this;
    // Before the first frame, and while it is being moved, the playhead tells nothing.
    if (video.readyState < video.HAVE_CURRENT_DATA || video.seeking) return;
    if (this.moved) {
      // Only now are the cues of that place read: while it was being loaded, the nearest known were of somewhere else.
      this.moved = false;
      this.queue.seek(video.currentTime);
      return this.arm();
    }
    // The clock can lag behind the frame on the screen by a few milliseconds; a frame of before a seek says nothing.
    const ahead = frame - video.currentTime;
    this.queue.tick(ahead > 0 && ahead < 0.045 ? frame : video.currentTime);
    this.arm();
  }

  private arm(): void {
    clearTimeout(this.timer);
    const { video } = this;
    const next = this.queue.next();
    // While the picture waits for data no timer is needed: `playing` comes first.
    const still = video.paused || video.seeking || video.playbackRate === 0 || video.readyState < video.HAVE_FUTURE_DATA;
    if (next === undefined || still) return;
    const wait = ((next - video.currentTime) / video.playbackRate) * 1000;
    // What is far away is reached by the other events; the timer is for the last second.
    if (wait < 1000) this.timer = window.setTimeout(() => this.tick(), Math.max(5, wait));
  }
}
