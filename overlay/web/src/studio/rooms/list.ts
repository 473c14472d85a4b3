import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { isTrouble, type Watched } from '../../shared/condition.ts';
import { say } from '../../shared/language.ts';
import { home } from '../../shared/server.ts';
import type { Studio } from '../context.ts';
import { airMark } from '../air/mark.ts';
import '../results/so-far.ts';
import { hashOf } from '../route.ts';
import { isOn, linesOf, summary, timeOf, toneOf, viewersOf, wordsOf } from './words.ts';

/** All rooms, worst first. */
export function list(rooms: readonly Watched[], now: number, studio: Studio): TemplateResult {
  const bad = rooms.some((w) => isTrouble(w.condition));
  return html`<p class="summary ${bad ? 'bad' : ''}" role="status">${summary(rooms, studio.language)}</p>
    <ul class="list">${repeat(rooms, (w) => w.room.slug, (w) => row(w, now, studio))}</ul>`;
}

function row(w: Watched, now: number, studio: Studio): TemplateResult {
  const { language, org, orgs } = studio;
  const words = wordsOf(language);
  const { room, health, condition } = w;
  const [first = '', ...more] = linesOf(w, now, language);
  const owner = room.org === org ? undefined : orgs.find((o) => o.id === room.org)?.name;
  const time = timeOf(w, now, language);
  const show = room.show?.state === 'live' || room.show?.state === 'paused' ? room.show : undefined;
  return html`<li class="sheet room" data-room=${room.slug} data-condition=${condition}>
    ${picture(w, now)}
    <div class="about">
      <h2><a href=${hashOf(`rooms/${encodeURIComponent(room.slug)}`)}>${room.title}</a></h2>
      ${owner ? html`<p class="soft small">${owner}</p>` : nothing}
      ${show ? html`<p class="of-show">${show.title === room.title ? nothing : html`<span>${show.title}</span>`}${!show.rehearsal && studio.may('figures', room.org, room.slug) ? html`<studio-so-far class="soft" .studio=${studio} .show=${show.id}></studio-so-far>` : nothing}</p>` : nothing}
      <p class="how ${toneOf(w)}">${first}${more.length ? html` <span class="more">${more.length === 1 ? words.oneMore : say(words.andMore, { n: more.length })}</span>` : nothing}</p>
    </div>
    <p class="state">${airMark(condition, language)}${time ? html`<span class="time">${time}</span>` : nothing}
      ${health.live ? html`<span class="soft">${viewersOf(health.viewers, language)}</span>` : nothing}</p>
    ${isOn(w) ? html`<a class="button dock" href=${`${home}/dock/${encodeURIComponent(room.slug)}`} target="_blank" rel="noopener">${words.dockWord}<span class="sr">: ${room.title}</span></a>` : nothing}
  </li>`;
}

/** What is on air, made anew every ten seconds; or the first letter of the room. */
function picture({ room }: Watched, now: number): TemplateResult {
  return html`<span class="pic" aria-hidden="true">${[...room.title][0]}${room.poster
    ? html`<img src=${`${room.poster}?${Math.floor(now / 10_000)}`} alt="" @error=${(e: Event) => ((e.target as HTMLElement).hidden = true)} @load=${(e: Event) => ((e.target as HTMLElement).hidden = false)} />` : nothing}</span>`;
}
