import { html, type TemplateResult } from 'lit';
import host from '../../generated/strings/host.ts';
import table from '../../generated/strings/studio-air.ts';
import type { Condition } from '../../shared/condition.ts';
import type { Language } from '../context.ts';

/** How a room or a show is, in one word: what a room may be, and what a show is besides. */
export type Air = Condition | 'planned' | 'missed' | 'ended';

/** The word. A room that is on air has that of the dock and of the operator's panel; in trouble it has one more, for a colour alone says nothing to many. */
export function airWord(air: Air, language: Language): string {
  const common = language.in(host);
  const words = language.in(table);
  return {
    live: common.onAir, troubled: words.airTrouble, away: common.hostAway, off: common.offAir,
    late: words.airLate, paused: words.airPaused, planned: words.airPlanned, missed: words.airMissed, ended: words.airEnded,
  }[air];
}

/** The mark: the same word in the same colour in each list and on each page. */
export const airMark = (air: Air, language: Language): TemplateResult => html`<span class="air" data-air=${air}>${airWord(air, language)}</span>`;
