import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Asks again and again while the element is on the page and somebody looks at it: the next time `every()` ms after an answer. */
export class Poll implements ReactiveController {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking = false;
  private on = false;

  constructor(host: ReactiveControllerHost, private readonly every: () => number, private readonly ask: () => Promise<void>) {
    host.addController(this);
  }

  hostConnected(): void {
    this.on = true;
    document.addEventListener('visibilitychange', this.now);
    this.now();
  }

  hostDisconnected(): void {
    this.on = false;
    document.removeEventListener('visibilitychange', this.now);
    clearTimeout(this.timer);
  }

  readonly now = (): void => {
    if (!this.asking) void this.round();
  };

  private async round(): Promise<void> {
    clearTimeout(this.timer);
    if (!this.on || document.hidden) return;
    this.asking = true;
    try {
      await this.ask();
    } finally {
      this.asking = false;
    }
    if (this.on) this.timer = setTimeout(this.now, this.every());
  }
}
