import type { ReactiveControllerHost } from 'lit';
import { fieldsOf, textOf } from '../../shared/api.ts';
import { readErrors } from '../../shared/refusals.ts';
import { patience, type Desk } from '../desk.ts';
import type { Trouble } from '../deeds.ts';
import type { Obs } from '../obs.ts';
import { Footage } from './footage.ts';

/** Measures by how much the picture is late: the dock counts, the host claps, and finds the clap in the picture that arrives. */

const beats = 3; // before the clap
const beat = 1000; // ms
const look = 300; // ms between two looks whether the cue has landed
const longest = 60; // s: the room's cue_delay

export type Step = 'ready' | 'counting' | 'arriving' | 'finding' | 'saved';

interface Answer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

export class Clap {
  step: Step = 'ready';
  /** How many beats are left; 0: clap. */
  left = beats;
  /** The delay that is tried, in seconds. */
  value = 0;
  trouble: Trouble | undefined;
  /** While it plays: whether the card would be there. */
  card: boolean | undefined;
  private before: number | null = null; // what the room had; null: nothing of its own
  private base = 0; // the date of the picture that a cue for the moment of the clap lands on, without any delay
  private timecode: number | undefined; // the date of what left OBS at that moment
  private footage: Footage | undefined;
  private placed = false; // the picture stands where the slider is
  private readonly stop = new AbortController();

  constructor(private readonly host: ReactiveControllerHost, private readonly desk: Desk, private readonly obs: Obs) {
    this.value = desk.delay.seconds;
  }

  /** Takes the element in which the picture is seen. */
  see(video: HTMLVideoElement | undefined): void {
    if (this.footage || !video || !this.desk.playback) return;
    this.footage = new Footage(video, this.desk.playback, () => this.arrived());
  }

  close(): void {
    this.stop.abort();
    this.footage?.stop();
    this.footage = undefined;
  }

  /** Whether whoever is here may save it. */
  get may(): boolean {
    return this.desk.mayRun;
  }

  /** How far the pictures reach behind the clap, in seconds. */
  get most(): number {
    const until = this.step === 'finding' ? this.footage?.until(this.base) : undefined;
    return until === undefined ? 0 : Math.min(longest, Math.max(0, Math.floor((until - this.base) / 20) / 50));
  }

  async count(): Promise<void> {
    this.trouble = this.card = undefined;
    this.placed = false;
    this.footage?.live();
    const sound = new AudioContext();
    for (this.left = beats; this.left >= 0; this.left--) {
      this.set('counting');
      beep(sound, this.left === 0);
      if (this.left > 0) await pause(beat);
      if (this.stop.signal.aborted) return void sound.close();
    }
    setTimeout(() => void sound.close(), beat);
    await this.mark();
  }

  /** Notes where a cue for now would land. The cue itself means nothing to players. */
  private async mark(): Promise<void> {
    const path = { room: this.desk.room };
    const timecode = this.obs.timecode();
    const made = fieldsOf<'CueMade'>(await this.ask((client, signal) => client.POST('/api/v1/rooms/{room}/cues', { params: { path }, body: { kind: 'custom', data: { clap: true }, at: { delay_ms: 1 } }, signal })));
    this.timecode = (await timecode)?.getTime();
    const id = textOf(made.id);
    if (!id) return this.set('ready');
    this.set('arriving');
    for (let tries = 0; !this.stop.signal.aborted; tries++) {
      const cue = fieldsOf<'CueBody'>(await this.ask((client, signal) => client.GET('/api/v1/rooms/{room}/cues/{id}', { params: { path: { ...path, id } }, signal })));
      const date = Date.parse(textOf((cue.landed as { date?: unknown } | null | undefined)?.date));
      if (!Number.isNaN(date)) {
        this.base = date;
        return this.set('finding');
      }
      if (this.trouble || tries * look > longest * 1000) return this.set('ready');
      await pause(look);
    }
  }

  /** Tries a delay: the picture is the one that a card pressed at the clap would come with. */
  choose(seconds: number): void {
    if (!(seconds >= 0)) return;
    this.value = Math.min(this.most, Math.round(seconds * 1000) / 1000);
    this.card = undefined;
    this.placed = true;
    this.footage?.show(this.base + this.value * 1000);
    this.host.requestUpdate();
  }

  play(): void {
    this.footage?.play(this.base + this.value * 1000, (is) => {
      if (this.card !== is) this.host.requestUpdate();
      this.card = is;
    });
  }

  /** Saves the delay as the room's own. */
  async save(): Promise<void> {
    const { seconds, own } = this.desk.delay;
    if (!(await this.put(this.value))) return;
    this.before = own ? seconds : null;
    if (this.timecode !== undefined) this.obs.learn(this.base + this.value * 1000 - this.timecode);
    this.set('saved');
  }

  /** Gives the room back what it had. */
  async undo(): Promise<void> {
    if (!(await this.put(this.before))) return;
    if (this.timecode !== undefined) this.obs.learn(undefined);
    this.set('finding');
  }

  private async put(delay: number | null): Promise<boolean> {
    const got = fieldsOf<'RoomBody'>(await this.ask((client, signal) => client.PATCH('/api/v1/rooms/{room}', { params: { path: { room: this.desk.room } }, body: { cue_delay: delay }, signal })));
    if (typeof got.cue_delay !== 'number') return false;
    this.desk.delay = { seconds: got.cue_delay, own: got.cue_delay_own === true };
    return true;
  }

  /** More of the picture has come. */
  private arrived(): void {
    if (this.step === 'finding' && !this.placed && this.most > Math.min(this.value, 1)) this.choose(this.value);
    this.host.requestUpdate();
  }

  private set(step: Step): void {
    this.step = step;
    this.host.requestUpdate();
    void this.host.updateComplete.then(() => {
      if (document.activeElement === document.body) document.querySelector<HTMLElement>('.clap-steps')?.focus(); // its button is gone
    });
  }

  private async ask(send: (client: ReturnType<Desk['client']>, signal: AbortSignal) => Promise<Answer>): Promise<unknown> {
    this.trouble = undefined;
    const fail = (why: Trouble['why'], detail = ''): undefined => {
      this.trouble = { where: 'clap', why, detail };
      this.host.requestUpdate();
    };
    try {
      const { data, error, response: { ok, status } } = await send(this.desk.client(), AbortSignal.timeout(patience));
      if (ok) return data ?? {};
      if (status === 401) return void this.desk.refused();
      await readErrors();
      return fail(status === 403 ? 'forbidden' : status === 429 || status >= 500 ? 'busy' : 'refused', textOf(fieldsOf<'ErrorModel'>(error).detail));
    } catch {
      return fail('unanswered');
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((ok) => setTimeout(ok, ms));

/** The host looks at the camera: the count is heard. */
function beep(sound: AudioContext, last: boolean): void {
  const [tone, volume] = [sound.createOscillator(), sound.createGain()];
  tone.frequency.value = last ? 1320 : 660;
  volume.gain.value = 0.15;
  tone.connect(volume).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.12);
}
