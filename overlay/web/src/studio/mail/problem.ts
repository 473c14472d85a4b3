import { say } from '../../shared/language.ts';
import table from '../../generated/strings/studio-mail.ts';
import type { Language } from '../context.ts';

/** Why a letter was not sent, in the reader's language: the server's text, with the words of the mail server as they are. */
export function mailProblem(text: string, language: Language): string {
  const words = language.in(table);
  const says = 'the mail server says: ';
  if (text.startsWith(says)) return say(words.serverSays, { words: text.slice(says.length) });
  const known: Readonly<Record<string, string>> = {
    'the mail server cannot be reached': words.serverGone,
    'the mail server does not answer in time': words.serverLate,
    'the certificate of the mail server is not valid': words.serverUnsafe,
    'the mail server has no STARTTLS': words.serverPlain,
    'the link does not work any more': words.linkDead,
  };
  return known[text] ?? text;
}
