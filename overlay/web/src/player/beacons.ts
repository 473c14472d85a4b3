import { addressOf, fieldsOf, read } from '../shared/api.ts';
import { viewer } from '../shared/viewer.ts';
import { Tally } from './tally.ts';

/** Where the viewer is. */
export interface Place {
  /** Id of the show; "": none is known. */
  readonly show: string;
  /** The picture moves. */
  readonly playing: boolean;
  /** Of the picture, in seconds: a Unix time while live, otherwise of the recording. */
  readonly at: number | undefined;
}

const seconds = 1000;
const again = 60 * seconds; // between two questions of those who are to send none
const spread = 3 * seconds; // all viewers of a show come at the same time

/**
 * Tells the server that somebody watches, as often as it wants to hear it, and in a great audience only if it wants to. There is no cookie:
 * the number of the viewer is drawn for each page that opens.
 */
export class Beacons {
  private readonly viewer = viewer();
  private readonly stop = new AbortController();
  private tally = new Tally();
  private place: Place = { show: '', playing: false, at: undefined };
  private sample = 0;
  private beat = 10 * seconds;
  private due = Infinity;
  private told = false; // the server counts this viewer

  constructor(
    private readonly origin: string,
    private readonly hooks: { viewers(n: number): void; more(): object | undefined },
    /** Nobody is counted: this is a host's own look. */
    private readonly preview = false,
  ) {
    window.addEventListener('pagehide', () => this.leave(), { signal: this.stop.signal });
  }

  destroy(): void {
    this.leave();
    this.stop.abort();
  }

  /** Call this about twice a second. */
  look(now: number, place: Place, cards: readonly string[]): void {
    if (place.show !== this.place.show) {
      this.leave();
      this.tally = new Tally();
      this.sample = 0;
      this.due = Infinity;
      if (place.show) void this.ask(place.show, Math.random() * spread);
    }
    this.place = place;
    this.tally.look(now, place.playing, document.hidden ? [] : cards);
    if (now < this.due) return;
    if (!this.wanted()) {
      this.tally.take(); // what was before is not made up for later
      void this.ask(place.show, 0);
    } else if (this.tally.empty) this.due = now + seconds;
    else void this.send();
  }

  private wanted(): boolean {
    return !this.preview && parseInt(this.viewer, 16) / 2 ** 64 < this.sample;
  }

  private heard(show: string, json: unknown): void {
    if (show !== this.place.show) return;
    const { sample, beat } = fieldsOf<'BeatWord'>(json);
    if (typeof sample === 'number') this.sample = sample;
    if (typeof beat === 'number' && beat >= 1) this.beat = beat * seconds;
  }

  private async ask(show: string, wait: number): Promise<void> {
    this.due = performance.now() + again;
    const live = await read(addressOf(this.origin, '/c/{show}/{file}', { show, file: 'live.json' }));
    if (show !== this.place.show || this.stop.signal.aborted) return;
    this.heard(show, live);
    const { viewers } = fieldsOf<'Pulse'>(fieldsOf<'LiveBody'>(live).pulse);
    if (typeof viewers === 'number' && viewers > 0) this.hooks.viewers(viewers);
    if (this.wanted()) this.due = performance.now() + seconds + wait;
  }

  private body(left: boolean): string {
    return JSON.stringify({ viewer: this.viewer, at: this.place.at, ...this.tally.take(), ...this.hooks.more(), ...(left && { left }) });
  }

  private get address(): string {
    return addressOf(this.origin, '/c/{show}/beat', { show: this.place.show });
  }

  private async send(): Promise<void> {
    const { show } = this.place;
    this.told = true;
    this.due = performance.now() + this.beat;
    try {
      // A text needs no preflight request where the page is another site's.
      const answer = await fetch(this.address, { method: 'POST', body: this.body(false), credentials: 'omit', keepalive: true, signal: this.stop.signal });
      if (answer.ok) this.heard(show, await answer.json());
      else if (answer.status === 404 && show === this.place.show) this.due = Infinity; // a rehearsal, or a show that is gone
    } catch {
      // The next one says where the viewer is by then.
    }
  }

  private leave(): void {
    if (this.told) navigator.sendBeacon?.(this.address, this.body(true));
    this.told = false;
  }
}
