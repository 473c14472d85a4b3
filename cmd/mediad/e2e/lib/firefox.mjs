// Debian's Firefox, driven through WebDriver BiDi. playwright-core 1.65 asks for a command that its long-term release has not yet, so
// an earlier playwright-core drives it.
import { firefox } from 'playwright-esr';

/** Its contexts have no emulated phone, and no colour scheme. */
export function launchFirefox() {
  return firefox.launch({ channel: 'moz-firefox', executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr', headless: true });
}
