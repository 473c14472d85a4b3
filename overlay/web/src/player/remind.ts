import phrases from '../generated/strings/player-remind.ts';
import { addressOf, fieldsOf, read, textOf } from '../shared/api.ts';
import { inLanguage, languageOf, localeFor } from '../shared/language.ts';
import { home, serverAt } from '../shared/server.ts';
import type { MediadPlayer } from './player.ts';

/** Before a show: viewers ask to be told when it begins. While it is on: the server hears who came by a reminder. */

interface Ways {
  readonly mail: boolean;
  readonly push: string; // the server's key; "": browsers cannot be told
}

const look = 500; // ms: what tells of the next show comes and goes
const stays = 5000; // ms after which somebody came
const boxes = new WeakMap<MediadPlayer, ReturnType<typeof setInterval>>();

/** A player waits for a show: what tells of it gets a way to book. */
export function attend(player: MediadPlayer): void {
  if (boxes.has(player)) return;
  let asked: ReturnType<typeof bookable> | undefined;
  const draw = async (): Promise<void> => {
    if (!player.isConnected || !/before|ended/.test(player.dataset['state'] ?? '')) {
      clearInterval(boxes.get(player));
      boxes.delete(player);
      return;
    }
    const next = player.renderRoot.querySelector('.next');
    if (!next) return;
    const box = await (asked ??= bookable(player));
    if (box && box.parentElement !== next) next.append(box);
  };
  boxes.set(player, setInterval(() => void draw(), look));
  void draw();
}

/** What books the next show; undefined: nobody can. */
async function bookable(player: MediadPlayer): Promise<HTMLElement | undefined> {
  const origin = serverAt(player.origin);
  const room = await read(addressOf(origin, '/c/room/{file}', { file: `${player.room}.json` }));
  const next = fieldsOf<'PublicNext'>(fieldsOf<'PublicRoom'>(room).next);
  const ways = fieldsOf<'PublicRemind'>(next.remind);
  const show = textOf(next.show);
  const can: Ways = { mail: ways.mail === true, push: origin === home && 'PushManager' in globalThis && 'serviceWorker' in navigator ? textOf(ways.push) : '' };
  return show && (can.mail || can.push) ? new Booking(player, origin, show, can).box : undefined;
}

const css = `.remind{margin-top:12px;max-width:340px;pointer-events:auto;font-size:14px;display:grid;gap:8px;justify-items:center}.remind p{margin:0}
.remind form{display:flex;flex-wrap:wrap;gap:8px;justify-content:center;width:100%}.remind label{flex:1 0 100%}
.remind input{flex:1 1 180px;min-width:0;min-height:44px;padding:0 14px;border:1px solid rgb(255 255 255/.7);border-radius:22px;background:rgb(10 10 14/.62);color:#fff;font:inherit;font-size:16px}
.remind button{min-height:44px;padding:0 18px;border:1px solid rgb(255 255 255/.5);border-radius:22px;background:rgb(255 255 255/.16);color:#fff;font:inherit;font-weight:650;cursor:pointer}
.remind button:disabled{opacity:.6;cursor:default}.remind :is(input,button):focus-visible{outline:3px solid #fff;outline-offset:2px}.remind [hidden],.remind p:empty{display:none}.remind small{opacity:.85}`;

const make = <Name extends keyof HTMLElementTagNameMap>(name: Name, fields: Partial<HTMLElementTagNameMap[Name]>): HTMLElementTagNameMap[Name] => Object.assign(document.createElement(name), fields);

function keysOf(way: PushSubscription): object {
  const { endpoint, keys } = way.toJSON();
  return { endpoint, p256dh: keys?.['p256dh'], auth: keys?.['auth'] };
}

/** The show that this browser is told of, which it remembers itself; `now` is another one. */
function booked(now?: string): string {
  try {
    if (now !== undefined) localStorage.setItem('mediad-reminder', now);
    return localStorage.getItem('mediad-reminder') ?? '';
  } catch {
    return ''; // pages of other sites may keep nothing
  }
}

class Booking {
  readonly box = make('div', { className: 'remind' });
  private readonly t;
  private readonly lang: string;
  private readonly open: HTMLButtonElement;
  private readonly form = make('form', { hidden: true, noValidate: true });
  private readonly field = make('input', { type: 'email', name: 'mail', autocomplete: 'email', required: true, maxLength: 254 });
  private readonly here: HTMLButtonElement;
  private readonly said = make('p', {});
  private readonly out: HTMLButtonElement;

  constructor(player: MediadPlayer, private readonly origin: string, private readonly show: string, private readonly can: Ways) {
    const locale = localeFor(player.lang);
    const t = (this.t = inLanguage(phrases, locale));
    this.lang = /^zh/i.test(languageOf(locale)) ? 'zh' : 'en';
    this.said.setAttribute('role', 'status');
    this.box.setAttribute('part', 'remind');
    this.open = make('button', { type: 'button', textContent: t.remindMe });
    this.open.addEventListener('click', () => this.unfold());
    this.field.id = `mail-${show}`;
    this.field.dir = 'ltr';
    const send = make('button', { type: 'submit', textContent: t.remindByMail });
    this.form.append(make('label', { htmlFor: this.field.id, textContent: t.remindAddress }), this.field, send);
    this.form.addEventListener('submit', (e) => {
      e.preventDefault();
      void this.mail(send);
    });
    this.form.addEventListener('keydown', (e) => e.stopPropagation()); // letters are no keys of the player here
    this.here = make('button', { type: 'button', textContent: t.remindHere, hidden: true });
    this.here.addEventListener('click', () => void this.push());
    this.out = make('button', { type: 'button', textContent: t.remindOut, hidden: true });
    this.out.addEventListener('click', () => void this.leave());
    this.box.append(make('style', { textContent: css }), this.open, this.form, this.here, make('small', { textContent: t.remindConsent, hidden: true }), this.said, this.out);
    if (can.push && booked() === show) this.isOn();
  }

  /** This browser is told of the show. */
  private isOn(): void {
    [this.open.hidden, this.out.hidden] = [true, false];
    this.say(this.t.remindOnHere, true);
  }

  private async leave(): Promise<void> {
    this.out.disabled = true;
    const way = await navigator.serviceWorker.getRegistration(`${home}/`).then((r) => r?.pushManager.getSubscription()).catch(() => undefined);
    const status = way ? await this.book({ push: keysOf(way), leave: true }) : 202; // the browser has forgotten it
    this.out.disabled = false;
    if (status !== 202) return this.tell(status, '');
    booked('');
    [this.open.hidden, this.out.hidden] = [false, true];
    this.say(this.t.remindErased);
    this.open.focus();
  }

  private unfold(): void {
    this.open.hidden = true;
    this.form.hidden = !this.can.mail;
    this.here.hidden = !this.can.push;
    this.box.querySelector('small')!.hidden = false;
    (this.can.mail ? this.field : this.here).focus();
  }

  /** Says what came of it; done: there is nothing more to do here. */
  private say(text: string, done = false): void {
    if (done) [this.form.hidden, this.here.hidden] = [true, true];
    this.said.textContent = text;
  }

  private async mail(button: HTMLButtonElement): Promise<void> {
    if (!this.field.checkValidity()) {
      this.say(this.t.remindNoAddress);
      this.field.focus();
      return;
    }
    button.disabled = true;
    const answer = await this.book({ mail: this.field.value.trim() });
    button.disabled = false;
    this.tell(answer, this.t.remindSent);
  }

  private async push(): Promise<void> {
    this.here.disabled = true;
    try {
      if ((await Notification.requestPermission()) !== 'granted') return this.say(this.t.remindDenied);
      const worker = await navigator.serviceWorker.register(`${home}/reminder-worker.js`);
      const way = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: this.can.push });
      const status = await this.book({ push: keysOf(way) });
      if (status !== 202) return this.tell(status, '');
      booked(this.show);
      this.isOn();
      this.out.focus();
    } catch {
      this.say(this.t.remindNoPush); // the browser reaches no push service
    } finally {
      this.here.disabled = false;
    }
  }

  private tell(status: number, well: string): void {
    if (status === 202) return this.say(well, true);
    this.say(status === 422 ? this.t.remindNoAddress : status === 429 ? this.t.remindMany : status === 409 ? this.t.remindBegun : this.t.remindFailed);
  }

  /** Status of the answer; 0: there was none. The body is a text, which needs no preflight request. */
  private async book(contact: object): Promise<number> {
    try {
      const body = JSON.stringify({ ...contact, lang: this.lang });
      return (await fetch(addressOf(this.origin, '/c/{show}/reminders', { show: this.show }), { method: 'POST', body, credentials: 'omit' })).status;
    } catch {
      return 0;
    }
  }
}

let ref = /^[0-9a-f]{16}$/.exec(new URLSearchParams(globalThis.location?.search).get('r') ?? '')?.[0];

/** The link of a reminder led here, and somebody stays: it counts once. */
export function came(player: MediadPlayer): void {
  setTimeout(() => {
    const { show } = player.programme;
    if (!ref || !show || player.dataset['state'] !== 'live') return;
    void fetch(addressOf(serverAt(player.origin), '/c/{show}/reminders/{ref}', { show, ref }), { method: 'POST', credentials: 'omit' }).catch(() => undefined);
    ref = undefined;
  }, stays);
}
