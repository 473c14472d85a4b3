import type { Words } from '../../generated/strings/studio.ts';
import type { Schemas } from '../context.ts';

export type Role = Schemas['Granted']['role'];

export const roles = ['owner', 'host', 'assistant', 'moderator', 'organiser', 'analyst'] as const;

export const roleWord = (role: string, words: Words): string =>
  ({ owner: words.roleOwner, host: words.roleHost, assistant: words.roleAssistant, moderator: words.roleModerator, organiser: words.roleOrganiser, analyst: words.roleAnalyst })[role] ?? role;
