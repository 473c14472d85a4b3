import { html, nothing, type TemplateResult } from 'lit';
import type { Cue } from '../shared/cue.ts';
import { icons } from '../shared/icons.ts';
import type { Words } from './words.ts';

/** Notices of the host to everybody (`notice`). Each is shown from its moment of the picture, live and in a replay, as long as people need to read it. */

export interface Posted {
  readonly text: string;
  /** On the media timeline, in seconds. */
  readonly from: number;
  readonly to: number;
}

/** How many seconds people have to read a text. */
export const readingTime = (text: string): number => Math.min(20, 8 + text.length * 0.06);

export class NoticeBoard {
  private list: Posted[] = [];

  /** Takes a cue with its media time; a cue that is no notice is ignored. */
  add(cue: Cue, time: number): void {
    const { kind, text } = cue;
    if (kind === 'notice' && typeof text === 'string' && text.trim()) this.list.push({ text, from: time, to: time + readingTime(text) });
  }

  /** The notice at a media time: the newest one. */
  at(time: number): Posted | undefined {
    let up: Posted | undefined;
    for (const n of this.list) if (n.from <= time && time < n.to && !(up && n.from < up.from)) up = n;
    return up;
  }

  /** Another timeline begins. */
  clear(): void {
    this.list = [];
  }
}

/** The messages above the picture: the host's notice, and that the host is away. Screen readers are told of that once, elsewhere. */
export function board(posted: Posted | undefined, away: boolean, t: Words): TemplateResult {
  return html`<div class="board" part="board">
    ${away ? html`<div class="away" part="away"><span class="dots"><i></i><i></i><i></i></span><p><b>${t.away}</b> <span aria-hidden="true">${t.hostBackMore}</span></p></div>` : nothing}
    <div role="status" aria-live="polite">${posted
      ? html`<div class="words" part="words">${icons.horn}<p><span class="sr">${t.fromHost}: </span>${posted.text}</p></div>` : nothing}</div>
  </div>`;
}
