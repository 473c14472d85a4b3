/**
 * Tells from the count of shown frames that the picture stands while time passes. While a host is away the server
 * repeats the last picture four times a second; a stream may be as slow itself, so this is a reason to ask, no answer.
 */
const span = 1500; // ms that are looked back on
const slow = 6; // frames a second, and fewer

export class Stillness {
  private seen: { at: number; frames: number }[] = [];

  /** Takes the count at a moment in ms; true once it has risen slowly for the whole span. NaN: the browser does not count. */
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

  /** The picture was stopped, or is another. */
  forget(): void {
    this.seen = [];
  }
}
