import { html, nothing, type TemplateResult } from 'lit';
import type { Cue } from '../shared/cue.ts';
import { icons } from '../shared/icons.ts';
import { say } from '../shared/language.ts';
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

/** "1 min 5 s" or "42 s", in the words of a language. */
export function waitWords(seconds: number, t: Words): string {
  const [m, s] = [Math.floor(seconds / 60), seconds % 60];
  return [m ? say(t.waitMinutes, { n: m }) : '', s || !m ? say(t.waitSeconds, { n: s }) : ''].filter(Boolean).join(' ');
}

/** A sentence that says how long the room waits for the host. */
export const awayWords = (seconds: number, t: Words): string => (seconds > 0 ? say(t.awayFor, { wait: waitWords(seconds, t) }) : t.hostBackMore);

/** The messages above the picture: the host's notice, and that the host is away. The countdown is only visible; screen readers get it once elsewhere. */
export function board(posted: Posted | undefined, away: number | undefined, t: Words): TemplateResult {
  return html`<div class="board" part="board">
    ${away === undefined ? nothing
      : html`<div class="away" part="away"><span class="dots"><i></i><i></i><i></i></span><p><b>${t.away}</b> <span aria-hidden="true">${awayWords(away, t)}</span></p></div>`}
    <div role="status" aria-live="polite">${posted
      ? html`<div class="words" part="words">${icons.horn}<p><span class="sr">${t.fromHost}: </span>${posted.text}</p></div>` : nothing}</div>
  </div>`;
}
