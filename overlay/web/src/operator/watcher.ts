import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { clientOf, signedIn, type Access } from '../shared/access.ts';
import { home } from '../shared/server.ts';
import { noTraces, remembered, type Traces } from './charts.ts';
import { parseHealth, type Health } from '../shared/health.ts';
import { noProgramme, parseComing, parsePinned, type Programme } from './programme.ts';

const place = 'mediad-operator';
const every = 2000; // ms between two rounds of requests
const patience = 5000; // ms for an answer
const most = 20; // scheduled cues that are shown

/** `looking`: whether somebody is signed in; `ask`: nobody is, and there is no token; `wrong`: the token is refused; `barred`: whoever is signed in has no role here; `unknown`: there is no such room; `away`: the server does not answer. */
export type State = 'looking' | 'ask' | 'barred' | 'wrong' | 'asking' | 'there' | 'unknown' | 'away';

/**
 * Asks the server again and again what holds in a room, with the sign-in of the studio or an API token. A token is kept in this tab's
 * sessionStorage and sent as a header: it is never in an address.
 */
export class Watcher implements ReactiveController {
  state: State = 'looking';
  health: Health | undefined;
  programme: Programme = noProgramme;
  traces: Traces = noTraces;
  private skew = 0; // by how many ms the server's clock is ahead of this one

  private access: Access | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private run = 0; // answers to requests with an earlier token are ignored

  constructor(private readonly host: ReactiveControllerHost & Element, private readonly room: () => string) {
    host.addController(this);
  }

  hostConnected(): void {
    const token = sessionStorage.getItem(place);
    document.addEventListener('visibilitychange', this.seen);
    if (token) this.begin({ token });
    else void this.lookForSession();
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.seen);
    clearTimeout(this.timer);
    this.run++;
  }

  /** Whether there is a token, or a sign-in, that the server has not refused. */
  get admitted(): boolean {
    return !['looking', 'ask', 'wrong', 'barred'].includes(this.state);
  }

  /** Whether a token was given, so that it can be forgotten. */
  get byToken(): boolean {
    return this.access?.token !== undefined;
  }

  /** The server's time, in ms since 1970. */
  now(): number {
    return Date.now() + this.skew;
  }

  enter(token: string): void {
    sessionStorage.setItem(place, token);
    this.begin({ token });
  }

  private begin(access: Access): void {
    this.access = access;
    this.run++;
    this.state = 'asking';
    void this.look();
  }

  /** Takes the sign-in that this browser has, if nobody has given a token meanwhile. */
  private async lookForSession(): Promise<void> {
    const access = await signedIn();
    if (this.admitted || !this.host.isConnected) return;
    if (access) this.begin(access);
    else if (this.state === 'looking') this.state = 'ask';
    this.host.requestUpdate();
  }

  /** Whoever comes back from signing in is let in. */
  private readonly seen = (): void => {
    if (!document.hidden && !this.admitted) void this.lookForSession();
  };

  leave(state: State): void {
    sessionStorage.removeItem(place);
    clearTimeout(this.timer);
    this.run++;
    this.access = undefined;
    this.traces = noTraces;
    this.programme = noProgramme;
    this.health = undefined;
    this.state = state;
    this.host.requestUpdate();
  }

  /** Takes a scheduled cue back. `late`: it has come, or somebody else took it back; `failed`: it still waits, as far as is known. */
  async cancel(id: string): Promise<'done' | 'late' | 'failed'> {
    try {
      if (!this.access) return 'failed';
      const { response } = await clientOf(this.access).DELETE('/api/v1/rooms/{room}/cues/{id}', { params: { path: { room: this.room(), id } }, signal: AbortSignal.timeout(patience) });
      if (response.ok) this.programme = { ...this.programme, coming: this.programme.coming.filter((c) => c.id !== id) };
      return response.ok ? 'done' : response.status === 409 || response.status === 404 ? 'late' : 'failed';
    } catch {
      return 'failed';
    }
  }

  private async look(): Promise<void> {
    clearTimeout(this.timer);
    const run = this.run;
    if (!document.hidden) {
      const state = await this.ask();
      if (run !== this.run) return;
      this.state = state;
      if (state === 'wrong' || state === 'barred' || state === 'ask') this.leave(state);
      this.host.requestUpdate();
    }
    if (this.access) this.timer = setTimeout(() => void this.look(), every);
  }

  private async ask(): Promise<State> {
    const { run, access } = this;
    if (!access) return 'ask';
    const client = clientOf(access);
    const path = { room: this.room() };
    const signal = AbortSignal.timeout(patience);
    try {
      const [room, pins, cues] = await Promise.all([
        client.GET('/api/v1/rooms/{room}', { params: { path }, signal }),
        client.GET('/api/v1/rooms/{room}/pins', { params: { path }, signal }),
        client.GET('/api/v1/rooms/{room}/cues', { params: { path, query: { limit: most } }, signal }),
      ]);
      const { status, headers } = room.response;
      if (access.token === undefined && (status === 403 || status === 404)) return 'barred';
      if (status === 401 || status === 403) return access.token === undefined ? 'ask' : 'wrong';
      if (status === 404) return 'unknown';
      if (!room.data || !pins.data || !cues.data) return 'away';
      if (run !== this.run) return 'ask';
      this.health = parseHealth(room.data);
      this.programme = { pinned: parsePinned(pins.data, home), ...parseComing(cues.data) };
      this.traces = remembered(this.traces, Date.now() / 1000, this.health.ingest);
      const skew = Date.parse(headers.get('date') ?? '') - Date.now();
      if (Math.abs(skew - this.skew) > 1500) this.skew = skew; // the header has whole seconds: what is less is no difference
      return 'there';
    } catch {
      return 'away';
    }
  }
}
