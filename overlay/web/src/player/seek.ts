import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../shared/language.ts';
import type { Pointed } from './preview.ts';
import type { Words } from './words.ts';

/** The seek bar and the clock, of a recording or of a live show with a rewind list. */

export interface SeekFacts {
  /** The position of playback, or where the viewer holds the thumb; in seconds. */
  readonly at: number;
  /** In seconds; 0 while not known. */
  readonly duration: number;
  /** The end is live: the clock shows how far the picture is behind it. */
  readonly live?: boolean;
}

const edge = 8; // the last seconds of the bar mean live, since nobody can seek to a moment that is not there yet

/** Whether a place on the bar of a live show means live. */
export const atEdge = (at: number, duration: number): boolean => at > duration - edge;

export interface SeekActions {
  /** The thumb is held; undefined: it was released without a choice. */
  hold(at: number | undefined): void;
  seek(to: number): void;
  /** A pointer is over the bar; undefined: it has left. */
  point(place: Pointed | undefined): void;
}

/**
 * The bar of a live show: its length, 0 if there is no more than the last moments, and the place on it, in seconds. It moves in
 * visible steps, since each needs a rendering: at live, two seconds at least.
 */
export function rangeOf(span: { readonly from: number; readonly to: number; readonly at: number }, following: boolean): { duration: number; at: number } {
  const exact = (span.to - span.from) / 1000;
  const step = following ? Math.max(2, exact / 200) : 1;
  const long = Math.floor(exact / step) * step;
  const duration = long > 20 ? long : 0;
  return { duration, at: Math.max(0, duration - Math.round((span.to - span.at) / 1000)) };
}

/** "0:07", "12:34", "1:02:03". */
export function clockTime(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds || 0));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

const thumb = 16; // px, as in the styles

/** The time under a place on a bar. The bar's ends are the outermost positions of the thumb's middle. */
export function timeAt(x: number, bar: { readonly left: number; readonly width: number }, duration: number): number {
  const part = (x - bar.left - thumb / 2) / Math.max(1, bar.width - thumb);
  return Math.min(1, Math.max(0, part)) * duration;
}

/** The new place in a recording after a key; undefined: the key does nothing. */
export function keyed(key: string, at: number, duration: number): number | undefined {
  const by: Record<string, number> = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -60, PageUp: 60 };
  if (key === 'Home') return 0;
  if (key === 'End') return duration;
  const step = by[key];
  return step === undefined ? undefined : Math.min(duration, Math.max(0, at + step));
}

export function seekBar({ at, duration, live }: SeekFacts, t: Words, act: SeekActions): TemplateResult | typeof nothing {
  if (!(duration > 0)) return nothing;
  const bar = (e: Event): HTMLInputElement => e.currentTarget as HTMLInputElement;
  const place = (e: PointerEvent): number => timeAt(e.clientX, bar(e).getBoundingClientRect(), duration);
  const down = (e: PointerEvent): void => {
    if (e.button !== 0) return;
    bar(e).setPointerCapture(e.pointerId);
    if (e.pointerType === 'mouse') {
      bar(e).dataset['mouse'] = ''; // no ring around it until a key is pressed
      bar(e).focus({ preventScroll: true });
    }
    act.hold(place(e));
  };
  const held = (f: (to: number) => void) => (e: PointerEvent): void => {
    if (bar(e).hasPointerCapture(e.pointerId)) f(place(e));
  };
  const move = (e: PointerEvent): void => {
    const holds = bar(e).hasPointerCapture(e.pointerId);
    if (holds) act.hold(place(e));
    if (!holds && e.pointerType !== 'mouse') return;
    const frame = (bar(e).parentElement ?? bar(e)).getBoundingClientRect();
    act.point({ at: place(e), x: e.clientX - frame.left, of: frame.width });
  };
  const keyboard = (e: Event): void => {
    delete bar(e).dataset['mouse'];
  };
  const letGo = (): void => {
    act.hold(undefined);
    act.point(undefined);
  };
  // Browsers differ in whether a finger can set a range outside of its thumb. So this code follows the pointer, and
  // prevents the browser's own action. Then an input event comes only from assistive technology.
  const own = (e: Event): void => e.preventDefault();
  return html`<input class="seek" part="seek" type="range" min="0" max=${duration} step="any" .value=${String(at)}
    aria-label=${live ? t.rewind : t.placeInReplay}
    aria-valuetext=${!live ? say(t.placeOf, { at: clockTime(at), of: clockTime(duration) }) : atEdge(at, duration) ? t.live : say(t.behind, { s: Math.round(duration - at) })}
    @pointerdown=${down} @pointermove=${move} @pointerup=${held(act.seek)} @lostpointercapture=${letGo} @pointerleave=${() => act.point(undefined)}
    @keydown=${keyboard} @blur=${keyboard} @mousedown=${own} @touchstart=${own} @input=${(e: Event) => act.seek(Number(bar(e).value))} />`;
}

/** A place on the bar as text: "LIVE", "−3:35" behind live, or "1:40" in a recording. */
export const placeTime = ({ at, duration, live }: SeekFacts, t: Words): string =>
  !live ? clockTime(at) : atEdge(at, duration) ? t.live : `−${clockTime(duration - at)}`;

export const clock = ({ at, duration, live }: SeekFacts): TemplateResult | typeof nothing =>
  live ? (atEdge(at, duration) ? nothing : html`<span class="time" part="time"><b>−${clockTime(duration - at)}</b></span>`) :
  duration > 0 ? html`<span class="time" part="time"><b>${clockTime(at)}</b> / ${clockTime(duration)}</span>` : nothing;
