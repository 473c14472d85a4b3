/** How a deed ended. `early`: one waited already, so it was not taken on; `dropped`: the one before it failed, so it was not begun. */
export type Outcome = boolean | 'early' | 'dropped';

interface Turn {
  done: Promise<Outcome>;
  waits: boolean;
}

/** Deeds that concern one thing happen one after another: one acts, and at most one waits for it. What waits is dropped if that one fails. */
export class Turns {
  private readonly last = new Map<string, Turn>();

  /** `waits`: whether the deed may wait for the one that acts. */
  take(of: string, act: () => Promise<Outcome>, waits = true): Promise<Outcome> {
    const ahead = this.last.get(of);
    if (ahead && (ahead.waits || !waits)) return Promise.resolve('early');
    const turn: Turn = { waits: ahead !== undefined, done: Promise.resolve(false) };
    const run = async (): Promise<Outcome> => {
      if (ahead && (await ahead.done) !== true) return 'dropped';
      turn.waits = false;
      return act();
    };
    turn.done = run().finally(() => {
      if (this.last.get(of) === turn) this.last.delete(of);
    });
    this.last.set(of, turn);
    return turn.done;
  }

  /** Whether one waits, so that no other can. */
  full(of: string): boolean {
    return this.last.get(of)?.waits === true;
  }
}
