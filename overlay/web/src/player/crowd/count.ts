/** The likes of a show as a viewer sees them: their own at once, and those of others as the picture tells of them. The picture is late, so its number may not have the viewer's own yet: the greater number holds, and none goes back. */
export class Likes {
  /** What stands on the button. */
  shown = 0;
  /** Of this viewer, in this show. */
  own = 0;
  private waiting = 0; // for the next beacon
  private told = NaN; // by the last pulse, or before the first one
  private echo = 0; // of the viewer's own likes, those that no pulse has told yet

  like(): void {
    this.own++;
    this.shown++;
    this.echo++;
    this.waiting = Math.min(this.waiting + 1, mostAtOnce);
  }

  /** Takes what a pulse says, and gives by how many likes of others the show has grown since the one before. A jump back has no growth. */
  hear(likes: number): number {
    const grown = Math.max(0, likes - this.told) || 0;
    [this.told, this.shown] = [likes, Math.max(this.shown, likes)];
    const mine = Math.min(this.echo, grown);
    this.echo -= mine;
    return grown - mine;
  }

  /** Gives what the next beacon tells. */
  take(): number {
    const { waiting } = this;
    this.waiting = 0;
    return waiting;
  }
}

const mostAtOnce = 100; // as the server allows in a beacon
