import phrases from '../generated/strings/player-coupons.ts';
import { addressOf, fieldsOf, listOf, textOf } from '../shared/api.ts';
import type { Cue } from '../shared/cue.ts';
import { inLanguage, say } from '../shared/language.ts';
import type { MediadOffer } from './offer.ts';
import type { PlayerWords } from './words.ts';

interface Coupon {
  readonly id: string;
  readonly label: string;
}

// Cards come and go, and what a viewer got stays.
const shown = new Map<string, readonly Coupon[]>(); // by show
const codes = new Map<string, string>(); // of those that the viewer got, by their ids

const parse = (list: unknown): Coupon[] =>
  listOf<'CouponCard'>(list).map((c) => ({ id: textOf(c.id), label: textOf(c.label) })).filter((c) => c.id && c.label);

const players = new Set<ParentNode>(); // that are in the page
let timer: ReturnType<typeof setInterval> | undefined;

/** Keeps what a cue says of coupons, and puts them on the large card of a player. */
export function hear(cue: Cue, player: ParentNode): void {
  timer ??= setInterval(look, 250); // cards come and go
  players.add(player);
  const was = shown.get(cue.show) ?? [];
  const [one] = parse([cue['coupon']]);
  if (cue.kind === 'state') shown.set(cue.show, parse(cue['coupons']));
  else if (cue.kind === 'coupon.show' && one) shown.set(cue.show, [...was.filter((c) => c.id !== one.id), one]);
  else if (cue.kind === 'coupon.hide') shown.set(cue.show, was.filter((c) => c.id !== textOf(fieldsOf<'CouponCard'>(cue['coupon']).id)));
}

/** Draws on all players, and forgets those that have left the page: the next cue of one that is back brings it again. */
function look(): void {
  for (const player of players) {
    if (player.isConnected) draw(player);
    else players.delete(player);
  }
  if (players.size) return;
  clearInterval(timer);
  timer = undefined;
}

const css = `.coupons{flex:1 0 100%;order:-1;font-weight:700;color:var(--price)}.coupon{display:flex;flex-wrap:wrap;align-items:center;gap:4px 10px;margin-top:4px;color:inherit}
.coupon button{min-height:44px;max-width:100%;padding:4px 14px;border:1px dashed currentColor;border-radius:12px;background:none;color:inherit;font:inherit;cursor:pointer;overflow-wrap:anywhere}
.coupon code{padding:4px 8px;border-radius:8px;background:color-mix(in srgb,currentColor 12%,transparent);font-size:1.05em;user-select:all;overflow-wrap:anywhere}
.coupon span{flex:1 0 100%}.coupon [role]{font-weight:400}.coupon [role]:empty{display:none}`;

/** Draws the coupons of the show of the large card, and lets all ways to the shop take along what the viewer got. */
function draw(player: ParentNode): void {
  const card = player.querySelector<MediadOffer>('.card.big:not([data-leaving]) mediad-offer');
  if (!card) return;
  const { show, words } = card;
  const list = shown.get(show) ?? [];
  const got = list.filter((c) => codes.has(c.id)).at(-1)?.id;
  for (const link of player.querySelectorAll<HTMLAnchorElement>('a.buy')) {
    const to = new URL(link.href);
    if (got) to.searchParams.set('coupon', got);
    else to.searchParams.delete('coupon');
    if (to.href !== link.href) link.href = to.href;
  }
  const now = JSON.stringify(list.map((c) => [c, codes.get(c.id)]));
  let box = card.parentElement!.querySelector<HTMLElement>('.coupons');
  if (box?.dataset['drawn'] === now || (!box && !list.length)) return;
  box?.remove();
  if (!list.length) return;
  box = Object.assign(document.createElement('div'), { className: 'coupons' });
  box.dataset['drawn'] = now;
  box.append(Object.assign(document.createElement('style'), { textContent: css }), ...list.map((c) => row(c, show, words, player)));
  card.after(box);
}

function row(c: Coupon, show: string, words: PlayerWords, player: ParentNode): HTMLElement {
  const t = inLanguage(phrases, words.locale);
  const row = Object.assign(document.createElement('div'), { className: 'coupon' });
  const button = Object.assign(document.createElement('button'), { type: 'button' });
  const status = document.createElement('span');
  status.setAttribute('role', 'status');
  const code = codes.get(c.id);
  if (code === undefined) {
    button.textContent = say(t.couponGet, { what: c.label });
    button.addEventListener('click', () => void get(c, show, words, player, button, status));
    row.append(button, status);
    return row;
  }
  const text = Object.assign(document.createElement('code'), { textContent: code, dir: 'ltr' });
  text.setAttribute('aria-label', `${say(t.couponCode, { what: c.label })}: ${code}`);
  button.textContent = t.couponCopy;
  button.addEventListener('click', () => void navigator.clipboard?.writeText(code).then(() => (status.textContent = t.couponCopied), () => getSelection()?.selectAllChildren(text)));
  const label = Object.assign(document.createElement('span'), { textContent: c.label, dir: 'auto' });
  row.append(label, text, button, status);
  return row;
}

async function get(c: Coupon, show: string, words: PlayerWords, player: ParentNode, button: HTMLButtonElement, status: HTMLElement): Promise<void> {
  const t = inLanguage(phrases, words.locale);
  [button.disabled, status.textContent] = [true, t.couponGetting];
  let trouble = t.couponFailed;
  try {
    const answer = await fetch(addressOf(words.origin, '/c/{show}/coupons/{coupon}', { show, coupon: c.id }), { method: 'POST', credentials: 'omit' });
    if (answer.ok) codes.set(c.id, textOf(fieldsOf<'TakenCouponBody'>(await answer.json()).code));
    else if (answer.status === 409 || answer.status === 404) trouble = t.couponGone;
  } catch {
    // the network fails
  }
  [button.disabled, status.textContent] = [false, codes.has(c.id) ? '' : trouble];
  draw(player);
  player.querySelector<HTMLElement>('.big .coupon code ~ button')?.focus();
}
