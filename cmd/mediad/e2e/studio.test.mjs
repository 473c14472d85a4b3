// The studio: the printed token sets up the owner, who invites a host by a link; each screen is fit for everybody, and who is signed out is out.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit as fitIn } from './lib/fit.mjs';
import { MailServer } from './lib/mail.mjs';
import { Mediad, freePort, until } from './lib/mediad.mjs';

let m, browser, owner, mail;
before(async () => {
  mail = ends(await MailServer.start());
  const httpPort = await freePort();
  m = ends(await Mediad.start({ httpPort, http: { public_url: `http://127.0.0.1:${httpPort}` }, config: { smtp: { server: mail.address, tls: 'none', from: 'Corn shop <no-reply@shop.example>' }, webhooks: { private_networks: true } } }));
  browser = ends(await launch());
});

async function open(path, { width = 1280, height = 860, colorScheme = 'light', locale = 'en-GB' } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale });
  const page = await context.newPage();
  page.asked = [];
  page.on('request', (r) => page.asked.push(r.url()));
  await page.goto(m.http + path);
  return page;
}

const fit = (page, state) => fitIn(page, state, { controls: 'button, input:not([type=checkbox], [type=radio]), select, nav a', least: 43.9 });

test('the printed token sets up the owner, and leaves the address at once', async () => {
  owner = await open(`/studio#setup=${m.token}`);
  await owner.waitForSelector('[name=email]');
  assert.equal(owner.url(), `${m.http}/studio`);
  await fit(owner, 'set-up');
  await owner.fill('[name=shop]', 'Corn town');
  await owner.fill('[name=name]', 'Li');
  await owner.fill('[name=email]', 'li@shop.example');
  await owner.fill('[name=password]', 'corn and tea 1');
  await owner.keyboard.press('Enter');
  await owner.waitForSelector('.studio');
  assert.ok(!owner.asked.some((url) => url.includes(m.token)));
  assert.match(await owner.innerText('.top'), /Corn town[^]*li@shop\.example/);
});

test('an owner adds a webhook, sees its secret once, tries it, and sends again what failed', async () => {
  let answer = 500;
  const got = [];
  const server = createServer((q, r) => {
    let body = '';
    q.on('data', (d) => (body += d));
    q.on('end', () => { got.push({ headers: q.headers, body }); r.writeHead(answer).end(answer === 200 ? 'thanks' : 'the warehouse sleeps'); });
  });
  ends(await new Promise((ok) => server.listen(0, '127.0.0.1', () => ok(server))), 'close');
  await owner.click('.nav a[href="#/webhooks"]');
  await owner.waitForSelector('studio-webhooks .empty');
  await fit(owner, 'webhooks, empty');
  await owner.click('studio-webhooks .empty .loud');
  await owner.fill('webhook-new [name=url]', 'ftp://erp.example');
  await owner.fill('webhook-new [name=name]', 'Warehouse');
  await owner.click('webhook-new .loud');
  await owner.waitForSelector('webhook-new .trouble');
  await fit(owner, 'a webhook with a wrong address');
  await owner.fill('webhook-new [name=url]', `http://127.0.0.1:${server.address().port}/hook?key=1`);
  await owner.click('webhook-new .loud');
  await owner.waitForSelector('studio-webhook studio-secret');
  assert.doesNotMatch(await owner.innerText('studio-webhook'), /whsec_/, 'it is hidden until somebody asks');
  await owner.click('studio-webhook .secret button');
  const secret = await owner.innerText('studio-webhook .secret code');
  assert.match(secret, /^whsec_/);
  await fit(owner, 'the secret of a webhook, once');
  await owner.click('studio-webhook >> text=I have it');
  await owner.click('studio-webhook .standing >> text=Send a test event');
  await owner.waitForSelector('studio-webhook .standing .trouble:has-text("answers 500")');
  await owner.waitForSelector('studio-webhook .standing[data-how=bad]');
  await owner.click('webhook-log .log button');
  await owner.waitForSelector('webhook-log .story');
  assert.match(await owner.innerText('webhook-log .story'), /answers 500[^]*the warehouse sleeps[^]*webhook\.test/);
  await fit(owner, 'a webhook that fails');
  answer = 200;
  await owner.click('webhook-log .story >> text=Send again');
  await owner.waitForSelector('studio-webhook .badge[data-state=taken]');
  await owner.click('studio-webhook .standing >> text=Send a test event');
  await owner.waitForSelector('studio-webhook .standing .good:has-text("answered 200")');
  await owner.waitForSelector('studio-webhook .standing[data-how=good]');
  await fit(owner, 'a webhook that works');
  const third = got.at(-1); // what failed may also have come once by itself
  assert.ok(got.length > 2 && got.slice(0, -1).every((one) => one.headers['webhook-id'] === got[0].headers['webhook-id']));
  assert.notEqual(got[0].headers['webhook-id'], third.headers['webhook-id']);
  const mac = createHmac('sha256', Buffer.from(secret.slice(6), 'base64')).update(`${third.headers['webhook-id']}.${third.headers['webhook-timestamp']}.${third.body}`).digest('base64');
  assert.equal(third.headers['webhook-signature'], `v1,${mac}`);
  await owner.reload();
  await owner.waitForSelector('studio-webhook .standing');
  assert.ok(!(await owner.content()).includes(secret) && !m.log.includes(secret) && !m.log.includes('key=1'));
  await owner.goto(`${m.http}/studio#/webhooks`);
  await owner.waitForSelector('studio-webhooks .row[data-how=good]');
  await fit(owner, 'webhooks');
  await owner.click('studio-webhooks .row a');
  await owner.click('studio-webhook > .parts studio-ask >> text=Delete this webhook');
  await owner.click('studio-webhook .ask .danger');
  await owner.waitForSelector('studio-webhooks .empty');
});

test('a host is invited by a link, accepts it in another browser, and sees no more than a host may', async () => {
  await owner.click('.nav a[href="#/people"]');
  await owner.waitForSelector('studio-people tbody tr');
  assert.match(await owner.innerText('studio-people'), /You are alone here/);
  await fit(owner, 'people, alone');
  await owner.click('.invite');
  await fit(owner, 'an invitation');
  await owner.keyboard.type('wang@shop.example');
  await owner.keyboard.press('Enter');
  await owner.waitForSelector('.made');
  assert.doesNotMatch(await owner.innerText('.made'), /invitation=/); // hidden until somebody asks
  await owner.click('.made .secret button');
  const lost = await owner.innerText('.made code');
  assert.match(lost, new RegExp(`^${m.http}/studio#invitation=`));
  await fit(owner, 'the link of an invitation');
  assert.ok((await mail.next('wang@shop.example')).text.includes(lost));

  // It was lost: a new one takes its place.
  await owner.click('.made .done');
  await owner.waitForSelector('tr:has-text("li@shop.example") .stays:has-text("only owner")');
  await owner.click('tr:has-text("wang@shop.example") .anew');
  await owner.waitForSelector('.made');
  await owner.click('.made .secret button');
  const link = await owner.innerText('.made code');
  const letter = await mail.next('wang@shop.example');
  assert.ok(letter.text.includes(link) && letter.html.includes(`href="${link}"`));
  await owner.waitForSelector('tr:has-text("wang@shop.example") .posted:has-text("Mail sent")');

  const host = await open(link.slice(m.http.length), { width: 390, height: 844, locale: 'zh-CN' });
  await host.waitForSelector('[name=password]');
  assert.equal(host.url(), `${m.http}/studio`);
  assert.match(await host.innerText('.gate'), /Corn town 邀请您加入[\s\S]*wang@shop\.example[\s\S]*主播/);
  await fit(host, 'accepting an invitation, in Chinese');
  await host.fill('[name=name]', '王');
  await host.fill('[name=password]', 'short');
  await host.keyboard.press('Enter');
  assert.ok(await host.$eval('[name=password]', (e) => e.validity.tooShort));
  await host.fill('[name=password]', 'tea and corn 3');
  await host.keyboard.press('Enter');
  await host.waitForSelector('.studio');
  assert.equal(await host.locator('.nav a[href="#/people"]').count(), 0); // a host keeps no people
  await host.evaluate(() => (location.hash = '#/people'));
  await host.waitForSelector('#content .empty');
  assert.match(await host.innerText('#content'), /您无权打开“成员”/);
  await fit(host, 'a part that is not open to a host, in Chinese');
  await host.click('#content .empty a');
  await host.waitForSelector('studio-home');

  for (const dead of [lost, link]) {
    const again = await open(dead.slice(m.http.length));
    await again.waitForSelector('[role=alert]');
    assert.match(await again.innerText('.gate'), /no longer works/);
    await fit(again, 'a link that was used');
    await again.context().close();
  }

  // Another role holds at once, and is taken back by a button.
  await owner.reload();
  const role = async () => (await m.api('GET', '/orgs/home/members')).body.items.find((p) => p.email === 'wang@shop.example').role;
  await owner.selectOption('tr:has-text("wang@shop.example") select', 'analyst');
  await owner.waitForSelector('.told button');
  assert.equal(await role(), 'analyst');
  await owner.click('.told button');
  await until('the role is the old one', async () => (await role()) === 'host');

  // Removed, the host is out at the next request, and is told so.
  await owner.click('tr:has-text("wang@shop.example") studio-ask button');
  await fit(owner, 'people, asked before removing');
  assert.equal(await owner.evaluate(() => document.activeElement.textContent), 'Cancel');
  await owner.click('.ask .danger');
  await until('the row goes', async () => (await owner.locator('studio-people tbody tr').count()) === 1);
  await host.reload();
  await host.waitForSelector('.empty');
  assert.match(await host.innerText('#content'), /您还没有任何角色/);
  await host.context().close();
});

test('a token is shown once, tells when it was used, and ends when it is revoked', async () => {
  await owner.click('.nav a[href="#/tokens"]');
  await owner.waitForSelector('studio-tokens .empty, studio-tokens tbody');
  await fit(owner, 'tokens');
  await owner.click('.head .add');
  await owner.keyboard.type('OBS');
  await owner.check('[name=room][value=demo]');
  await fit(owner, 'a new token');
  await owner.click('form .loud');
  await owner.waitForSelector('.made');
  assert.doesNotMatch(await owner.innerText('.made'), /mediad_/); // hidden until somebody asks
  await fit(owner, 'a token that was made');
  await owner.click('.made .secret button');
  const token = await owner.innerText('.made .secret code');
  const asks = () => fetch(`${m.http}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } }).then((r) => r.status);
  assert.equal(await asks(), 200);
  await owner.reload();
  await owner.waitForSelector('tr:has-text("OBS")');
  assert.match(await owner.innerText('tr:has-text("OBS")'), /Assistant · (.+ )?demo[\s\S]*(this minute|ago)/);
  await owner.click('tr:has-text("OBS") studio-ask button');
  await owner.click('.ask .danger');
  await until('the token is no more', async () => (await asks()) === 401);
});

test('settings are kept, an organisation stands below, and all of it is written down', async () => {
  await owner.click('.nav a[href="#/settings"]');
  await owner.fill('[name=name]', 'Corn Town');
  await owner.selectOption('[name=currency]', 'CNY');
  await owner.focus('[name=timezone]');
  await owner.keyboard.type('shanghai'); // a list of cities: the letters of one find it
  assert.equal(await owner.inputValue('[name=timezone]'), 'Asia/Shanghai');
  await owner.press('[name=name]', 'Enter');
  await until('the name is kept', async () => /Corn Town/.test(await owner.innerText('.top .org')));
  await owner.click('studio-mail .test');
  await owner.waitForSelector('studio-mail [role=status]');
  assert.match((await mail.next('li@shop.example')).text, /Mail works/);
  await owner.click('.tree .add');
  await owner.fill('.add-org [name=name]', 'Tea house');
  await fit(owner, 'settings');
  await owner.keyboard.press('Enter');
  await owner.selectOption('.top select', { label: '\u2003Tea house' });
  await until('the page is that of the other organisation', async () => (await owner.inputValue('studio-settings [name=name]')) === 'Tea house');
  await owner.selectOption('.top select', { label: 'Corn Town' });

  await owner.click('.nav a[href="#/audit"]');
  await owner.waitForSelector('studio-audit li');
  const done = await owner.innerText('studio-audit');
  for (const what of [/li@shop\.example invited wang@shop\.example/, /wang@shop\.example accepted an invitation/, /revoked the token “OBS”/, /changed the settings of/]) assert.match(done, what);
  await fit(owner, 'who did what');
});

test('one changes the own password, and signs in with it after signing out everywhere', async () => {
  const other = await open('/studio', { width: 390, locale: 'zh-CN', colorScheme: 'dark' });
  await other.waitForSelector('[name=password]');
  await fit(other, 'sign-in, in Chinese, dark');
  await other.fill('[name=email]', 'li@shop.example');
  await other.fill('[name=password]', 'a wrong one');
  await other.keyboard.press('Enter');
  assert.equal(await other.textContent('.trouble'), '邮箱或密码不正确。');
  await other.fill('[name=password]', 'corn and tea 1');
  await other.keyboard.press('Enter');
  await other.waitForSelector('.studio');

  await owner.click('.who');
  await fit(owner, 'the account menu');
  await owner.click('.menu a');
  await owner.fill('#old', 'corn and tea 1');
  await owner.fill('#password', 'rice and honey 2');
  await fit(owner, 'own password');
  await owner.keyboard.press('Enter');
  await owner.waitForSelector('.told:has-text("Password changed")');
  await other.reload();
  await other.waitForSelector('[name=password]'); // a new password signs out everywhere else
  await other.fill('[name=email]', 'li@shop.example');
  await other.fill('[name=password]', 'rice and honey 2');
  await other.keyboard.press('Enter');
  await other.waitForSelector('.studio');

  await owner.click('.who');
  await owner.click('.menu button:last-of-type');
  await owner.waitForSelector('[name=password]');
  await other.reload();
  await other.waitForSelector('[name=password]');
  await other.context().close();
});

test('who has forgotten the password gets a link by mail, and so does nobody else', async () => {
  const page = await open('/studio', { width: 390, height: 844, locale: 'zh-CN', colorScheme: 'dark' });
  await page.waitForSelector('[name=password]');
  await page.fill('[name=email]', 'nobody@shop.example');
  const said = [];
  for (const email of ['nobody@shop.example', 'li@shop.example']) {
    await page.click('.forgot');
    await page.waitForSelector('form:not(:has([name=password]))');
    assert.equal(await page.inputValue('[name=email]'), said.length ? '' : email); // what was typed before is not asked for again
    await page.fill('[name=email]', email);
    await fit(page, 'a forgotten password, in Chinese, dark');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.forgotten');
    said.push((await page.innerText('.forgotten')).replace(email, ''));
    await fit(page, 'a link is on its way, in Chinese, dark');
    await page.click('.forgotten .loud');
  }
  assert.equal(said[0], said[1]);
  const letter = await mail.next('li@shop.example');
  const link = letter.text.match(/http\S+#password=\w+/)[0];
  assert.equal(mail.letters.length, 0); // nobody has none
  await page.goto(link);
  await page.waitForSelector('[name=password]');
  assert.match(await page.innerText('.gate'), /为 li@shop\.example 设置新密码/);
  await page.fill('[name=password]', 'honey and rice 3');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.studio');
  assert.ok(!m.log.includes(link.split('=')[1]) && !m.log.includes('li@shop.example'));
  await page.context().close();
});
