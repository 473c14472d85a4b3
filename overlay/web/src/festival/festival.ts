import { html, nothing, render, type TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import text from '../generated/strings/festival.ts';
import { inLanguage, say } from '../shared/language.ts';
import { found, schedule } from './lists.ts';
import { festivalFrom, foundFrom, type Festival, type Found } from './data.ts';
import { away, tile } from './tile.ts';
import { isIn, type Place } from './words.ts';

/** The page of a festival: a wall of the rooms on air, what they show, and the schedule. No player is loaded: each tile leads to its room. */

const every = 4000; // ms
const typing = 300; // ms until what is typed is looked for

const root = document.getElementById('festival')!;
const { slug = '', base = '', locale = 'en', embed } = root.dataset;
const words = inLanguage(text, locale);
const at: Place = { base, locale, words, target: embed === undefined ? undefined : '_blank' };

const query = new URLSearchParams(location.search);
const wish = { q: query.get('q') ?? '', region: query.get('region') ?? '', category: query.get('category') ?? '' };

let festival: Festival | undefined;
let results: Found | undefined;
let late = false;
let asked = 0; // counts searches: an answer to an older one is not shown

const looks = (): boolean => wish.q.trim() !== '' || wish.category !== '';

async function json(path: string): Promise<unknown> {
  try {
    const answer = await fetch(`${base}/c/festival/${encodeURIComponent(slug)}${path}`, { credentials: 'omit' });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}

async function look(): Promise<void> {
  const now = festivalFrom(await json('.json'));
  late = !now;
  festival = now ?? festival;
  draw();
}

async function search(): Promise<void> {
  const turn = ++asked;
  if (!looks()) {
    results = undefined;
    return draw();
  }
  const now = foundFrom(await json(`/products?${new URLSearchParams({ q: wish.q.trim(), region: wish.region, category: wish.category })}`));
  if (turn !== asked) return;
  results = now ?? results;
  late = !now;
  draw();
}

let waiting: ReturnType<typeof setTimeout> | undefined;

function wished(change: Partial<typeof wish>, wait = 0): void {
  Object.assign(wish, change);
  const said = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(wish)) {
    if (value.trim()) said.set(name, value.trim());
    else said.delete(name);
  }
  history.replaceState(null, '', said.size ? `?${said}` : location.pathname);
  clearTimeout(waiting);
  waiting = setTimeout(() => void search(), wait);
  draw();
}

const choice = (name: 'region' | 'category', label: string, all: string, options: readonly string[], shown: (o: string) => string): TemplateResult | typeof nothing =>
  options.length ? html`<label><span class="sr">${label}</span><select name=${name} .value=${wish[name]} @change=${(e: Event) => wished({ [name]: (e.target as HTMLSelectElement).value })}>
    <option value="">${all}</option>${options.map((o) => html`<option value=${o} ?selected=${o === wish[name]}>${shown(o)}</option>`)}</select></label>` : nothing;

const indented = (path: string, between: string): string => {
  const steps = path.split(between);
  return '\u2003'.repeat(steps.length - 1) + (steps.at(-1) ?? path);
};

function page(f: Festival): TemplateResult {
  const rooms = f.rooms.filter((r) => isIn(r.region, wish.region, '/') && (!wish.category || r.categories.includes(wish.category)));
  const live = rooms.filter((r) => r.live);
  const others = rooms.filter((r) => !r.live);
  const when = (date: Date): string => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
  const plans = f.schedule.filter((s) => rooms.some((r) => r.room === s.room));
  const empty = (): string => f.at < f.starts ? say(words.festivalSoon, { when: when(f.starts) })
    : f.at >= f.ends ? words.festivalOver
    : rooms.length < f.rooms.length && f.rooms.some((r) => r.live) ? words.wallFiltered
    : plans[0] ? say(words.wallNext, { when: when(plans[0].starts) }) : !f.rooms.length ? words.noRoomsYet : '';
  return html`<search class="filters">
      <label class="find"><span class="sr">${words.findProducts}</span><input type="search" name="q" .value=${wish.q} placeholder=${words.findProducts} maxlength="200" enterkeyhint="search" autocomplete="off" @input=${(e: Event) => wished({ q: (e.target as HTMLInputElement).value }, typing)} /></label>
      ${choice('region', words.regionLabel, words.allRegions, f.regions, (r) => indented(r, '/'))}
      ${choice('category', words.categoryLabel, words.allCategories, f.categories, (c) => indented(c, ' > '))}
    </search>
    ${late ? html`<p class="late" role="alert">${words.wallTrouble}</p>` : nothing}
    ${looks() ? found(results, at) : nothing}
    <section aria-labelledby="wall-head"><h2 id="wall-head">${words.wallLive}${live.length ? html` <span class="count">${live.length}</span>` : nothing}</h2>
      ${live.length ? html`<ul class="wall">${repeat(live, (r) => r.room, (r) => tile(r, at))}</ul>`
        : html`<p class="none"><strong>${words.wallNone}</strong>${empty()}</p>`}</section>
    ${embed === undefined || plans.length ? schedule(plans, at) : nothing}
    ${others.length ? html`<section aria-labelledby="others-head"><h2 id="others-head">${words.othersHead}</h2><ul class="others">${repeat(others, (r) => r.room, (r) => away(r, at))}</ul></section>` : nothing}`;
}

function draw(): void {
  render(festival ? page(festival) : late ? html`<p class="late" role="alert">${words.wallTrouble}</p>` : html`<p class="none" role="status">${words.wallOpening}</p>`, root);
}

/** Who does not look at the page asks for nothing. */
async function follow(): Promise<void> {
  for (;;) {
    if (document.visibilityState === 'visible') await look();
    else await new Promise((seen) => document.addEventListener('visibilitychange', seen, { once: true }));
    await new Promise((on) => setTimeout(on, every * (0.85 + 0.3 * Math.random()))); // all pages together are no wave
  }
}

for (const time of document.querySelectorAll<HTMLTimeElement>('.head time')) time.textContent = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(time.dateTime));
draw();
void search();
void follow();
