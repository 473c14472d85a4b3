/** A choice of what is shared: the whole show, or what is on at this moment. */

/** What plays, as the player tells it: the place in a recording in seconds, or the date of a live picture in ms. */
export interface Place {
  readonly show: string;
  readonly at?: number | undefined;
  readonly date?: number | undefined;
}

const near = 5; // seconds: the begin of a recording is the whole show
const edge = 60; // seconds: a live picture no older than this is live, and its link leads to the show

/** The link to the moment that plays; undefined: it is that of the show. The page finds the place of a date in the recording. */
export function momentOf(url: string, { show, at, date }: Place, now = Date.now()): { url: string; at?: number } | undefined {
  if (!show) return;
  const to = new URL(url);
  to.searchParams.set('show', show);
  if (at !== undefined) {
    if (at < near) return;
    to.searchParams.set('t', String(Math.floor(at)));
    return { url: to.href, at: Math.floor(at) };
  }
  if (date === undefined || now - date < edge * 1000) return;
  to.searchParams.set('date', String(Math.floor(date / 1000)));
  return { url: to.href };
}

/** A place in a recording, as clocks show it. */
const clockOf = (s: number): string => {
  const two = (n: number): string => String(Math.floor(n) % 60).padStart(2, '0');
  return s >= 3600 ? `${Math.floor(s / 3600)}:${two(s / 60)}:${two(s)}` : `${Math.floor(s / 60)}:${two(s)}`;
};

const look = 'position:fixed;inset:auto;margin:0;padding:6px;min-width:200px;max-width:calc(100vw - 16px);box-sizing:border-box;border:1px solid rgb(128 128 128/.35);border-radius:14px;background:Canvas;color:CanvasText;color-scheme:light dark;box-shadow:0 10px 30px rgb(0 0 0/.3);font:15px/1.35 system-ui,sans-serif';
const row = 'display:block;box-sizing:border-box;width:100%;min-height:44px;padding:8px 14px;border:0;border-radius:10px;background:none;color:inherit;font:inherit;text-align:start;cursor:pointer';

/** Shares the show or, where a recording plays or a live show was gone back in, asks first whether that is meant or the moment. */
export function offer(button: HTMLElement, whole: string, plays: Place, words: { shareWhole: string; shareFrom: string; shareFromHere: string }, give: (url: string) => void): void {
  const moment = momentOf(whole, plays);
  if (!moment) return give(whole);
  choose(button, [
    { label: moment.at === undefined ? words.shareFromHere : words.shareFrom.replace('{time}', clockOf(moment.at)), act: () => give(moment.url) },
    { label: words.shareWhole, act: () => give(whole) },
  ]);
}

/** Opens a menu at a button. It closes when something is chosen, on Escape, and when something else is touched. Without popovers the first is taken. */
function choose(button: HTMLElement, ways: readonly { label: string; act: () => void }[]): void {
  if (!('showPopover' in HTMLElement.prototype)) return ways[0]?.act();
  const menu = Object.assign(document.createElement('div'), { popover: 'auto' });
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', button.getAttribute('aria-label') ?? button.textContent?.trim() ?? '');
  menu.dataset['ways'] = '';
  menu.style.cssText = look;
  for (const { label, act } of ways) {
    const item = Object.assign(document.createElement('button'), { type: 'button', textContent: label });
    item.setAttribute('role', 'menuitem');
    item.style.cssText = row;
    item.onpointerenter = item.onfocus = () => (item.style.background = 'rgb(128 128 128/.18)');
    item.onpointerleave = item.onblur = () => (item.style.background = 'none');
    item.onclick = () => (menu.hidePopover(), act());
    menu.append(item);
  }
  menu.addEventListener('keydown', (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    e.stopPropagation(); // it is no key of the player
    if (!step) return;
    e.preventDefault();
    const items = [...menu.children] as HTMLElement[];
    const on = items.indexOf((menu.getRootNode() as Document | ShadowRoot).activeElement as HTMLElement);
    items.at((on + step) % items.length)?.focus();
  });
  menu.addEventListener('toggle', (e) => {
    if ((e as ToggleEvent).newState !== 'closed') return;
    menu.remove();
    button.focus({ preventScroll: true });
  });
  button.after(menu);
  menu.showPopover();
  const at = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
  menu.style.top = `${at.bottom + 6 + height < innerHeight ? at.bottom + 6 : Math.max(8, at.top - height - 6)}px`;
  (menu.firstElementChild as HTMLElement | null)?.focus({ preventScroll: true });
}
