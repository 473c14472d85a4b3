import { Push } from '../../shared/push-list.ts';
import { patience, type Desk } from '../desk.ts';
import type { Language } from '../words.ts';

const every = 3000; // ms, while there are targets
const seldom = 30_000; // a reload of the configuration may bring some

/** The targets of the desk's room, read again and again. */
class DockPush extends Push {
  desk!: Desk;
  private timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('switched', this.again);
    void this.read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  private readonly again = (): void => void this.read();

  private async read(): Promise<void> {
    const { desk } = this;
    clearTimeout(this.timer);
    try {
      const { data } = document.hidden || desk.locked ? {} : await desk.client().GET('/api/v1/rooms/{room}', { params: { path: { room: desk.room } }, signal: AbortSignal.timeout(patience) });
      if (data) this.targets = data.push ?? [];
    } catch {
      // what stands there stays
    }
    clearTimeout(this.timer); // of a reading that somebody's deed began meanwhile
    if (this.isConnected) this.timer = setTimeout(this.again, this.targets.length || desk.locked ? every : seldom);
  }
}

if (!customElements.get('mediad-dock-push')) customElements.define('mediad-dock-push', DockPush);

/** Puts the targets behind what stands in the side of the dock, and tells them what that knows. */
export function pushAfter(before: Element, desk: Desk, language: Language): void {
  const next = before.nextElementSibling;
  const push = next instanceof DockPush ? next : new DockPush();
  Object.assign(push, { desk, room: desk.room, client: () => desk.client(), locale: language.locale, mayRun: desk.mayRun, locked: desk.locked, rehearsal: desk.rehearsal, now: desk.serverNow() });
  if (push !== next) before.after(push);
}
