/** Dragging a product with the pointer, a mouse's or a finger's, to its place in the line-up. Keys do the same without it. */

export interface DragHooks {
  /** The element in which the lines are: each has `data-product`. */
  list(): HTMLElement | null;
  /** The page is to be drawn anew. */
  news(): void;
  /** It was let go in front of a product ("": at the end). */
  drop(product: string, before: string): void;
  /** It was let go elsewhere. */
  leave(product: string): void;
}

const threshold = 5; // px: a tap is no drag
const edge = 90; // px from the edge of the window, where the page moves
const pace = 14; // px in each frame

export class Drag {
  /** What is dragged; "": nothing. */
  product = '';
  /** In front of what it would be let go; undefined: not in the list. */
  before: string | undefined;

  private from = { x: 0, y: 0 };
  private at = { x: 0, y: 0 };
  private ghost: HTMLElement | undefined;
  private frame = 0;
  private done: AbortController | undefined;

  constructor(private readonly hooks: DragHooks) {}

  /** A press on a grip. `title` goes along with the pointer. */
  press(e: PointerEvent, product: string, title: string): void {
    if (e.button !== 0 || this.done) return;
    const grip = e.currentTarget as HTMLElement;
    this.from = this.at = { x: e.clientX, y: e.clientY };
    grip.setPointerCapture(e.pointerId);
    const { signal } = (this.done = new AbortController());
    grip.addEventListener('pointermove', (m) => this.move(m, product, title), { signal });
    grip.addEventListener('pointerup', () => this.end(true), { signal });
    grip.addEventListener('pointercancel', () => this.end(false), { signal });
    document.addEventListener('keydown', (k) => {
      if (k.key !== 'Escape' || !this.product) return;
      k.stopPropagation();
      this.end(false);
    }, { signal, capture: true });
  }

  private move(e: PointerEvent, product: string, title: string): void {
    this.at = { x: e.clientX, y: e.clientY };
    if (!this.product) {
      if (Math.hypot(this.at.x - this.from.x, this.at.y - this.from.y) < threshold) return;
      this.product = product;
      this.ghost = document.createElement('div');
      this.ghost.className = 'shows-ghost';
      this.ghost.textContent = title;
      document.body.append(this.ghost);
      this.frame = requestAnimationFrame(this.scroll);
    }
    e.preventDefault();
    this.place();
  }

  private place(): void {
    this.ghost?.style.setProperty('translate', `${this.at.x}px ${this.at.y}px`);
    const before = this.target();
    if (before === this.before) return;
    this.before = before;
    this.hooks.news();
  }

  private target(): string | undefined {
    const list = this.hooks.list();
    if (!list) return undefined;
    const box = list.getBoundingClientRect();
    if (this.at.x < box.left - 40 || this.at.x > box.right + 40) return undefined;
    const rows = [...list.querySelectorAll<HTMLElement>('[data-product]')];
    const next = rows.find((row) => {
      const r = row.getBoundingClientRect();
      return this.at.y < r.top + r.height / 2;
    });
    return next?.dataset['product'] ?? '';
  }

  private readonly scroll = (): void => {
    const by = this.at.y < edge ? -pace : this.at.y > innerHeight - edge ? pace : 0;
    if (by) {
      scrollBy(0, by);
      this.place();
    }
    this.frame = requestAnimationFrame(this.scroll);
  };

  private end(dropped: boolean): void {
    const { product, before } = this;
    this.done?.abort();
    this.done = undefined;
    cancelAnimationFrame(this.frame);
    this.ghost?.remove();
    this.product = '';
    this.before = undefined;
    this.hooks.news();
    if (!product) return;
    if (dropped && before !== undefined) this.hooks.drop(product, before);
    else this.hooks.leave(product);
  }
}
