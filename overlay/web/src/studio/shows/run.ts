import type { Answer, Schemas, Studio } from '../context.ts';
import { changed, differences, newLine, sent, type Change, type Difference, type Goods, type Line } from './change.ts';
import { follow } from './follow.ts';

const tries = 5; // so often somebody else may be faster

/** What somebody else has done to the line-up. */
export interface Others {
  readonly by: { readonly name: string; readonly id?: string };
  readonly did: readonly Difference[];
  /** Own changes of the same moment: they were made on top of it (`kept`), or had nothing to change any more (`lost`). */
  readonly own: 'none' | 'kept' | 'lost';
}

export type Fields = Pick<Schemas['Change-lineRequest'], 'price' | 'max_per_order' | 'button_label' | 'note' | 'reveal_at'>;

/** The line-up of a show as its page has it: as the server knows it, with one's own changes that are on their way. */
export class Run {
  /** Why it could not be read, in words. */
  trouble = '';
  /** Why a change was not made. */
  refused = '';
  others: Others | undefined;
  read = false;
  /** The product of the line that next or previous showed last; "": none. */
  present = '';

  private lines: readonly Line[] = [];
  private rev = 0;
  private heard = 0; // the newest revision that there is said to be
  private readonly waiting: Change[] = [];
  private working: Promise<void> | undefined;
  private readonly stop = new AbortController();

  constructor(private readonly studio: Studio, readonly show: string, private readonly room: string, private readonly news: () => void) {}

  /** Reads it, and again whenever somebody changes it. */
  async begin(): Promise<void> {
    await this.refresh('none');
    void follow(this.studio.client, this.room, this.stop.signal, (show, rev, line) => {
      if (show === '') this.heard = Infinity;
      else if (show === this.show) {
        this.heard = Math.max(this.heard, rev);
        if (rev === this.rev) this.step(line);
      }
      this.catchUp();
    });
  }

  end(): void {
    this.stop.abort();
  }

  /** The lines, with the changes that wait. */
  get now(): readonly Line[] {
    return this.waiting.reduce<readonly Line[]>((lines, c) => changed(lines, c) ?? lines, this.lines);
  }

  line(product: string): Line | undefined {
    return this.now.find((l) => l.product === product);
  }

  get busy(): boolean {
    return this.working !== undefined;
  }

  add(goods: Goods, before = ''): Promise<void> {
    return this.change({ kind: 'add', lines: [newLine(goods)], before });
  }

  /** Makes a change, one after the other. */
  change(c: Change): Promise<void> {
    if (!changed(this.now, c)) return Promise.resolve();
    this.refused = '';
    this.waiting.push(c);
    this.news();
    return (this.working ??= this.work().finally(() => {
      this.working = undefined;
      this.news();
      this.catchUp();
    }));
  }

  /** Next and previous change the present line alone. */
  private step(line: string): void {
    if (line === this.present) return;
    this.present = line;
    this.news();
  }

  private catchUp(): void {
    if (this.heard <= this.rev || this.working) return;
    this.heard = 0;
    void this.refresh('none');
  }

  /** Changes a line; the text says why it was not done, "" if it was. Where somebody else has changed the same line, it is not: `clash` has their line. */
  async set(base: Line, fields: Fields): Promise<{ wrong: string; clash?: Line | 'gone' }> {
    await this.working;
    for (let n = 0; n < tries; n++) {
      const there = this.lines.find((l) => l.product === base.product);
      if (!there) return { wrong: '', clash: 'gone' };
      if (JSON.stringify(sent(there)) !== JSON.stringify(sent(base))) return { wrong: '', clash: there };
      const answer = await this.studio.client.PATCH('/api/v1/shows/{show}/lineup/{product}', { params: { path: { show: this.show, product: base.product } }, body: { rev: this.rev, ...fields } });
      if (answer.data) {
        const { rev, ...line } = answer.data;
        this.rev = rev;
        this.lines = this.lines.map((l) => (l.product === base.product ? line : l));
        this.news();
        return { wrong: '' };
      }
      if (answer.response.status !== 409 || !(await this.refresh('kept'))) return { wrong: this.studio.wrong(answer) || this.trouble };
    }
    return { wrong: this.studio.language.words.busyDeed };
  }

  private async work(): Promise<void> {
    let lost = 0;
    for (let n = 0; this.waiting.length; ) {
      const after = changed(this.lines, this.waiting[0]!);
      if (!after) {
        this.waiting.shift();
        continue;
      }
      const answer = await this.studio.client.PUT('/api/v1/shows/{show}/lineup', { params: { path: { show: this.show } }, body: { rev: this.rev, items: after.map(sent) } });
      if (answer.data) {
        this.take(answer.data);
        this.waiting.shift();
        n = 0;
      } else if (answer.response.status !== 409 || ++n > tries || !(await this.refresh(lost ? 'lost' : 'kept'))) {
        this.refuse(answer);
        return;
      } else if (!changed(this.lines, this.waiting[0]!)) {
        lost++;
        if (this.others) this.others = { ...this.others, own: 'lost' };
      }
    }
  }

  private refuse(answer: Answer): void {
    this.waiting.length = 0;
    this.refused = this.studio.wrong(answer);
  }

  private take(b: Schemas['LineupAnswerBody']): void {
    this.rev = b.rev;
    this.lines = b.items ?? [];
    this.present = b.line ?? '';
    this.news();
  }

  /** Reads it anew, and notes what others did; false: it could not be read. */
  async refresh(own: Others['own']): Promise<boolean> {
    const answer = await this.studio.client.GET('/api/v1/shows/{show}/lineup', { params: { path: { show: this.show } } });
    this.trouble = this.studio.wrong(answer);
    if (answer.data) {
      const did = differences(this.lines, answer.data.items ?? []);
      const first = !this.read;
      this.read = true;
      const news = !first && did.length > 0 && answer.data.rev !== this.rev;
      this.take(answer.data);
      if (news) this.others = { by: answer.data.by ?? { name: '' }, did, own };
    }
    this.news();
    return answer.data !== undefined;
  }
}
