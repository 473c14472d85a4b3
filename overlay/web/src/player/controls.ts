import { html, nothing, type TemplateResult } from 'lit';
import { icons } from '../shared/icons.ts';
import { say } from '../shared/language.ts';
import { preview, type Pointed, type Thumb } from './preview.ts';
import { clock, placeTime, seekBar, type SeekActions, type SeekFacts } from './seek.ts';
import type { Words } from './words.ts';

export interface ControlFacts {
  readonly live: boolean;
  readonly paused: boolean;
  readonly muted: boolean;
  readonly volume: number;
  readonly full: boolean;
  /** Seconds behind the studio; undefined while not known. */
  readonly latency: number | undefined;
  /** Watching from further back than live. */
  readonly behind: boolean;
  /** Of a recording, or of a live show that can be gone back in. */
  readonly place: SeekFacts | undefined;
  /** Where a pointer is on the bar. */
  readonly pointed: Pointed | undefined;
  readonly thumbs: readonly Thumb[];
  /** The picture fills the stage, and loses its edges; undefined where it has the shape of the stage. */
  readonly fill: boolean | undefined;
  /** The picture can have a window of its own. */
  readonly pop: boolean;
  /** How many products the list has. */
  readonly goods: number | undefined;
}

export interface ControlActions extends SeekActions {
  toggle(): void;
  mute(): void;
  volume(value: number): void;
  full(): void;
  fill(): void;
  pop(): void;
  goLive(): void;
  pocket(): void;
}

export function controls(f: ControlFacts, t: Words, act: ControlActions): TemplateResult {
  const button = (name: string, label: string, icon: TemplateResult, press: () => void): TemplateResult =>
    html`<button class="key ${name}" part="control" aria-label=${label} title=${label} @click=${press}>${icon}</button>`;
  const slide = (e: Event): void => act.volume(Number((e.target as HTMLInputElement).value));
  const seconds = Math.round(f.latency ?? 0);
  return html`<div class="controls" part="controls">
    ${f.place ? seekBar(f.place, t, act) : nothing}
    ${f.place && f.pointed ? preview(f.place.live ? [] : f.thumbs, f.pointed, placeTime({ ...f.place, at: f.pointed.at }, t)) : nothing}
    ${button('bag', `${t.products} ${f.goods || ''}`, html`${icons.bag}${f.goods || nothing}`, act.pocket)}
    ${button('toggle', f.paused ? t.play : t.pause, f.paused ? icons.play : icons.pause, act.toggle)}
    ${button('sound', f.muted ? t.soundOn : t.mute, f.muted ? icons.silent : icons.loud, act.mute)}
    <input class="volume" type="range" min="0" max="1" step="0.05" aria-label=${t.volume} .value=${String(f.muted ? 0 : f.volume)} @input=${slide} />
    ${f.place ? clock(f.place) : nothing}
    <span class="space"></span>
    ${f.live && f.behind
      ? html`<button class="go-live" part="go-live" aria-label="${t.goLive}, ${say(t.behind, { s: seconds })}" @click=${act.goLive}><i></i>${t.goLive}${f.place ? nothing : html`<small>−${seconds} s</small>`}</button>`
      : nothing}
    ${f.fill === undefined ? nothing : button('fill', f.fill ? t.wholePicture : t.fillFrame, f.fill ? icons.whole : icons.fill, act.fill)}
    ${f.pop ? button('pip', t.popOut, icons.pop, act.pop) : nothing}
    ${button('full', f.full ? t.leaveFullscreen : t.fullscreen, f.full ? icons.shrink : icons.grow, act.full)}
  </div>`;
}
