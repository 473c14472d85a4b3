import { html, type TemplateResult } from 'lit';
import { say } from '../shared/language.ts';
import type { Item } from './item.ts';
import type { ListHooks } from './list.ts';
import { thumb } from './now.ts';
import { afterDrop } from './drop.ts';
import type { Language } from './words.ts';

/** The picture and the number of a line, by which it is dragged. Mouse, pen and finger all go by pointer events: the browser's own dragging knows no fingers. */

const edge = 70; // px: nearer to the edge of the window the page scrolls

export function grip(p: Item, place: number, locked: boolean, { words }: Language, hooks: ListHooks): TemplateResult {
  return html`<button type="button" class="grip" tabindex="-1" ?disabled=${locked} title=${words.dockMoveLineTip} aria-label=${say(words.dockMoveLine, { what: p.title, n: place })} @pointerdown=${(e: PointerEvent) => drag(e, p, hooks)}>${thumb(p, html`${place}<span class="dots" aria-hidden="true">⠿</span>`)}</button>`;
}

/** Follows the pointer until it is let go. */
function drag(down: PointerEvent, p: Item, hooks: ListHooks): void {
  const row = (down.currentTarget as HTMLElement).closest('li');
  const list = row?.parentElement;
  if (!row || !list || down.button !== 0) return;
  down.preventDefault();
  const handle = down.currentTarget as HTMLElement;
  handle.setPointerCapture(down.pointerId);
  let after: string | undefined; // undefined: it stays where it is
  const follow = (e: PointerEvent): void => {
    if (Math.abs(e.clientY - down.clientY) < 6 && after === undefined) return;
    row.dataset['dragged'] = 'true';
    if (e.clientY < edge) scrollBy(0, -14);
    else if (e.clientY > innerHeight - edge) scrollBy(0, 14);
    const rows = [...list.children] as HTMLElement[];
    after = afterDrop(rows.map((r) => ({ id: r.dataset['product'] ?? '', middle: r.getBoundingClientRect().top + r.offsetHeight / 2 })), p.id, e.clientY);
    for (const r of rows) delete r.dataset['drop'];
    const mark = rows.find((r) => r.dataset['product'] === after);
    if (mark) mark.dataset['drop'] = 'after';
    else if (rows[0]) rows[0].dataset['drop'] = 'before';
  };
  const end = (dropped: boolean): void => {
    handle.removeEventListener('pointermove', follow);
    handle.removeEventListener('pointerup', up);
    handle.removeEventListener('pointercancel', off);
    document.removeEventListener('keydown', escape, true);
    delete row.dataset['dragged'];
    for (const r of list.children) delete (r as HTMLElement).dataset['drop'];
    if (dropped && after !== undefined && after !== p.id) hooks.place(p, after);
  };
  const up = (): void => end(true);
  const off = (): void => end(false);
  const escape = (e: KeyboardEvent): void => {
    if (e.key !== 'Escape') return;
    e.stopPropagation();
    end(false);
  };
  handle.addEventListener('pointermove', follow);
  handle.addEventListener('pointerup', up);
  handle.addEventListener('pointercancel', off);
  document.addEventListener('keydown', escape, true);
}
