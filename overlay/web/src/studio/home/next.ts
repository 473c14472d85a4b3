import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import { airMark } from '../air/mark.ts';
import type { Studio } from '../context.ts';
import { moment } from '../rooms/words.ts';
import { hashOf } from '../route.ts';
import { lateness, type Show } from '../shows/words.ts';
import type { Rooms } from './ask.ts';
import { wordsOf, type Words } from './words.ts';

const most = 5;

/** The shows that come next: the soonest first, then those without a date. */
export const coming = (planned: readonly Show[], now: number): Show[] => planned.filter((s) => lateness(s, now) !== 'missed')
  .sort((a, b) => (a.starts_at ? Date.parse(a.starts_at) : Infinity) - (b.starts_at ? Date.parse(b.starts_at) : Infinity) || a.id.localeCompare(b.id));

/** What a show still lacks, in words. */
export const lacking = (s: Show, words: Words): string[] => [s.starts_at ? '' : words.lackTime, s.lineup_rev ? '' : words.lackLineup, s.picture || s.rehearsal ? '' : words.lackPicture].filter(Boolean);

export function next(planned: readonly Show[], { all, now }: Rooms, studio: Studio): TemplateResult {
  const { language } = studio;
  const { locale } = language;
  const words = wordsOf(language);
  const shows = coming(planned, now);
  const rooms = new Map(all.map(({ room }) => [room.slug, room.title]));
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  return html`<section class="sheet next" aria-labelledby="home-next"><div class="top-line"><h2 id="home-next">${words.nextHead}</h2><a href=${hashOf('shows')}>${words.nextAll}</a></div>
    ${shows.length ? html`<ul>${shows.slice(0, most).map((s) => {
      const lacks = lacking(s, words);
      const room = rooms.get(s.room) ?? s.room;
      return html`<li data-show=${s.id}><a href=${hashOf(`shows/${s.id}`)}><strong>${s.title}</strong>
        <small class="soft">${s.starts_at ? moment(new Date(s.starts_at), s.timezone, locale) : words.noTime}${room === s.title ? nothing : ` · ${room}`}${s.rehearsal ? ` · ${words.rehearsal}` : nothing}</small>
        <small class=${lacks.length ? 'warn' : 'good'}>${lacks.length ? say(words.lacks, { what: list.format(lacks) }) : words.allThere}</small></a>${lateness(s, now) ? airMark('late', language) : nothing}</li>`;
    })}</ul>` : html`<p class="soft">${words.nextNone}</p>`}</section>`;
}
