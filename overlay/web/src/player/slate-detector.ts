/**
 * Tells from the count of shown frames whether the picture stands still while time passes. While a host is away, the
 * server repeats the last picture four times a second. A real stream may be as slow, so this is a reason to ask the
 * server, not an answer.
 */
const span = 1500; // length of the examined time in ms
const slow = 6; // frames a second, and fewer

export class SlateDetector {
  private seen: { at: number; frames: number }[] = [];

  /** Takes the count at a moment in ms; true: it has risen slowly for the whole span. NaN: the browser does not count. */
  look(at: number, frames: number): boolean {
    if (Number.isNaN(frames) || frames < (this.seen.at(-1)?.frames ?? 0)) {
      this.seen = [];
      return false;
    }
    this.seen.push({ at, frames });
    while (this.seen.length > 2 && at - this.seen[1]!.at >= span) this.seen.shift();
    const [first] = this.seen;
    const took = at - first!.at;
    return took >= span && ((frames - first!.frames) * 1000) / took <= slow;
  }

  /** The picture was paused or replaced. */
  forget(): void {
    this.seen = [];
  }
}
