/** What the player loads when it is used: the list of products, a price for some minutes, the small picture, what of a recording holds today, and the next show. A bundle of its own, so that the player's stays one file. */
import './pocket.ts';

export { askToday } from '../shared/shown.ts';
export { Hydration } from './hydration.ts';
export { mini } from './mini.ts';
export { told } from './offer.ts';
export { askThumbs } from './thumbs.ts';
export { countdown, upcoming } from './upcoming.ts';
