import { html, nothing, render, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { badge, buy, picture, prices, titleOf, type CardWords } from './card.ts';
import { ChapterRail } from './chapters.ts';
import type { Product } from './cue.ts';
import { details, type Details } from './details.ts';
import { icons } from './icons.ts';
import type { MediadPlayer, ProductDetail } from './player.ts';
import './player.ts';
import { languageOf } from './strings.ts';

/** The watch page around the player: the list of what was shown, and the buttons that share and embed. */

interface Seen {
  product: Product;
  show: string;
  on: boolean;
  more: Details | undefined;
}

const { locale, text } = languageOf(document.documentElement.lang);
const words: CardWords = { origin: location.origin, locale, text };
const railHost = document.getElementById('chapters');
const seen = new Map<string, Seen>(); // in the order of the first pin
let watched = false; // a picture was seen on this page

function note(kind: string, { product, show }: ProductDetail): void {
  const was = seen.get(product.id);
  const now: Seen = { product: { ...was?.product, ...product }, show, on: kind !== 'product-unpin', more: was?.more };
  seen.set(product.id, now);
  draw();
  void details(words.origin, show, product).then((d) => {
    if (!d || seen.get(product.id)?.product.rev !== product.rev) return;
    seen.get(product.id)!.more = d;
    draw();
  });
}

function draw(): void {
  const list = document.getElementById('seen');
  const count = document.getElementById('seen-count');
  if (!list) return;
  if (count) count.textContent = seen.size ? String(seen.size) : '';
  // What is on now comes first, then the newest.
  const all = [...seen.values()].reverse().sort((a, b) => Number(b.on) - Number(a.on));
  render(
    all.length
      ? html`<ul class="goods">${repeat(all, (s) => s.product.id, item)}</ul>`
      : html`<p class="empty">${icons.bag}<span>${nothingSeen()}</span></p>`,
    list,
  );
}

/** After the end no more will come; who comes only then has seen no show, and may watch the recording. */
function nothingSeen(): string {
  if (player?.dataset['state'] !== 'ended') return text.empty;
  return watched ? text.noneShown : text.emptyReplay;
}

function item({ product: p, show, on, more }: Seen): TemplateResult {
  const title = titleOf(p, more, text);
  const explained = rail?.of(p.id);
  return html`<li class="good" data-product-id=${p.id} ?data-on=${on} data-stock=${p.stock ?? 'in'}>
    <span class="pic" aria-hidden="true">${picture(more, 'lazy')}
      ${on ? html`<span class="on">${text.onNow}</span>` : nothing}</span>
    <div class="facts">
      <h3>${title}</h3>
      ${badge(p, text)}
      <div class="deal">${prices(p, words)}${buy(p, more, show, title, words)}</div>
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
    draw();
  }).observe(player, { attributes: true, attributeFilter: ['data-state'] });
}

const rail = player && railHost ? new ChapterRail(player, railHost, text, draw) : undefined;

const share = document.getElementById('share');
share?.addEventListener('click', () => {
  const url = location.origin + location.pathname;
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
if (operator && player?.room) void import('./operator.ts').then((m) => m.operate(player.room, locale));

draw();
