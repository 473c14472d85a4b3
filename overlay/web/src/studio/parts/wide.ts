import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Whether a media query holds; its element is drawn anew when that changes. */
export class Wide implements ReactiveController {
  private readonly query: MediaQueryList;

  constructor(private readonly host: ReactiveControllerHost, query: string) {
    this.query = matchMedia(query);
    host.addController(this);
  }

  get yes(): boolean {
    return this.query.matches;
  }

  hostConnected(): void {
    this.query.addEventListener('change', this.news);
  }

  hostDisconnected(): void {
    this.query.removeEventListener('change', this.news);
  }

  private readonly news = (): void => this.host.requestUpdate();
}
