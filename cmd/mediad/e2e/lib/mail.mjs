// A mail server that keeps what it takes.
import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { until } from './mediad.mjs';

export class MailServer {
  letters = []; // { to, text, html, subject }

  static async start() {
    const s = new MailServer();
    s.server = new SMTPServer({
      authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false,
      onData: async (stream, session, done) => {
        const parts = [];
        for await (const part of stream) parts.push(part);
        const raw = Buffer.concat(parts).toString('latin1');
        s.letters.push({ to: session.envelope.rcptTo.map((r) => r.address), raw, text: bodyOf(raw, 'text/plain'), html: bodyOf(raw, 'text/html') });
        done();
      },
    });
    s.server.listen(0, '127.0.0.1');
    await once(s.server.server, 'listening');
    s.address = `127.0.0.1:${s.server.server.address().port}`;
    return s;
  }

  /** Waits for the next letter to somebody, and takes it. */
  async next(to) {
    const mine = () => this.letters.findIndex((l) => l.to.includes(to));
    await until(`a letter to ${to} comes`, async () => mine() >= 0);
    return this.letters.splice(mine(), 1)[0];
  }

  stop() {
    return new Promise((done) => this.server.close(done));
  }
}

/** The text of a part, decoded. */
function bodyOf(raw, kind) {
  const [, boundary] = /boundary="?([^"\r\n;]+)/.exec(raw);
  const part = raw.split(`--${boundary}`).find((p) => p.toLowerCase().includes(`content-type: ${kind}`));
  const [head, ...rest] = part.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString();
  return Buffer.from(body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString();
}
