/** The piece has no Lit: a few lines make what it draws. */

type Child = Node | string | false | undefined;

export const el = <Tag extends keyof HTMLElementTagNameMap>(tag: Tag, given: Record<string, unknown> = {}, ...children: Child[]): HTMLElementTagNameMap[Tag] => {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'function') e.addEventListener(name, value as EventListener);
    else if (value !== false && value !== undefined) e.setAttribute(name, value === true ? '' : String(value));
  }
  e.append(...children.filter((c): c is Node | string => c !== false && c !== undefined));
  return e;
};

const paths = {
  chat: 'M4 5h16v11H9l-5 4z',
  close: 'M6 6l12 12M18 6L6 18',
  heart: 'M12 20s-8-5-8-11a4.5 4.5 0 0 1 8-2.6A4.5 4.5 0 0 1 20 9c0 6-8 11-8 11z',
  pin: 'M9 4h6l-1 6 3 3H7l3-3zM12 13v7',
};

export function icon(name: keyof typeof paths): HTMLElement {
  const i = el('i', { class: name, 'aria-hidden': 'true' });
  i.innerHTML = `<svg viewBox="0 0 24 24"><path d="${paths[name]}"/></svg>`;
  return i;
}

/** Makes the children of a list those of `all`, in this order: what stays is left alone, and so keeps the focus and the place. */
export function settle<T extends { readonly id: string }>(list: HTMLElement, all: readonly T[], make: (item: T) => HTMLElement): void {
  const had = new Map([...list.children].map((e) => [(e as HTMLElement).dataset['id'], e as HTMLElement]));
  let at = list.firstElementChild;
  for (const item of all) {
    const mark = JSON.stringify(item);
    let e = had.get(item.id);
    had.delete(item.id);
    if (!e || e.dataset['mark'] !== mark) {
      const made = make(item);
      Object.assign(made.dataset, { id: item.id, mark });
      if (e && e === at) at = made;
      const focus = e?.matches(':focus-within');
      e?.replaceWith(made);
      if (focus) made.querySelector('button')?.focus();
      e = made;
    }
    if (e === at) at = at.nextElementSibling;
    else list.insertBefore(e, at);
  }
  for (const e of had.values()) e.remove();
}
