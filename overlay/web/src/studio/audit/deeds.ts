import type { Words } from '../../generated/strings/studio-audit.ts';
import { say, type Phrase } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';

/** What was done, in words. One that has none here is told by its name. */
export function deed({ action, object, object_title: title }: Pick<Schemas['Audited'], 'action' | 'object' | 'object_title'>, words: Words): string {
  const phrases: Readonly<Record<string, Phrase<'what'> | string>> = {
    'allocation.change': words.didChangeAllocation, 'allocation.create': words.didCreateAllocation, 'allocation.delete': words.didDeleteAllocation,
    'host.create': words.didCreateHost, 'host.change': words.didChangeHost, 'host.delete': words.didDeleteHost, 'show.host': words.didSetHost, 'show.hosts': words.didSetHosts, 'show.host_back': words.didTakeBackHost,
    'offer.create': words.didCreateOffer, 'offer.end': words.didEndOffer,
    'poll.create': words.didCreatePoll, 'poll.change': words.didChangePoll, 'poll.open': words.didOpenPoll, 'poll.close': words.didClosePoll, 'poll.delete': words.didDeletePoll,
    'coupon.create': words.didCreateCoupon, 'coupon.show': words.didShowCoupon, 'coupon.hide': words.didHideCoupon, 'coupon.end': words.didEndCoupon, 'reward.create': words.didCreateReward, 'reward.end': words.didEndReward, 'points.rates': words.didSetPointRates,
    'chat.settings': words.didSetChat, 'chat.delete': words.didDeleteComment, 'chat.restore': words.didRestoreComment, 'chat.pin': words.didPinComment,
    'chat.unpin': words.didUnpinComment, 'chat.answered': words.didAnswerComment, 'chat.unanswered': words.didReopenComment, 'chat.mute': words.didMute,
    'chat.unmute': words.didUnmute, 'chat.erase': words.didEraseViewer, 'chat.key': words.didRenewChatKey, 'chat.key_delete': words.didDeleteChatKey,
    'festival.create': words.didCreateFestival, 'festival.change': words.didChangeFestival, 'festival.delete': words.didDeleteFestival, 'festival.invite': words.didInviteShop, 'festival.merchant': words.didChangeShopThere, 'festival.withdraw': words.didWithdrawShop,
    'festival.accept': words.didAcceptFestival, 'festival.join': words.didJoinFestival, 'festival.rooms': words.didSetFestivalRooms, 'festival.leave': words.didLeaveFestival, 'festival.remove': words.didRemoveFromFestival,
    'broadcast.adopt': words.didAdopt, 'category.create': words.didCreateCategory, 'category.delete': words.didDeleteCategory, 'category.move': words.didMoveCategory,
    'feed.change': words.didChangeFeed, 'feed.create': words.didCreateFeed, 'feed.delete': words.didDeleteFeed, 'import.drop': words.didDropImport,
    'pool.change': words.didChangePool, 'pool.create': words.didCreatePool, 'pool.delete': words.didDeletePool, 'pool.grant': words.didGrantPool, 'pool.revoke': words.didRevokePool, 'import.apply': words.didApplyImport, 'import.create': words.didCreateImport, 'invitation.cancel': words.didTakeBack,
    'member.invite': words.didInvite, 'member.join': words.didJoin, 'member.remove': words.didRemove, 'member.role': words.didChangeRole, 'org.change': words.didChangeOrg, 'org.create': words.didCreateOrg, 'org.retention': words.didSetRetentions, 'person.erase': words.didErasePerson,
    'owner.set_up': words.didSetUp, 'password.allow_reset': words.didAllowReset, 'password.change': words.didChangePassword, 'password.reset': words.didResetPassword,
    'product.delete': words.didDeleteProduct, 'product.change': words.didChangeProduct, 'lineup.price': words.didReprice, 'room.delete': words.didDeleteRoom, 'room.cue_delay': words.didCueDelay, 'room.ladder': words.didLadder, 'room.latency': words.didLatency, 'room.rename': words.didRenameRoom,
    'room.retention': words.didRetention, 'show.delete': words.didDeleteShow, 'show.plan': words.didPlan, 'show.rename': words.didRenameShow, 'show.replan': words.didReplan, 'show.retention': words.didShowRetention, 'show.reminders': words.didReminders,
    'listing.set': words.didSetListing, 'listing.delete': words.didDeleteListing,
    'order.match': words.didMatchOrder, 'order.erase': words.didEraseBuyer, 'order.unmatch': words.didUnmatchOrder, 'orders.import': words.didImportOrders, 'shop.change': words.didChangeShop, 'shop.create': words.didCreateShop, 'shop.delete': words.didDeleteShop,
    'webhook.create': words.didCreateWebhook, 'webhook.change': words.didChangeWebhook, 'webhook.delete': words.didDeleteWebhook, 'webhook.secret': words.didRenewWebhook, 'webhook.off': words.didStopWebhook, 'webhook.replay': words.didReplayWebhook,
    'stream_key.reveal': words.didRevealKey, 'stream_key.rotate': words.didRotateKey, 'token.create': words.didCreateToken, 'token.revoke': words.didRevokeToken,
  };
  const what = title ? say(words.called, { title }) : isId.test(object) ? words.unnamed : object.replace(between, ' → ');
  return say((phrases[action] ?? words.didOther) as Phrase<'what' | 'action'>, { what, action });
}

/** A pool and who gets it, a category and its new place: the server has English between them. */
const between = / (?:to|from) (?!.* (?:to|from) )/;

const isId = /^[0-9A-HJKMNP-TV-Z]{26}$/i;

/** Who did it: a person has a name, and the address beside it; the server itself and its first token have one here. */
export function doer({ actor, actor_name: name }: Pick<Schemas['Audited'], 'actor' | 'actor_name'>, words: Words): { readonly name: string; readonly address: string } {
  const own: Readonly<Record<string, string>> = { console: words.byConsole, 'command line': words.byCommand, generated: words.byGenerated, config: words.byConfig, feed: words.byFeed, server: words.byServer };
  return { name: name || own[actor] || actor, address: name && name !== actor ? actor : '' };
}

/** The same in the middle of a sentence: "by the server administrator". */
export const maker = (actor: string, words: Words): string => ({ console: words.inConsole, 'command line': words.inCommand, generated: words.inGenerated, config: words.inConfig, feed: words.inFeed, server: words.inServer })[actor] ?? actor;
