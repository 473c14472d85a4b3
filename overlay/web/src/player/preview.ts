import { html, nothing, type TemplateResult } from 'lit';

/** The preview of the place under a pointer on the bar: a thumbnail, if there are any, and the time. */

export interface Thumb {
  readonly from: number;
  readonly to: number;
  readonly image: string;
  /** The rectangle of the image, in its pixels. */
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A place on the bar: its time in seconds, and its horizontal position on the controls in CSS pixels. */
export interface Pointed {
  readonly at: number;
  readonly x: number;
  /** How wide the controls are. */
  readonly of: number;
}

/** The thumbnail for a time; the list is in order. */
export function thumbAt(list: readonly Thumb[], at: number): Thumb | undefined {
  let [low, high] = [0, list.length];
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((list[mid]?.to ?? 0) > at) high = mid;
    else low = mid + 1;
  }
  const found = list[low];
  return found && found.from <= at ? found : undefined;
}

/** The preview with its time as text: the place in a recording, or how far behind live it is. */
export function preview(list: readonly Thumb[], { at, x, of }: Pointed, time: string): TemplateResult {
  const thumb = thumbAt(list, at);
  const half = (thumb?.w ?? 48) / 2 + 4;
  return html`<div class="preview" part="preview" aria-hidden="true" .style=${`left:${Math.min(Math.max(x, half), Math.max(half, of - half))}px`}>
    ${thumb
      ? html`<i .style=${`width:${thumb.w}px;height:${thumb.h}px;background:#000 url("${thumb.image}") -${thumb.x}px -${thumb.y}px`}></i>`
      : nothing}
    <b>${time}</b>
  </div>`;
}
