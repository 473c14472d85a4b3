/** Hearts that rise from the like button, and end by themselves. Each is one element that only moves and fades, which costs the browser no layout, and there are few at a time. */

export const mostHearts = 12;

const colours = ['#ff4d67', '#ff8fa3', '#fff', '#ffb13d'];

/** How many hearts stand for so many new likes of others: one for the first, one more each time they double, and few for very many. */
export const heartsFor = (likes: number): number => (likes > 0 ? Math.min(6, 1 + Math.floor(Math.log2(likes))) : 0);

export class Hearts {
  private alive = 0;

  constructor(
    private readonly box: HTMLElement,
    private readonly shape: () => SVGElement,
  ) {}

  /** One heart, at a place of the box if one is given. */
  rise(left?: number, top?: number): void {
    if (this.alive >= mostHearts || document.hidden || !this.box.offsetWidth || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const heart = document.createElement('i');
    const around = (n: number): number => Math.round((Math.random() - 0.5) * n);
    heart.style.cssText = `--x:${around(56)}px;--turn:${around(50)}deg;--long:${1500 + Math.round(Math.random() * 900)}ms;color:${colours[Math.floor(Math.random() * colours.length)]}`
      + (left === undefined ? '' : `;left:${left}px;top:${top}px;right:auto`);
    heart.append(this.shape());
    this.alive++;
    const gone = (): void => {
      if (heart.isConnected) this.alive--;
      heart.remove();
    };
    heart.addEventListener('animationend', gone);
    heart.addEventListener('animationcancel', gone); // it was hidden meanwhile
    this.box.append(heart);
  }

  /** Some hearts over a second. */
  shower(many: number): void {
    for (let n = 0; n < many; n++) setTimeout(() => this.rise(), (n * 1000) / many);
  }
}
