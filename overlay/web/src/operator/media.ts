import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A media query: its element is drawn anew when the answer changes. */
export class Media implements ReactiveController {
  private readonly list: MediaQueryList;

  constructor(private readonly host: ReactiveControllerHost, query: string) {
    this.list = matchMedia(query);
    host.addController(this);
  }

  get matches(): boolean {
    return this.list.matches;
  }

  hostConnected(): void {
    this.list.addEventListener('change', this.changed);
  }

  hostDisconnected(): void {
    this.list.removeEventListener('change', this.changed);
  }

  private readonly changed = (): void => this.host.requestUpdate();
}
