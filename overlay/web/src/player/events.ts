import type { Cue, Product } from '../shared/cue.ts';
import type { Variant } from './variants.ts';

/** Detail of `mediad:cue`. Times are on the media timeline, in seconds. */
export interface CueDetail {
  readonly cue: Cue;
  readonly mediaTime: number;
  readonly firedAt: number;
  readonly repeat: boolean;
  readonly late: boolean;
}

/** Detail of `product-pin`, `product-update`, `product-unpin`, `checkout` and `add-to-cart`. */
export interface ProductDetail {
  readonly product: Product;
  readonly show: string;
  /** What was chosen in the list of products. */
  readonly variant?: Variant | undefined;
  readonly quantity?: number;
}

/** What plays, for pages around the player. */
export interface Programme {
  readonly show: string;
  /** Its title; "": not known, or the page names the show. */
  readonly title: string;
  /** The picture's place in the recording, in seconds. */
  readonly at: number | undefined;
  /** The date of the picture of a live show, in ms since 1970. */
  readonly date: number | undefined;
  /** The date of the picture, live or recorded, in ms since 1970. */
  readonly moment: number | undefined;
  /** The show that is planned next, while the room is off air. */
  readonly next: string | undefined;
  /** The show is off air, and has not ended: more may come. */
  readonly paused: boolean;
  /** There is no show: the recording that the page names cannot be played, or the room is off air and plans none. */
  readonly missing: boolean;
}
