import { LitElement } from 'lit';
import { property, state } from 'lit/decorators.js';
import { fieldsOf, textOf } from '../shared/api.ts';
import { readErrors, refusalIn } from '../shared/refusals.ts';
import type { Desk } from './desk.ts';
import type { Language } from './words.ts';

/** Why the server refused something, in the reader's language. */
export async function refusedWords(error: unknown, { words, locale }: Language): Promise<string> {
  await readErrors();
  const said = textOf(fieldsOf<'ErrorModel'>(error).detail);
  return refusalIn(said, locale) || said || words.unanswered;
}

/** A part of the dock that is loaded when the dock stands, and draws into the page. It asks the server for changes itself, and says below it why one was not made. */
export abstract class Asking extends LitElement {
  @property({ attribute: false }) desk!: Desk;
  /** The desk's own, which changes without the desk being another. */
  @property({ attribute: false }) locked = true;
  @property({ attribute: false }) language!: Language;

  @state() protected editing = false;
  @state() protected trouble = '';
  @state() protected busy = false;

  /** How often it reads what is there, in ms, while somebody looks; 0: it sees to that itself. */
  protected readonly every: number = 0;
  private rounds: ReturnType<typeof setInterval> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.every) return;
    void this.read();
    this.rounds = setInterval(() => !document.hidden && void this.read(), this.every);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.rounds);
  }

  /** Reads what is there. */
  protected abstract read(): Promise<void>;

  /** Asks the server for a change; whether it was made. */
  protected async ask(send: () => Promise<{ error?: unknown; response: Response }>): Promise<boolean> {
    const { words } = this.language;
    [this.busy, this.trouble] = [true, ''];
    try {
      const { error, response } = await send();
      if (response.ok) {
        await this.read();
        return true;
      }
      this.trouble = await refusedWords(error, this.language);
    } catch {
      this.trouble = words.unanswered;
    } finally {
      this.busy = false;
    }
    return false;
  }

  protected focusOn(selector: string): void {
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(selector)?.focus());
  }
}
