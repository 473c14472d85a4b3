import phrases from '../generated/strings/player-points.ts';
import { addressOf, fieldsOf, listOf, textOf } from '../shared/api.ts';
import { inLanguage, localeFor, say } from '../shared/language.ts';
import { cameBy } from '../shared/ref.ts';
import { serverAt } from '../shared/server.ts';
import { viewer } from '../shared/viewer.ts';
import type { MediadPlayer } from './player.ts';

/** A viewer's points in a show with a reward: how many there are, how one gets them, and the coupon that they become. */

interface Reward {
  readonly id: string;
  readonly label: string;
  readonly points: number;
}

const often = 30_000; // ms between two questions to the server
const look = 1000; // ms
const all = new WeakMap<MediadPlayer, Points>();

export function attend(player: MediadPlayer): void {
  const points = all.get(player) ?? new Points(player);
  all.set(player, points);
  points.begin();
}

const css = `.points{order:-1;white-space:nowrap;cursor:pointer}
.earn{position:fixed;inset:0;margin:auto;width:360px;max-width:calc(100% - 32px);max-height:calc(100% - 32px);overflow:auto;box-sizing:border-box;padding:20px;border:0;border-radius:18px;color-scheme:light dark;background:Canvas;color:CanvasText;font-size:15px;line-height:1.45;pointer-events:auto}
.earn h2{margin:0;font-size:18px;font-weight:700}.earn section{margin:8px 0 16px}.earn header{display:flex;justify-content:space-between;align-items:center}.earn ul{padding-inline-start:20px}
.earn button{min-width:44px;min-height:44px;padding:4px 16px;border:1px solid;border-radius:22px;background:none;color:inherit;font:inherit;cursor:pointer;overflow-wrap:anywhere}
.earn button:disabled{opacity:.6;cursor:default}.earn button:focus-visible{outline:3px solid;outline-offset:2px}
.earn progress{display:block;width:100%;margin:6px 0 10px}.earn code{margin-inline-end:12px;font-size:18px;user-select:all;overflow-wrap:anywhere}`;

const make = <Name extends keyof HTMLElementTagNameMap>(name: Name, fields: Partial<HTMLElementTagNameMap[Name]> = {}, ...inside: (Node | string)[]): HTMLElementTagNameMap[Name] => {
  const made = Object.assign(document.createElement(name), fields);
  made.append(...inside);
  return made;
};
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

class Points {
  private show = '';
  private ticket = '';
  private asked = 0; // when the server said so
  private opened = -often; // when the viewer last wanted to see what the server says
  private had = 0; // points that are left, as the server said
  private rates: { minute: number; comment: number; friend: number } = { minute: 0, comment: 0, friend: 0 };
  private rewards: readonly Reward[] = [];
  private readonly got: [label: string, code: string][] = []; // coupons of this viewer
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly chip = make('button', { type: 'button', className: 'like points', hidden: true });
  private readonly sheet = make('dialog', { className: 'earn' });
  private readonly head = make('h2');
  private readonly shut = make('button', { type: 'button', textContent: '✕' });
  private readonly body = make('div');
  private readonly status = make('p', { role: 'status' });
  private readonly stage: HTMLElement;

  constructor(private readonly player: MediadPlayer) {
    const root = player.renderRoot as ShadowRoot;
    this.stage = root.querySelector<HTMLElement>('.stage')!;
    this.chip.setAttribute('part', 'points');
    this.chip.ariaHasPopup = 'dialog';
    this.stage.append(make('style', { textContent: css }), this.sheet);
    this.chip.addEventListener('click', () => this.open());
    // The keys of the player are not those of the sheet.
    this.sheet.addEventListener('keydown', (e) => e.stopPropagation());
    this.sheet.append(make('header', {}, this.head, this.shut), this.body);
    this.shut.addEventListener('click', () => this.sheet.close());
  }

  begin(): void {
    this.timer ??= setInterval(() => this.look(), look);
    this.look();
  }

  private get t(): (typeof phrases)['en'] {
    return inLanguage(phrases, localeFor(this.player.lang));
  }

  /** Points that are left: what the server said, and the minutes since. */
  private get left(): number {
    return this.had + this.rates.minute * Math.floor((performance.now() - this.asked) / 60_000);
  }

  private look(): void {
    const { show } = this.player.programme;
    if (!this.player.isConnected) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    if (show && show !== this.show) {
      [this.show, this.ticket, this.asked, this.rewards] = [show, '', 0, []];
      void this.ask();
    }
    const love = this.stage.querySelector<HTMLElement>('.love');
    if (love && this.chip.parentElement !== love) love.prepend(this.chip);
    const others = [...(love?.children ?? [])].filter((e) => e !== this.chip && (e as HTMLElement).offsetHeight).length;
    const room = this.stage.clientHeight - (parseFloat(this.stage.style.getPropertyValue('--above')) || 64) - 48;
    this.chip.hidden = this.player.dataset['state'] !== 'live' || !(this.rewards.length || this.got.length) || room < 52 * (others + 1);
    const text = say(this.t.pointsChip, { n: this.left });
    if (this.chip.textContent !== text) this.chip.textContent = text;
  }

  private async post(address: string): Promise<Response | undefined> {
    const body = JSON.stringify({ viewer: viewer(), ticket: this.ticket, ref: cameBy(location, serverAt(this.player.origin)) });
    return fetch(address, { method: 'POST', credentials: 'omit', body }).catch(() => undefined);
  }

  private async ask(): Promise<void> {
    const { show } = this;
    const answer = await this.post(addressOf(serverAt(this.player.origin), '/c/{show}/points', { show }));
    if (!answer?.ok || show !== this.show) return;
    this.asked = performance.now();
    const p = fieldsOf<'PointsAnswerBody'>(await answer.json());
    this.ticket = textOf(p.ticket);
    // The links that this page shares are this viewer's: see shared/ref.ts.
    if (textOf(p.code)) (globalThis as { [of: symbol]: unknown })[Symbol.for('mediad.ref')] = textOf(p.code);
    const rates = fieldsOf<'PointRates'>(p.rates);
    this.rates = { minute: number(rates.minute), comment: number(rates.comment), friend: number(rates.friend) };
    this.had = Math.max(0, number(p.points) - number(p.spent));
    const taken = Array.isArray(p.taken) ? (p.taken as unknown[]) : [];
    this.rewards = listOf<'RewardCard'>(p.rewards).map((r) => ({ id: textOf(r.id), label: textOf(r.label), points: number(r.points) })).filter((r) => r.id && r.points > 0 && !taken.includes(r.id));
    this.look();
    if (this.sheet.open) this.draw();
  }

  private open(): void {
    this.draw();
    this.sheet.showModal();
    if (performance.now() - this.opened < often) return;
    this.opened = performance.now();
    void this.ask();
  }

  private draw(): void {
    const { t, sheet, left } = this;
    sheet.ariaLabel = t.pointsTitle;
    this.shut.ariaLabel = t.pointsClose;
    this.head.textContent = `${t.pointsTitle}: ${left}`;
    const ways = { minute: t.pointsMinute, comment: t.pointsComment, friend: t.pointsFriend };
    const inSheet = this.body.contains((this.player.renderRoot as ShadowRoot).activeElement);
    this.body.replaceChildren(...this.got.map(([label, code]) => this.coupon(label, code)), ...this.rewards.map((r) => this.row(r)), this.status, make('p', { textContent: t.pointsHow }),
      make('ul', {}, ...(['minute', 'comment', 'friend'] as const).filter((way) => this.rates[way]).map((way) => make('li', { textContent: say(ways[way], { n: this.rates[way] }) }))),
      make('p', { textContent: t.pointsNoMoney }));
    if (inSheet) (this.body.querySelector<HTMLElement>('button:enabled') ?? this.shut).focus();
  }

  private row(r: Reward): HTMLElement {
    const { t } = this;
    const value = Math.min(this.left, r.points);
    const of = say(t.pointsOf, { n: value, total: r.points });
    const button = make('button', { type: 'button', disabled: value < r.points, textContent: say(t.pointsGet, { what: r.label }) });
    button.addEventListener('click', () => void this.take(r));
    return make('section', {}, of, make('progress', { max: r.points, value, ariaLabel: of }), button);
  }

  private coupon(label: string, code: string): HTMLElement {
    const { t, status } = this;
    const copy = make('button', { type: 'button', textContent: t.pointsCopy });
    copy.addEventListener('click', () => void navigator.clipboard?.writeText(code).then(() => (status.textContent = t.pointsCopied)));
    return make('section', {}, make('p', { textContent: label }), make('code', { textContent: code, dir: 'ltr' }), copy);
  }

  private async take(r: Reward): Promise<void> {
    const { show, status } = this;
    const answer = await this.post(addressOf(serverAt(this.player.origin), '/c/{show}/rewards/{reward}', { show, reward: r.id }));
    status.textContent = answer?.ok ? '' : this.t.pointsFailed;
    if (answer?.ok && this.rewards.includes(r)) {
      this.got.push([r.label, textOf(fieldsOf<'TakenCouponBody'>(await answer.json()).code)]);
      this.rewards = this.rewards.filter((x) => x !== r);
      this.had -= r.points;
      this.player.dispatchEvent(new CustomEvent('mediad:reward', { detail: { show, reward: r.id, points: r.points }, bubbles: true, composed: true }));
    }
    this.draw();
  }
}
