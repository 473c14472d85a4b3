/** Where the focus goes when a list opens one of its items, or somebody comes back to the list: what was pressed is gone, and with it the focus. */

const patience = 5000; // ms for the part to read what it shows
const unlisted = 1000; // ms after which an item that is not in the list is not waited for

/**
 * Waits until `content` shows its heading, and gives it the focus; `back`, the address of the item that somebody comes back from, has it
 * instead where the list has it. Whoever has put the focus elsewhere keeps it. Gives what ends the waiting.
 */
export function arrive(content: HTMLElement, back: string): () => void {
  const begun = performance.now();
  const link = (): HTMLElement | null => (back ? content.querySelector<HTMLElement>(`a[href="${CSS.escape(back)}"]`) : null);
  const look = (): void => {
    if (!lost(content)) return end();
    const heading = content.querySelector<HTMLElement>('h1');
    const to = link() ?? (back && performance.now() - begun < unlisted ? null : heading);
    if (!to) return;
    if (to === heading) {
      to.tabIndex = -1;
      window.scrollTo(0, 0);
    }
    end();
    to.focus({ preventScroll: to === heading });
  };
  const seen = new MutationObserver(look);
  const first = setTimeout(() => {
    seen.observe(content, { childList: true, subtree: true });
    look();
  });
  const second = setTimeout(look, unlisted);
  const last = setTimeout(() => end(), patience);
  const end = (): void => {
    seen.disconnect();
    [first, second, last].forEach(clearTimeout);
  };
  return end;
}

/** Nothing has the focus, or only what is around the part. */
function lost(content: HTMLElement): boolean {
  const here = document.activeElement;
  return !here || here === document.body || here === content;
}
