import type { TemplateResult } from 'lit';
import type { Words } from '../generated/strings/studio.ts';
import type { Action } from './context.ts';
import { icons } from './parts/icons.ts';

/** Parts of the navigation, in this order. */
export type Group = 'sell' | 'results' | 'administration';

/** A section of the studio. What stands here is in the navigation, in this order, and is loaded when it is opened first. */
export interface Section {
  readonly id: string;
  /** Its name, of strings/studio.json. */
  readonly name: (words: Words) => string;
  readonly icon: TemplateResult;
  /** The part of the navigation in which it stands; missing: before all of them. */
  readonly group?: Group;
  /** Who sees it: those who may do this in the chosen organisation, or in one of its rooms. */
  readonly need: Action;
  /** A role for some rooms alone does not open it: what it has is of no room. */
  readonly whole?: boolean;
  /** The element that draws it, defined by the module that `load` gives. */
  readonly tag: string;
  readonly load: () => Promise<unknown>;
}

export const sections: readonly Section[] = [
  { id: 'home', name: (words) => words.sectionHome, icon: icons.home, need: 'read', tag: 'studio-home', load: () => import('./home/home.ts') },
  { id: 'rooms', group: 'sell', name: (words) => words.sectionRooms, icon: icons.rooms, need: 'read', tag: 'studio-rooms', load: () => import('./rooms/rooms.ts') },
  { id: 'shows', group: 'sell', name: (words) => words.navShows, icon: icons.shows, need: 'read', tag: 'studio-shows', load: () => import('./shows/shows.ts') },
  { id: 'catalogue', group: 'sell', name: (words) => words.navCatalogue, icon: icons.catalogue, need: 'read', tag: 'studio-catalogue', load: () => import('./catalogue/catalogue.ts') },
  { id: 'orders', group: 'sell', name: (words) => words.navOrders, icon: icons.orders, need: 'figures', whole: true, tag: 'studio-orders', load: () => import('./orders/orders.ts') },
  { id: 'shops', group: 'sell', name: (words) => words.navShops, icon: icons.shops, need: 'goods', whole: true, tag: 'studio-shops', load: () => import('./shops/shops.ts') },
  { id: 'reports', group: 'results', name: (words) => words.sectionReports, icon: icons.reports, need: 'figures', tag: 'studio-reports', load: () => import('./reports/reports.ts') },
  { id: 'festivals', group: 'results', name: (words) => words.navFestivals, icon: icons.festivals, need: 'figures', whole: true, tag: 'studio-festivals', load: () => import('./festivals/festivals.ts') },
  { id: 'replays', group: 'results', name: (words) => words.sectionReplays, icon: icons.replays, need: 'read', tag: 'studio-replays', load: () => import('./replays/replays.ts') },
  { id: 'people', group: 'administration', name: (words) => words.navPeople, icon: icons.people, need: 'people', tag: 'studio-people', load: () => import('./people/people.ts') },
  { id: 'tokens', group: 'administration', name: (words) => words.navTokens, icon: icons.tokens, need: 'people', tag: 'studio-tokens', load: () => import('./tokens/tokens.ts') },
  { id: 'webhooks', group: 'administration', name: (words) => words.navWebhooks, icon: icons.webhooks, need: 'own', whole: true, tag: 'studio-webhooks', load: () => import('./webhooks/webhooks.ts') },
  { id: 'usage', group: 'administration', name: (words) => words.sectionUsage, icon: icons.usage, need: 'figures', tag: 'studio-usage', load: () => import('./usage/usage.ts') },
  { id: 'audit', group: 'administration', name: (words) => words.navAudit, icon: icons.audit, need: 'people', tag: 'studio-audit', load: () => import('./audit/audit.ts') },
  { id: 'privacy', group: 'administration', name: (words) => words.navPrivacy, icon: icons.privacy, need: 'own', whole: true, tag: 'studio-privacy', load: () => import('./privacy/privacy.ts') },
  { id: 'settings', group: 'administration', name: (words) => words.navSettings, icon: icons.settings, need: 'people', tag: 'studio-settings', load: () => import('./settings/settings.ts') },
];

/** One's own account: not in the navigation, and for everybody. */
export const own: readonly Section[] = [
  { id: 'account', name: (words) => words.accountMenu, icon: icons.account, need: 'read', tag: 'studio-account', load: () => import('./account/account.ts') },
];
