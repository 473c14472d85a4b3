import { livePlaylist, previewed, recordingPlaylist, showOf, signedLike, unsigned } from '../shared/addresses.ts';
import { Beacons } from './beacons.ts';
import { askPlayback, askRoom, askStream, type Latency, type Room } from './room.ts';
import { nativeSource } from './source-native.ts';
import { SlateDetector } from './slate-detector.ts';
import type { Source, SourceHooks, Wish } from './source.ts';
import { phaseOf, wordOf, type Cause, type RoomWord, type Phase } from './phase.ts';

export interface BroadcastHooks {
  phase(phase: Phase): void;
  room(room: Room): void;
  tag(bytes: Uint8Array, time: number): void;
  text(text: string, time: number): void;
  /** Ids of the products whose cards are shown. */
  cards(): string[];
  /** The server says how many watch. */
  viewers(n: number): void;
  /** What the next beacon tells besides. */
  more(): object | undefined;
  /** Another timeline begins: earlier media times mean nothing any more. */
  timeline(): void;
}

const beat = 500; // ms between two checks of the playhead
const stalledAfter = 1500; // ms without progress before the viewer is told
const changing = 4000; // ms more while another playlist begins
const givenUpAfter = 4; // answers "not live" in a row before a lost show counts as ended
// If playback is this many seconds over the target latency, it jumps instead of playing faster. Where playlists
// grow by whole segments, a viewer who missed one is that far behind at once, and can catch up unnoticed by
// playing faster.
const catchUp: Record<Latency, number> = { low: 3, balanced: 3, mass: 6 };

/**
 * Keeps a room playing on a video element: it waits for the show, attaches it, checks that it plays, recovers
 * from errors, and detects the end. It does not decide how anything looks.
 */
export class Broadcast {
  phase: Phase = 'connecting';
  /** The viewer follows live; false: they watch behind live. */
  following = true;

  private resting = false;
  private readonly stop = new AbortController();
  private live: string;
  private signedAt = -Infinity; // when the signed address of live was requested
  private source: Source | undefined;
  private attachment = 0; // counts attachments, so that late answers of an old one are dropped
  private facts: { room: RoomWord; played: boolean; flowing: boolean; over: boolean; replaying: boolean; unplayable: boolean } = {
    room: 'unknown', played: false, flowing: false, over: false, replaying: false, unplayable: false,
  };
  private replay = '';
  private coming = ''; // id of the present show of the room
  private rewinding = false; // the rewind playlist plays
  private back = { url: '', reach: 0, since: 0 }; // of the rewind playlist; the address has no signature
  private edge = NaN; // how far the newest picture is ahead of this machine's clock, in ms
  private pace: Latency = 'low';
  private playlist = ''; // of the broadcast being played
  private finished = ''; // playlist of the broadcast that ended: it is not played again
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
  private readonly slateDetector = new SlateDetector();
  private still = false; // the picture stands still while time passes
  private readonly beacons: Beacons;
  private awaited = false; // the room waits for the host

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly origin: string,
    private readonly room: string,
    private readonly hooks: BroadcastHooks,
    /** Plays only the recording of this show; "": the room. */
    private readonly show = '',
    /** A signed address from the page; empty: the plain address, or one that the server signs for its own pages. */
    private readonly given = '',
    /** Where the recording of `show` begins to play, in seconds. */
    private readonly start = 0,
    /** A host's own look at the room: it counts as no viewer. */
    private readonly preview = false,
  ) {
    this.live = given || livePlaylist(origin, room);
    this.beacons = new Beacons(origin, hooks, preview);
    const on = { signal: this.stop.signal };
    video.addEventListener('ended', () => this.ended(), on);
    video.addEventListener('playing', () => this.pulse(), on);
    window.addEventListener('online', () => this.lookSoon(0), on);
    document.addEventListener('visibilitychange', () => document.hidden || this.lookSoon(0), on);
    this.beatTimer = window.setInterval(() => this.pulse(), beat);
    void (show ? this.recall() : this.look());
  }

  /** Id of the show that plays: of the recording, or of the room. */
  showing(): string {
    if (this.show) return this.show;
    const live = this.facts.room === 'live' || this.facts.room === 'waiting';
    return live && !this.facts.replaying ? this.coming : showOf(this.replay);
  }

  /** Address of the playlist of the show's recording; "": there is none. */
  get recording(): string {
    return this.replay;
  }

  /** The date of the picture, live or recorded, in ms since 1970; undefined: there is none. */
  get moment(): number | undefined {
    return this.source?.date();
  }

  destroy(): void {
    this.stop.abort();
    this.beacons.destroy();
    clearInterval(this.beatTimer);
    clearTimeout(this.lookTimer);
    this.detach();
  }

  latency(): number | undefined {
    if (this.facts.replaying) return undefined;
    const span = this.rewinding ? this.span() : undefined;
    return span ? (span.to - span.at) / 1000 : this.source?.latency();
  }

  /** The range of a live show to which the viewer can seek, and the place of the picture, as programme date-times in ms. */
  span(): { from: number; to: number; at: number } | undefined {
    const at = this.facts.replaying ? undefined : this.source?.date();
    if (at === undefined || !this.back.url) return undefined;
    const latency = this.rewinding ? undefined : this.source?.latency();
    if (latency !== undefined) this.edge = at + latency * 1000 - Date.now();
    const to = Date.now() + this.edge;
    return Number.isFinite(to) ? { from: Math.max(to - this.back.reach * 1000, this.back.since), to, at } : undefined;
  }

  /** Goes to a moment of a live show. If the live playlist does not reach it, the rewind playlist plays. */
  seekDate(date: number): void {
    this.following = false;
    if (this.source?.seekDate(date) || !this.back.url) return;
    this.change({ url: signedLike(this.back.url, this.live), live: true, date });
  }

  /** Whether an interruption more likely comes from the host (the playlist is read, but does not grow) or from the viewer's network. */
  cause(): Cause {
    const reached = !['unknown', 'missing'].includes(this.facts.room) || performance.now() - this.grewAt < 8000;
    if (!navigator.onLine) return 'offline';
    if (this.facts.room === 'waiting') return 'host'; // the server has said so
    return this.source && reached ? 'host' : 'network';
  }

  /** The host is away, and the room waits. */
  away(): boolean {
    const shown = this.phase === 'interrupted' || (this.phase === 'live' && this.still && !this.rewinding);
    return shown && this.facts.room === 'waiting' && this.awaited;
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

  /** The viewer pauses the picture; only the viewer starts it again. */
  pause(): void {
    this.resting = true;
    this.following = false;
    this.video.pause();
  }

  play(): void {
    const span = this.resting && !this.rewinding ? this.span() : undefined;
    this.resting = false;
    // The pause was so long that the live playlist has moved on.
    if (span && span.at < span.to && !this.source?.seekDate(span.at)) return this.seekDate(Math.max(span.at, span.from));
    this.video.play().catch((reason: unknown) => {
      // Browsers allow sound only after a gesture, but always allow muted
      // playback.
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

  /** Asks for the state of the room, unless the picture shows it. */
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
        this.awaited = room.awaySeconds !== undefined;
        if (room.guarded) await this.sign();
        if (this.stop.signal.aborted) return;
        this.replay = signedLike(room.replay, this.live);
        this.pace = room.latency;
        this.coming = room.showId;
        if (room.rewind) this.back = { url: room.rewind, reach: room.reach, since: room.since };
        this.hooks.room(room);
      }
      // Behind a CDN there may be no answer about rooms, but the stream itself is always
      // there.
      if (!facts.replaying && facts.room !== 'idle') await this.begin();
      this.idle = facts.room === 'idle' ? this.idle + 1 : 0;
      if (facts.played && !facts.over && this.idle >= givenUpAfter) this.conclude();
      this.update();
    }
    // All viewers of a show wait at the same time, so spread their requests.
    this.lookSoon(3000 + Math.random() * 2000);
  }

  /** The picture stands still: the server knows whether the host is away, and how long the room waits. */
  private async askAway(): Promise<void> {
    const room = await askRoom(this.origin, this.room, this.stop.signal);
    if (this.stop.signal.aborted || typeof room !== 'object' || this.phase !== 'live' || !room.live) return;
    this.facts.room = wordOf(room);
    this.awaited = room.awaySeconds !== undefined;
  }

  /** Plays the recording of the show that the page names. */
  private async recall(): Promise<void> {
    const room = this.given ? undefined : await askRoom(this.origin, this.room, this.stop.signal);
    if (typeof room === 'object' && room.guarded) await this.sign();
    if (this.stop.signal.aborted) return;
    this.replay = signedLike(recordingPlaylist(this.origin, this.show), this.live);
    this.playReplay(this.start || undefined);
  }

  /** Gets an address that is valid for hours. After a failure it gets a new one, since the former may have expired. */
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
    // The room may have begun another broadcast while this one stood still. Then the old one will not
    // continue.
    if (this.source && (playlist === this.playlist || this.phase !== 'interrupted')) return;
    if (this.source) this.detach();
    this.playlist = playlist;
    this.facts.over = false;
    await this.attach({ url: this.live, live: true });
  }

  // ---- the source

  private async attach(asked: Wish): Promise<void> {
    const { live } = asked;
    const wish = live && this.preview ? { ...asked, url: previewed(asked.url) } : asked;
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
      failed: current(() => this.failed()),
    };
    this.hooks.timeline();
    this.place = -1;
    this.attachedAt = this.movedAt = this.grewAt = performance.now();
    this.following = this.joining = !this.rewinding;
    let source: Source | undefined;
    try {
      const { hlsSource } = await import('./source-hls.ts'); // with hls.js
      source = hlsSource(this.video, wish, this.pace, hooks) ?? nativeSource(this.video, wish, hooks);
    } catch {
      // The player's code could not be loaded: this is a network failure as well.
      if (mine === this.attachment) this.failed();
      return;
    }
    if (mine !== this.attachment) return source?.destroy();
    this.source = source;
    this.facts.unplayable = !source;
    if (source && !this.resting) this.play();
    this.update();
  }

  /** Changes between the live playlist and the rewind playlist. The show goes on, so the viewer sees no interruption. */
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

  /** ENDLIST: the buffered media still plays. A broadcast that ended before it began to play is not played. */
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

  private failed(): void {
    const over = this.finished !== '' && this.finished === this.playlist;
    if (this.facts.replaying) {
      this.facts.replaying = false;
      this.facts.over ||= this.show !== '';
    } else if (over) return this.conclude();
    this.detach();
    this.update();
    // 0.5, 1, 2, 4, 8 seconds, each with a random spread, so that not all viewers come back at
    // once.
    const wait = 500 * 2 ** Math.min(this.failures++, 4);
    this.lookSoon(wait * (0.75 + Math.random() / 2));
  }

  // ---- the picture

  private pulse(): void {
    const { video, facts } = this;
    const now = performance.now();
    const playing = this.source !== undefined && facts.flowing && !video.paused;
    const at = facts.replaying ? video.currentTime : (this.source?.date() ?? NaN) / 1000; // JSON has null for none
    this.beacons.look(now, { show: this.showing(), playing, at }, this.hooks.cards());
    if (!this.source) return;
    const moved = video.currentTime !== this.place && !video.seeking && video.readyState >= video.HAVE_CURRENT_DATA;
    // Paused with a picture: the browser does not start it without a gesture.
    if (moved && (video.paused || this.place >= 0)) facts.played = true;
    if (moved || video.paused) this.movedAt = now;
    this.place = video.currentTime;
    const flowing = now - this.movedAt < stalledAfter;
    const stood = this.still;
    if (video.paused || facts.replaying) this.slateDetector.forget();
    this.still = this.slateDetector.look(now, video.getVideoPlaybackQuality?.().totalVideoFrames ?? NaN);
    if (this.still && !stood) {
      this.awaited = false; // that was an earlier absence
      this.lookSoon(Math.random() * 1000);
    }
    if (facts.flowing && !flowing) this.lookSoon(0);
    // The picture stands still although the stream goes on.
    if (now - this.movedAt > beat && now - this.grewAt < 2000) this.source.wake();
    if (!this.source) return;
    facts.flowing = flowing;
    if (flowing && facts.played && now - this.attachedAt > 10_000) this.failures = 0;
    if (flowing && facts.played) this.keepUp(now);
    this.update();
  }

  /** Jumps to live after a stall that is too long to catch up by playing faster, if the viewer followed live. */
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
      // The first picture took some time. The viewer has seen nothing yet, so jump to live if that is
      // buffered.
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
