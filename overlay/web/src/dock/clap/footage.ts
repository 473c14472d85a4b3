import Player from 'hls.js/light';

/** The room's picture, at a chosen date. */
export class Footage {
  private readonly hls = new Player({ enableWorker: false, lowLatencyMode: false, maxBufferLength: 60, enableID3MetadataCues: false });
  private offset: number | undefined; // seconds from a date to its place
  private playing: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly video: HTMLVideoElement, url: string, changed: () => void) {
    this.hls.on(Player.Events.LEVEL_UPDATED, changed);
    this.hls.on(Player.Events.FRAG_BUFFERED, changed);
    this.hls.loadSource(url);
    this.hls.attachMedia(video);
    void video.play().catch(() => undefined);
  }

  /** Until when there are pictures, in ms since 1970; undefined: that of `from` has not come. Once it has come, it may leave the playlist. */
  until(from: number): number | undefined {
    const list = this.hls.latestLevelDetails?.fragments ?? [];
    if (this.offset === undefined) {
      const f = list.find(({ programDateTime: at, duration }) => at !== null && from >= at && from < at + duration * 1000);
      if (!f) return undefined;
      this.offset = f.start - f.programDateTime! / 1000;
    }
    const { buffered } = this.video;
    return buffered.length ? (buffered.end(buffered.length - 1) - this.offset) * 1000 : undefined;
  }

  /** Goes on with what arrives now. */
  live(): void {
    clearInterval(this.playing);
    this.offset = undefined;
    this.video.currentTime = this.hls.liveSyncPosition ?? this.video.currentTime;
    void this.video.play().catch(() => undefined);
  }

  /** Stands at the picture of a date. */
  show(date: number): void {
    clearInterval(this.playing);
    this.video.pause();
    if (this.offset !== undefined) this.video.currentTime = date / 1000 + this.offset;
  }

  /** Plays from a second before a date to a second after it, and stands there again. `passed` is told whether the date has come. */
  play(date: number, passed: (is: boolean) => void): void {
    if (this.offset === undefined) return;
    const at = date / 1000 + this.offset;
    clearInterval(this.playing);
    this.video.currentTime = at - 1;
    passed(false);
    void this.video.play().catch(() => undefined);
    this.playing = setInterval(() => {
      const t = this.video.currentTime;
      passed(t >= at);
      if (t > at + 1) this.show(date);
    }, 16);
  }

  stop(): void {
    clearInterval(this.playing);
    this.hls.destroy();
  }
}
