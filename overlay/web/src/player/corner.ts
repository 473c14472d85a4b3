/** Whether the picture is in the corner of the window: the viewer has scrolled on, or the page has other things to show. */
export class Corner {
  on = false;
  private inView = true;
  private dismissed = false;
  private wish = '';
  private eye: IntersectionObserver | undefined;

  /** changed: it may be another than before. */
  constructor(private readonly changed: () => void) {}

  /** Looks whether the element is in view. A frame has no corner of the window. */
  watch(el: Element): void {
    if (this.eye || !('IntersectionObserver' in window) || window.top !== window) return;
    this.eye = new IntersectionObserver((entries) => {
      this.inView = (entries.at(-1)?.intersectionRatio ?? 1) > 0.2;
      if (this.inView) this.dismissed = false;
      this.changed();
    }, { threshold: [0, 0.2, 0.4] });
    this.eye.observe(el);
  }

  stop(): void {
    this.eye?.disconnect();
    this.eye = undefined;
    this.on = this.dismissed = false;
    this.inView = true;
  }

  /** The viewer closes the small picture: it does not come again until the player was in view. */
  close(): void {
    this.dismissed = true;
    this.changed();
  }

  /** wish: `on`, `off`, or empty: while the player is out of view. A paused picture does not go there, but may be paused there. */
  decide(wish: string, watching: boolean, paused: boolean, elsewhere: boolean): void {
    if (wish !== this.wish) this.dismissed = false;
    this.wish = wish;
    const away = wish === 'on' || (wish !== 'off' && !this.inView);
    this.on = away && watching && !this.dismissed && !elsewhere && (this.on || !paused);
  }
}
