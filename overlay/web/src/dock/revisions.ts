/** The revisions that this page made. Who edits on an old one is refused only if somebody else has changed the thing since. */
export class Revisions {
  private readonly next = new Map<string, number>();

  /** A change of `what`, made on the revision `from`, gave the revision `to`. */
  made(what: string, from: number, to: number): void {
    if (to > from) this.next.set(`${what} ${from}`, to);
  }

  /** The revision that `rev` became by what this page did alone. */
  since(what: string, rev: number): number {
    const to = this.next.get(`${what} ${rev}`);
    return to === undefined ? rev : this.since(what, to);
  }
}
