import type { Words } from '../../generated/strings/studio-audit.ts';
import { say, type Phrase } from '../../shared/language.ts';
import type { Schemas } from '../context.ts';

/** What was done, in words. One that has none here is told by its name. */
export function deed({ action, object }: Pick<Schemas['Audited'], 'action' | 'object'>, words: Words): string {
  const phrases: Readonly<Record<string, Phrase<'what'> | string>> = {
    'broadcast.adopt': words.didAdopt, 'import.apply': words.didApplyImport, 'import.create': words.didCreateImport, 'invitation.cancel': words.didTakeBack,
    'member.invite': words.didInvite, 'member.join': words.didJoin, 'member.remove': words.didRemove, 'member.role': words.didChangeRole, 'org.change': words.didChangeOrg, 'org.create': words.didCreateOrg,
    'owner.set_up': words.didSetUp, 'password.allow_reset': words.didAllowReset, 'password.change': words.didChangePassword, 'password.reset': words.didResetPassword,
    'product.delete': words.didDeleteProduct, 'room.delete': words.didDeleteRoom, 'room.cue_delay': words.didCueDelay, 'room.latency': words.didLatency, 'room.rename': words.didRenameRoom,
    'room.retention': words.didRetention, 'show.delete': words.didDeleteShow, 'show.plan': words.didPlan, 'show.rename': words.didRenameShow, 'show.replan': words.didReplan, 'show.retention': words.didShowRetention,
    'stream_key.reveal': words.didRevealKey, 'stream_key.rotate': words.didRotateKey, 'token.create': words.didCreateToken, 'token.revoke': words.didRevokeToken,
  };
  return say((phrases[action] ?? words.didOther) as Phrase<'what' | 'action'>, { what: object, action });
}
