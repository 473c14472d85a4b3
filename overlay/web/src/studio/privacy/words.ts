import type { Words } from '../../generated/strings/studio-privacy.ts';

interface Told {
  readonly what: string;
  readonly until: string;
  readonly erased: string;
}

/** What is kept about people, by kind, in words. The server has the same in English. */
export const told = (words: Words): Readonly<Record<string, Told>> => ({
  comments: { what: words.whatComments, until: words.untilRecording, erased: words.erasedComments },
  mutes: { what: words.whatMutes, until: words.untilMutes, erased: words.erasedMutes },
  votes: { what: words.whatVotes, until: words.untilContacts, erased: words.erasedVotes },
  rewards: { what: words.whatRewards, until: words.untilShow, erased: words.erasedVotes },
  views: { what: words.whatViews, until: words.untilShow, erased: words.erasedViews },
  clicks: { what: words.whatClicks, until: words.forEver, erased: words.erasedClicks },
  checkouts: { what: words.whatCheckouts, until: words.untilCheckouts, erased: words.erasedCheckouts },
  buyers: { what: words.whatBuyers, until: words.forEver, erased: words.erasedBuyers },
  contacts: { what: words.whatContacts, until: words.untilContacts, erased: words.erasedContacts },
  members: { what: words.whatMembers, until: words.untilMembers, erased: words.erasedMembers },
  deeds: { what: words.whatDeeds, until: words.untilShow, erased: words.erasedDeeds },
  hosts: { what: words.whatHosts, until: words.untilHosts, erased: words.erasedHosts },
  audit: { what: words.whatAudit, until: words.forEver, erased: words.erasedAudit },
});

/** What was found of a person, or erased, by kind. */
export const found = (words: Words): Readonly<Record<string, string>> => ({
  comments: words.foundComments,
  mutes: words.foundMutes,
  votes: words.foundVotes,
  rewards: words.foundRewards,
  views: words.foundViews,
  orders: words.foundOrders,
  reminders: words.foundReminders,
  account: words.foundAccount,
  invitations: words.foundInvitations,
  letters: words.foundLetters,
  audit: words.foundAudit,
  deeds: words.foundDeeds,
});
