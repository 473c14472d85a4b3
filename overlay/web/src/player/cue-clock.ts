import type { CueQueue } from '../shared/cue.ts';

/**
 * Drives a queue with the playhead of a video. Frames give the most exact time. `timeupdate` is used where no
 * frames are shown (audio only, a hidden page), and a timer waits for the next cue.
 */
export class CueClock {
  private readonly stop = new AbortController();
  private timer = 0;
  private frame = 0;
  private moved = false; // a seek has begun and not ended

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

  /** Call this when a cue was added: it may be the next one. */
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
    // Before the first frame, and during a seek, the playhead is not valid.
    if (video.readyState < video.HAVE_CURRENT_DATA || video.seeking) return;
    if (this.moved) {
      // Only now the cues of that place are known: during the load, the nearest known ones were from elsewhere.
      this.moved = false;
      this.queue.seek(video.currentTime);
      return this.arm();
    }
    // The clock can lag a few milliseconds behind the frame on the screen. A frame from before a seek must be
    // ignored.
    const ahead = frame - video.currentTime;
    this.queue.tick(ahead > 0 && ahead < 0.045 ? frame : video.currentTime);
    this.arm();
  }

  private arm(): void {
    clearTimeout(this.timer);
    const { video } = this;
    const next = this.queue.next();
    // While the picture waits for data, no timer is needed: `playing` comes
    // first.
    const still = video.paused || video.seeking || video.playbackRate === 0 || video.readyState < video.HAVE_FUTURE_DATA;
    if (next === undefined || still) return;
    const wait = ((next - video.currentTime) / video.playbackRate) * 1000;
    // The other events are enough for cues that are far away; the timer is for the last
    // second.
    if (wait < 1000) this.timer = window.setTimeout(() => this.tick(), Math.max(5, wait));
  }
}
