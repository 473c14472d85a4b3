import { localeFor } from '../shared/language.ts';

/** The server writes times in UTC, for pages without this code. Here they are those of the viewer's clock. */

const clock = new Intl.DateTimeFormat(localeFor(document.querySelector('mediad-player')?.lang || document.documentElement.lang), { dateStyle: 'medium', timeStyle: 'short' });
for (const time of document.querySelectorAll<HTMLTimeElement>('.former time, .pill time, .ways time, #of time')) time.textContent = clock.format(new Date(time.dateTime));
