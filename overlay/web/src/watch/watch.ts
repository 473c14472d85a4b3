import { html, nothing, render, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { badge, buy, picture, prices, titleOf, type CardWords } from '../shared/card.ts';
import { ChapterRail } from './chapters.ts';
import { details, detailsURL, type Details } from '../shared/details.ts';
import { Goods, parseShown, type Good } from './goods.ts';
import { icons } from '../shared/icons.ts';
import type { MediadPlayer, ProductDetail } from '../player/player.ts';
import '../player/player.ts';
import { home } from '../shared/server.ts';
import { languageOf } from '../shared/strings.ts';

/** The watch page around the player: the list of what was shown, and the buttons that share and embed. */

const { locale, text } = languageOf(document.documentElement.lang);
const words: CardWords = { origin: home, locale, text };
const railHost = document.getElementById('chapters');
const goods = new Goods();
const facts = new Map<string, Details>(); // by the address of a revision's details
let watched = false; // a picture was seen on this page

function note(kind: string, { product, show }: ProductDetail): void {
  goods.note(product, show, kind !== 'product-unpin');
  draw();
}

let asked = ''; // show and state that the list was asked for
let undated = 0; // looks at a live picture that has no date (yet)

/** Who comes late gets what was shown before; so does who comes after the end. */
async function catchUp(): Promise<void> {
  const { show, date } = player?.programme ?? { show: '', date: undefined };
  const state = player?.dataset['state'] ?? '';
  const live = state === 'live' || state === 'interrupted';
  if (!show || document.hidden || !(live || state === 'replay' || state === 'ended') || asked === show + state) return;
  if (live && !date && ++undated < 10) return;
  asked = show + state;
  try {
    const answer = await fetch(`${home}/c/${encodeURIComponent(show)}/products.json`, { credentials: 'omit' });
    if (answer.ok && goods.early(show, parseShown(await answer.json()), live && date ? date : Infinity)) draw();
  } catch {
    asked = ''; // the next look may find more
  }
}

/** What is beyond the cue, fetched once for each revision. */
function more({ product, show }: Good): Details | undefined {
  const key = detailsURL(words.origin, show, product);
  if (!facts.has(key)) {
    void details(words.origin, show, product).then((d) => {
      if (!d || facts.has(key)) return;
      facts.set(key, d);
      draw();
    });
  }
  return facts.get(key);
}

function draw(): void {
  const list = document.getElementById('seen');
  const count = document.getElementById('seen-count');
  if (!list) return;
  const all = goods.all();
  if (count) count.textContent = all.length ? String(all.length) : '';
  render(
    all.length
      ? html`<ul class="goods">${repeat(all, (g) => g.product.id, item)}</ul>`
      : html`<p class="empty">${icons.bag}<span>${nothingSeen()}</span></p>`,
    list,
  );
}

/** After the end no more will come; who comes only then has seen no show, and may watch the recording. */
function nothingSeen(): string {
  if (player?.dataset['state'] !== 'ended') return text.empty;
  return watched ? text.noneShown : text.emptyReplay;
}

function item(g: Good): TemplateResult {
  const { product: p, show, on } = g;
  const d = more(g);
  const title = titleOf(p, d, text);
  const explained = rail?.of(p.id);
  return html`<li class="good" data-product-id=${p.id} ?data-on=${on} data-stock=${p.stock ?? 'in'}>
    <span class="pic" aria-hidden="true">${picture(d, 'lazy')}
      ${on ? html`<span class="on">${text.onNow}</span>` : nothing}</span>
    <div class="facts">
      <h3>${title}</h3>
      ${badge(p, text)}
      <div class="deal">${prices(p, words)}${buy(p, d, show, title, words)}</div>
      ${explained ? html`<button class="explain" type="button" @click=${() => rail?.go(explained)}>${icons.play}<span>${text.explain}</span></button>` : nothing}
    </div>
  </li>`;
}

function confirm(button: HTMLElement): void {
  const label = button.querySelector('span') ?? button;
  const was = button.dataset['label'] ?? label.textContent ?? '';
  button.dataset['label'] = was;
  label.textContent = text.copied;
  setTimeout(() => (label.textContent = was), 1600);
}

async function copy(value: string, button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(value);
  } catch {
    // Without a secure page there is no clipboard but the old one.
    const area = Object.assign(document.createElement('textarea'), { value });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  confirm(button);
}

const player: MediadPlayer | null = document.querySelector<MediadPlayer>('mediad-player');
for (const kind of ['product-pin', 'product-update', 'product-unpin']) {
  player?.addEventListener(kind, (e) => note(kind, (e as CustomEvent<ProductDetail>).detail));
}
if (player) {
  new MutationObserver(() => {
    watched ||= player.dataset['state'] === 'live' || player.dataset['state'] === 'replay';
    if (embedCode) embedCode.textContent = replayed() ? embedsRoom.replace('></mediad', ` show="${replayed()}"></mediad`) : embedsRoom;
    draw();
  }).observe(player, { attributes: true, attributeFilter: ['data-state'] });
}

const rail = player && railHost ? new ChapterRail(player, railHost, text, draw) : undefined;

if (player) setInterval(() => void catchUp(), 1000);

/** The show whose recording plays on the page of its room, which that page does not name; "" elsewhere. */
const replayed = (): string => (player && !player.show && player.dataset['state'] === 'replay' ? player.programme.show : '');

/** The address of what is on: of the recording, where one plays. */
function address(): string {
  const url = new URL(document.querySelector<HTMLLinkElement>('link[rel=canonical]')?.href ?? location.origin + location.pathname);
  if (replayed()) url.searchParams.set('show', replayed());
  return url.href;
}

const embedCode = document.getElementById('embed-code');
const embedsRoom = embedCode?.textContent ?? '';

const share = document.getElementById('share');
share?.addEventListener('click', () => {
  const url = address();
  if (!('share' in navigator)) return void copy(url, share);
  navigator.share({ title: document.title, url }).catch((e: DOMException) => {
    if (e.name !== 'AbortError') void copy(url, share);
  });
});

for (const button of document.querySelectorAll<HTMLElement>('[data-copy]')) {
  button.addEventListener('click', () => void copy(document.getElementById(button.dataset['copy'] ?? '')?.textContent ?? '', button));
}

// Operators ask for their panel by ?operator=1 or #operator; its code is not loaded for anybody else.
const operator = new URLSearchParams(location.search).get('operator') === '1' || location.hash === '#operator';
if (operator && player?.room) void import('../operator/operator.ts').then((m) => m.operate(player.room, locale));

draw();
