import '../player/player.ts';
import type { MediadPlayer } from '../player/player.ts';
import './chapter-rail.ts';
import type { ChapterRail } from './chapter-rail.ts';
import './goods-list.ts';
import type { GoodsList } from './goods-list.ts';
import './times.ts';
import { pageWords } from './words.ts';

/** The watch page around the player: what was shown, the chapters, and the buttons that share and embed. The page is there before this code is. */

const words = pageWords();
const { text } = words;
const player = document.querySelector<MediadPlayer>('mediad-player');

/** What stands below the show, and what the share button does, are loaded when the page is there. */
const sharing = (): Promise<typeof import('./share/offer.ts')> => import('./share/offer.ts');
addEventListener('load', () => void sharing());

/** The show whose recording plays on the page of its room, which that page does not name; "" elsewhere. */
const replayed = (): string => (player && !player.show && player.dataset['state'] === 'replay' ? player.programme.show : '');

/** The address of the present show: of the recording, if one plays. */
function address(): string {
  const url = new URL(document.querySelector<HTMLLinkElement>('link[rel=canonical]')?.href ?? location.origin + location.pathname);
  if (replayed()) url.searchParams.set('show', replayed());
  return url.href;
}

/** The title of the show that plays, which may have begun after the page was made. */
function titled(): void {
  const head = document.querySelector('h1');
  const room = document.getElementById('of');
  const title = player && !player.show && ['live', 'interrupted', 'replay'].includes(player.dataset['state'] ?? '') ? player.programme.title : '';
  if (!title || !head || !room || head.textContent === title) return;
  head.textContent = title;
  room.hidden = title === room.textContent;
  document.title = room.hidden ? title : `${title} · ${room.textContent}`;
}

let embedded = ''; // the show that the codes below the page embed

/** Updates the page for the show that is on. */
function entered(): void {
  titled();
  document.querySelector<GoodsList>('watch-goods')?.entered();
  const show = replayed();
  if (show !== embedded) {
    embedded = show;
    void sharing().then(({ embed }) => embed(embedded));
  }
  // The show that is on, or was on just now, is not listed as a former show.
  const on = show || (player?.dataset['state'] === 'ended' ? player.programme.show : '');
  const former = [...document.querySelectorAll<HTMLElement>('.former [data-show]')];
  for (const item of former) item.hidden = item.dataset['show'] === on;
  document.querySelector<HTMLElement>('.former')?.toggleAttribute('hidden', former.every((item) => item.hidden));
}

if (player) {
  const rail = document.querySelector<ChapterRail>('watch-chapters');
  rail?.follow(player, text);
  if (rail) document.querySelector<GoodsList>('watch-goods')?.follow(player, rail, words);
  entered();
  new MutationObserver(entered).observe(player, { attributes: true, attributeFilter: ['data-state'] });
}

const button = document.getElementById('share');
button?.addEventListener('click', () => void sharing().then(({ offered }) => offered(player, address(), button, text.copied)));
for (const b of document.querySelectorAll<HTMLElement>('[data-copy]')) {
  b.addEventListener('click', () => void sharing().then(({ copy }) => copy(document.getElementById(b.dataset['copy'] ?? '')?.textContent ?? '', b, text.copied)));
}

// Operators open their panel with ?operator=1 or #operator. Its code is not loaded for anybody else.
const operator = new URLSearchParams(location.search).get('operator') === '1' || location.hash === '#operator';
if (operator && player?.room) {
  player.preview = true; // who runs the room is no viewer
  const load = import(new URL(OPERATOR_FILE, import.meta.url).href) as Promise<typeof import('../operator/operator.ts')>;
  void load.then((m) => m.operate(player.room, words.locale));
}
