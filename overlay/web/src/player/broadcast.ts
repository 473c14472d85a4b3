import { askPlayback, askRoom, askStream, signedLike, unsigned, type Latency, type Room } from './room.ts';
import { hlsSource } from './source-hls.ts';
import { nativeSource } from './source-native.ts';
import { Stillness } from './still.ts';
import type { Source, SourceHooks, Wish } from './source.ts';
import { phaseOf, wordOf, type RoomWord, type Phase } from './phase.ts';

export interface BroadcastHooks {
  phase(phase: Phase): void;
  room(room: Room): void;
  tag(bytes: Uint8Array, time: number): void;
  text(text: string, time: number): void;
  /** Another timeline begins: media times of before mean nothing any more. */
  timeline(): void;
}

const beat = 500; // ms between looks at the playhead
const stalledAfter = 1500; // ms without progress until the viewer is told
const changing = 4000; // ms more while another playlist is being begun
const givenUpAfter = 4; // answers "not live" in a row until a lost show counts as ended
// Seconds over the target from which on playback jumps instead of hurrying. Where lists grow by whole segments, a
// viewer who missed one is soon that far behind, and hurries unnoticed.
const catchUp: Record<Latency, number> = { low: 3, balanced: 3, mass: 6 };

/**
 * Keeps a room playing on a video element: waits for the show, attaches it, sees that it flows, mends what broke,
 * knows when it is over. It decides nothing about looks.
 */
export class Broadcast {
  phase: Phase = 'connecting';
  /** The viewer follows live; false while they watch from further back. */
  following = true;

  private resting = false;
  private readonly stop = new AbortController();
  private live: string;
  private signedAt = -Infinity; // when live was asked for, as a signed address
  private source: Source | undefined;
  private attachment = 0; // counts attachments, so that late answers of an old one are dropped
  private facts: { room: RoomWord; played: boolean; flowing: boolean; over: boolean; replaying: boolean; unplayable: boolean } = {
    room: 'unknown', played: false, flowing: false, over: false, replaying: false, unplayable: false,
  };
  private replay = '';
  private coming = ''; // id of the show that the room is in
  private rewinding = false; // what plays is the rewind playlist
  private back = { url: '', reach: 0, since: 0 }; // of the rewind; the address has no signature
  private edge = NaN; // how far the newest picture is ahead of this machine's clock, in ms
  private pace: Latency = 'low';
  private playlist = ''; // of the broadcast being played
  private finished = ''; // playlist of the broadcast that ended: it is not begun again
  private idle = 0;
  private failures = 0;
  private lookTimer = 0;
  private readonly beatTimer: number;
  private place = -1;
  private movedAt = 0;
  private grewAt = 0;
  private attachedAt = 0;
  private lateSince = 0;
  private joining = false;
  private readonly stillness = new Stillness();
  private still = false; // the picture stands while time passes
  private awaitedUntil = NaN; // while the host is away, on this page's clock

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly origin: string,
    private readonly room: string,
    private readonly hooks: BroadcastHooks,
    /** Plays the recording of this show, and nothing else; "": the room. */
    private readonly show = '',
    /** A signed address from the page; empty: the room's own, or one that the server signs for its own pages. */
    private readonly given = '',
  ) {
    this.live = given || `${origin}/live/${encodeURIComponent(room)}/index.m3u8`;
    const on = { signal: this.stop.signal };
    video.addEventListener('ended', () => this.ended(), on);
    video.addEventListener('playing', () => this.pulse(), on);
    window.addEventListener('online', () => this.lookSoon(0), on);
    document.addEventListener('visibilitychange', () => document.hidden || this.lookSoon(0), on);
    this.beatTimer = window.setInterval(() => this.pulse(), beat);
    void (show ? this.recall() : this.look());
  }

  /** Id of the show that is on: of the recording, or of the room. */
  showing(): string {
    if (this.show) return this.show;
    const live = this.facts.room === 'live' || this.facts.room === 'waiting';
    return live && !this.facts.replaying ? this.coming : (/\/vod\/([^/]+)\//.exec(unsigned(this.replay))?.[1] ?? '');
  }

  /** Address of the playlist of the show's recording; "" where there is none. */
  get recording(): string {
    return this.replay;
  }

  destroy(): void {
    this.stop.abort();
    clearInterval(this.beatTimer);
    clearTimeout(this.lookTimer);
    this.detach();
  }

  latency(): number | undefined {
    if (this.facts.replaying) return undefined;
    const span = this.rewinding ? this.span() : undefined;
    return span ? (span.to - span.at) / 1000 : this.source?.latency();
  }

  /** What of a live show can be gone back to, and where the picture is, as programme date-times in ms. */
  span(): { from: number; to: number; at: number } | undefined {
    const at = this.facts.replaying ? undefined : this.source?.date();
    if (at === undefined || !this.back.url) return undefined;
    const latency = this.rewinding ? undefined : this.source?.latency();
    if (latency !== undefined) this.edge = at + latency * 1000 - Date.now();
    const to = Date.now() + this.edge;
    return Number.isFinite(to) ? { from: Math.max(to - this.back.reach * 1000, this.back.since), to, at } : undefined;
  }

  /** Goes to a moment of a live show, over to the rewind playlist where the live one does not reach it. */
  seekDate(date: number): void {
    this.following = false;
    if (this.source?.seekDate(date) || !this.back.url) return;
    this.change({ url: signedLike(this.back.url, this.live), live: true, date });
  }

  /** Whether an interruption is more likely the host's (the playlist is read, but stands still) or the viewer's. */
  cause(): 'host' | 'network' {
    const reached = !['unknown', 'missing'].includes(this.facts.room) || performance.now() - this.grewAt < 8000;
    if (navigator.onLine && this.facts.room === 'waiting') return 'host'; // the server says so itself
    return navigator.onLine && this.source && reached ? 'host' : 'network';
  }

  /** For how many seconds more the host is waited for, who is away while the picture stands; undefined when they are not, or it is not known. */
  away(): number | undefined {
    const shown = this.phase === 'interrupted' || (this.phase === 'live' && this.still && !this.rewinding);
    if (!shown || this.facts.room !== 'waiting' || Number.isNaN(this.awaitedUntil)) return undefined;
    return Math.max(0, Math.ceil((this.awaitedUntil - performance.now()) / 1000));
  }

  goLive(): void {
    this.following = true;
    if (this.rewinding) this.change({ url: this.live, live: true });
    else this.source?.goLive();
    this.play();
  }

  /** Plays the recording of the show that ended. */
  playReplay(at?: number): void {
    if (!this.replay) return;
    this.detach();
    this.facts.replaying = true;
    void this.attach({ url: this.replay, live: false, at });
  }

  /** The viewer rests the picture; nothing but the viewer starts it again. */
  pause(): void {
    this.resting = true;
    this.following = false;
    this.video.pause();
  }

  play(): void {
    const span = this.resting && !this.rewinding ? this.span() : undefined;
    this.resting = false;
    // Rested for so long that the live playlist has moved on.
    if (span && span.at < span.to && !this.source?.seekDate(span.at)) return this.seekDate(Math.max(span.at, span.from));
    this.video.play().catch((reason: unknown) => {
      // With sound only after a gesture: muted is always allowed.
      if ((reason as DOMException).name !== 'NotAllowedError' || this.video.muted) return;
      this.video.muted = true;
      void this.video.play().catch(() => undefined);
    });
  }

  // ---- the room

  private lookSoon(ms: number): void {
    clearTimeout(this.lookTimer);
    if (this.show) return;
    if (!this.stop.signal.aborted) this.lookTimer = window.setTimeout(() => void this.look(), ms);
  }

  /** Asks how the room stands, unless the picture itself tells. */
  private async look(): Promise<void> {
    clearTimeout(this.lookTimer);
    if (this.show) return;
    const { facts } = this;
    if (this.phase === 'live' && this.source && this.still) await this.askAway();
    else if (!this.source || this.phase === 'interrupted') {
      const room = await askRoom(this.origin, this.room, this.stop.signal);
      if (this.stop.signal.aborted) return;
      facts.room = wordOf(room);
      if (typeof room === 'object') {
        this.awaited(room);
        if (room.guarded) await this.sign();
        if (this.stop.signal.aborted) return;
        this.replay = signedLike(room.replay, this.live);
        this.pace = room.latency;
        this.coming = room.showId;
        if (room.rewind) this.back = { url: room.rewind, reach: room.reach, since: room.since };
        this.hooks.room(room);
      }
      // A server behind a CDN may not answer for rooms; the stream always speaks for itself.
      if (!facts.replaying && facts.room !== 'idle') await this.begin();
      this.idle = facts.room === 'idle' ? this.idle + 1 : 0;
      if (facts.played && !facts.over && this.idle >= givenUpAfter) this.conclude();
      this.update();
    }
    // All viewers of a show wait at the same time: spread their questions.
    this.lookSoon(3000 + Math.random() * 2000);
  }

  /** The picture stands: the server knows whether the host is away, and until when they are waited for. */
  private async askAway(): Promise<void> {
    const room = await askRoom(this.origin, this.room, this.stop.signal);
    if (this.stop.signal.aborted || typeof room !== 'object' || this.phase !== 'live' || !room.live) return;
    this.facts.room = wordOf(room);
    this.awaited(room);
  }

  private awaited({ awaySeconds }: Room): void {
    this.awaitedUntil = awaySeconds === undefined ? NaN : performance.now() + awaySeconds * 1000;
  }

  /** Plays the recording of the show that is asked for. */
  private async recall(): Promise<void> {
    const room = this.given ? undefined : await askRoom(this.origin, this.room, this.stop.signal);
    if (typeof room === 'object' && room.guarded) await this.sign();
    if (this.stop.signal.aborted) return;
    this.replay = signedLike(`${this.origin}/vod/${encodeURIComponent(this.show)}/index.m3u8`, this.live);
    this.playReplay();
  }

  /** Gets an address that holds for hours; after a failure a new one, for the former may be over. */
  private async sign(): Promise<void> {
    if (this.given || (this.failures === 0 && performance.now() - this.signedAt < 1_800_000)) return;
    const url = await askPlayback(this.origin, this.room, this.stop.signal);
    if (!url) return;
    this.live = url;
    this.signedAt = performance.now();
  }

  private async begin(): Promise<void> {
    const attachment = this.attachment;
    const playlist = unsigned(await askStream(this.live, this.stop.signal));
    if (this.stop.signal.aborted || attachment !== this.attachment) return;
    if (!playlist || playlist === this.finished) return;
    // The room may have begun another broadcast while this one stood still; the old one will not move again.
    if (this.source && (playlist === this.playlist || this.phase !== 'interrupted')) return;
    if (this.source) this.detach();
    this.playlist = playlist;
    this.facts.over = false;
    await this.attach({ url: this.live, live: true });
  }

  // ---- the source

  private async attach(wish: Wish): Promise<void> {
    const { live } = wish;
    const mine = ++this.attachment;
    const current = <A extends unknown[]>(f: (...a: A) => void) => (...a: A): void => {
      if (mine === this.attachment) f(...a);
    };
    const hooks: SourceHooks = {
      tag: current((bytes, time) => this.hooks.tag(bytes, time)),
      text: current((text, time) => this.hooks.text(text, time)),
      playlist: current((advanced) => {
        if (advanced) this.grewAt = performance.now();
      }),
      closed: current(() => live && this.closed()),
      failed: current((what) => this.failed(what)),
    };
    this.hooks.timeline();
    this.place = -1;
    this.attachedAt = this.movedAt = this.grewAt = performance.now();
    this.following = this.joining = !this.rewinding;
    let source: Source | undefined;
    try {
      source = (await hlsSource(this.video, wish, this.pace, hooks)) ?? nativeSource(this.video, wish, hooks);
    } catch {
      // The player's own code could not be loaded; that is a matter of the network, too.
      if (mine === this.attachment) this.failed('load');
      return;
    }
    if (mine !== this.attachment) return source?.destroy();
    this.source = source;
    this.facts.unplayable = !source;
    if (source && !this.resting) this.play();
    this.update();
  }

  /** Between the live playlist and that of the rewind: the show goes on, so nobody is told of an interruption. */
  private change(wish: Wish): void {
    this.detach();
    this.rewinding = wish.date !== undefined;
    this.facts.flowing = true;
    void this.attach(wish);
    this.movedAt += changing;
  }

  private detach(): void {
    this.attachment++;
    this.source?.destroy();
    this.source = undefined;
    this.facts.flowing = this.rewinding = false;
  }

  /** ENDLIST: what is buffered still plays; a broadcast that was over before it began to play is not begun. */
  private closed(): void {
    this.finished = this.playlist;
    if (!this.facts.played) this.conclude();
  }

  private ended(): void {
    if (this.facts.replaying) {
      this.facts.replaying = false;
      this.detach();
      this.facts.over = true;
      return this.update();
    }
    if (this.source) this.conclude();
  }

  private conclude(): void {
    this.detach();
    this.facts.over = true;
    this.facts.played = false;
    this.idle = 0;
    this.update();
    this.lookSoon(1000 + Math.random() * 1000);
  }

  private failed(_what: string): void {
    const over = this.finished !== '' && this.finished === this.playlist;
    if (this.facts.replaying) {
      this.facts.replaying = false;
      this.facts.over ||= this.show !== '';
    } else if (over) return this.conclude();
    this.detach();
    this.update();
    // A half, 1, 2, 4, 8 seconds, each spread by half, so that a crowd does not come back at once.
    const wait = 500 * 2 ** Math.min(this.failures++, 4);
    this.lookSoon(wait * (0.75 + Math.random() / 2));
  }

  // ---- the picture

  private pulse(): void {
    const { video, facts } = this;
    if (!this.source) return;
    const now = performance.now();
    const moved = video.currentTime !== this.place && !video.seeking && video.readyState >= video.HAVE_CURRENT_DATA;
    // Paused with a picture: the browser does not let it start without the viewer.
    if (moved && (video.paused || this.place >= 0)) facts.played = true;
    if (moved || video.paused) this.movedAt = now;
    this.place = video.currentTime;
    const flowing = now - this.movedAt < stalledAfter;
    const stood = this.still;
    if (video.paused || facts.replaying) this.stillness.forget();
    this.still = this.stillness.look(now, video.getVideoPlaybackQuality?.().totalVideoFrames ?? NaN);
    if (this.still && !stood) {
      this.awaitedUntil = NaN; // what was said of an absence before
      this.lookSoon(Math.random() * 1000);
    }
    if (facts.flowing && !flowing) this.lookSoon(0);
    // It stands still while the stream goes on.
    if (now - this.movedAt > beat && now - this.grewAt < 2000) this.source.wake();
    if (!this.source) return;
    facts.flowing = flowing;
    if (flowing && facts.played && now - this.attachedAt > 10_000) this.failures = 0;
    if (flowing && facts.played) this.keepUp(now);
    this.update();
  }

  /** After a stall too long to be made up by playing faster, jumps to live, if that is where the viewer was. */
  private keepUp(now: number): void {
    const { video, source } = this;
    if (!source || !this.following || this.facts.replaying || video.paused) {
      this.lateSince = 0;
      return;
    }
    const over = (source.latency() ?? 0) - (source.target() ?? Infinity);
    const to = source.livePosition();
    if (to === undefined || !(to > video.currentTime)) return;
    if (this.joining) {
      // The first picture took its time: nobody misses what was not seen yet, if what follows is here already.
      this.joining = false;
      if (over > 0.7 && buffered(video, to)) video.currentTime = to;
    } else if (!(over > catchUp[this.pace])) this.lateSince = 0;
    else if (!this.lateSince) this.lateSince = now;
    else if (now - this.lateSince > 2000) {
      this.lateSince = 0;
      source.goLive();
    }
  }

  private update(): void {
    const { room, played, flowing, over, replaying, unplayable } = this.facts;
    const phase = phaseOf({
      room, played, flowing, over, replaying, unplayable, attached: this.source !== undefined, replayable: this.replay !== '',
    });
    if (phase === this.phase) return;
    this.phase = phase;
    this.hooks.phase(phase);
  }
}

const buffered = ({ buffered: b }: HTMLVideoElement, time: number): boolean =>
  Array.from({ length: b.length }, (_, i) => b.start(i) <= time && time < b.end(i) - 0.5).includes(true);
