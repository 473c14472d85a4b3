/** What plays a URL on a video element, whichever way the browser can. */

export interface SourceHooks {
  /** A cue's bytes were read; `time` is on the media timeline, in seconds, and usually still ahead of the playhead. */
  tag(bytes: Uint8Array, time: number): void;
  /** The text of a cue, where the browser has taken the tag apart. */
  text(text: string, time: number): void;
  /** The playlist was read; `advanced`: it has grown since. */
  playlist(advanced: boolean): void;
  /** The playlist is closed (EXT-X-ENDLIST): nothing more will come. */
  closed(playlist: string): void;
  /** The source has given up. It is to be destroyed. */
  failed(what: string): void;
}

/** What is to be played, and from where. */
export interface Wish {
  readonly url: string;
  /** It is not over: the player stays with its end, unless it begins at a date. */
  readonly live: boolean;
  /** Begin at this programme date-time, in ms since 1970. */
  readonly date?: number | undefined;
  /** Begin so many seconds from the begin. */
  readonly at?: number | undefined;
}

export interface Source {
  /** Programme date-time of the playhead, in ms since 1970. */
  date(): number | undefined;
  /** Moves to a programme date-time; false where the playlist does not reach it. */
  seekDate(date: number): boolean;
  /** Seconds between the newest media and the playhead. */
  latency(): number | undefined;
  /** Seconds that the stream itself asks players to keep. */
  target(): number | undefined;
  /** Where on the media timeline live is. */
  livePosition(): number | undefined;
  /** Moves the picture to live. */
  goLive(): void;
  /** Makes a source that has stopped asking for media, though there is more, ask again. */
  wake(): void;
  destroy(): void;
}
