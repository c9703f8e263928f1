// Hostile posts stay text; two people at once lose nothing; other hosts get nowhere; sizes hold.
import { request } from 'node:http';
import { check, firstCase, hostile, open, same, test } from './harness.mjs';

/** Raw bytes over the wire, so that sizes are the compressed ones. */
function raw(base, path, options = {}) {
  const { body, ...rest } = options;
  return new Promise((done, fail) => {
    const r = request(base + path, { ...rest, headers: { 'Accept-Encoding': 'gzip', ...rest.headers } }, (answer) => {
      const parts = [];
      answer.on('data', (d) => parts.push(d));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(parts) }));
    });
    r.on('error', fail);
    r.end(body);
  });
}

export default async function (browser, base) {
  await test('hostile posts', async () => {
    const page = await open(browser, base, { viewport: { width: 360, height: 740 } });
    await page.goto(`${base}/?q=nobody answers`);
    const links = await page.locator('.row .say').evaluateAll((l) => l.map((a) => a.getAttribute('href')));
    check(links.length >= hostile.length, `${links.length} of ${hostile.length} hostile posts are in the queue`);
    for (const path of ['/?q=nobody answers', ...links]) {
      await page.goto(base + path);
      same(await page.evaluate(() => window.pwned), undefined, `${path} runs nothing`);
      same(await page.locator('main script, main img, main svg, main iframe').count(), 0, `${path} holds no foreign element`);
      same(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${path} keeps its width`);
      check(!/[\u202A-\u202E\u2066-\u2069\u200B\u0000]/.test(await page.locator('main').textContent()), `${path} shows hidden characters as boxes`);
    }
    await page.context().close();
  });
  await test('two people, one case', async () => {
    const mei = await open(browser, base, { name: 'mei' });
    const again = await open(browser, base, { name: 'mei' });
    const url = base + await firstCase(mei, base, '?q=state:new', 'P3');
    await mei.goto(url);
    await again.goto(url);
    await mei.locator('#text').fill('first text');
    await Promise.all([mei.waitForNavigation(), mei.getByRole('button', { name: 'Save draft' }).click()]);
    await again.locator('#text').fill('second text');
    const [answer] = await Promise.all([again.waitForNavigation(), again.getByRole('button', { name: 'Save draft' }).click()]);
    same(answer.status(), 409, 'status');
    same(await again.locator('#text').inputValue(), 'second text', 'mine is kept');
    check((await again.locator('main').textContent()).includes('first text'), 'theirs is shown');
    await again.getByRole('button', { name: 'Save mine instead' }).click();
    same(await again.locator('#text').inputValue(), 'second text', 'and can be stored on purpose');
    await mei.context().close();
    await again.context().close();
  });
  await test('walls', async () => {
    const host = new URL(base).host;
    same((await raw(base, '/', { headers: { Host: 'rebound.example' } })).status, 421, 'a foreign name');
    same((await raw(base, '/case/1/claim', { method: 'POST', headers: { Origin: 'http://evil.example' } })).status, 403, 'a foreign form');
    same((await raw(base, '/case/1/claim', { method: 'POST', headers: { Origin: `http://${host}` } })).status, 403, 'no token');
    same((await raw(base, '/', { method: 'POST' })).status, 405, 'a form for the queue');
    same((await raw(base, `/?q=${'x'.repeat(9000)}`)).status, 400, 'headers over the limit');
    for (const path of ['/', '/nothing', '/healthz']) {
      const { headers } = await raw(base, path);
      check((headers['content-security-policy'] || '').includes("default-src 'none'"), `policy on ${path}`);
      same(headers['x-content-type-options'], 'nosniff', `nosniff on ${path}`);
    }
    const page = await open(browser, base);
    await page.goto(base);
    same(await page.evaluate(() => document.querySelectorAll('[style], script:not([src]), style').length), 0, 'inline styles and scripts');
    await page.context().close();
  });
  await test('sizes', async () => {
    const first = await raw(base, '/');
    const assets = [...new Set(first.headers['content-encoding'] === 'gzip'
      ? (await (await fetch(base)).text()).match(/\/s\/[^"]+/g) : [])];
    const dir = assets[0].replace(/[^/]+$/, '');
    const sizes = { html: first.bytes.length, js: 0, css: 0, svg: 0 };
    for (const name of ['app.js', 'keys.js', 'editor.js', 'live.js', 'app.css', 'icon.svg']) {
      const got = await raw(base, dir + name);
      same(got.status, 200, name);
      check(/immutable/.test(got.headers['cache-control']), `${name} is kept for ever`);
      sizes[name.split('.')[1]] += got.bytes.length;
    }
    const all = Object.values(sizes).reduce((a, b) => a + b);
    check(all <= 40 * 1024, `first page: ${all} bytes, over 40 KiB`);
    check(sizes.js <= 12 * 1024, `scripts: ${sizes.js} bytes, over 12 KiB`);
    check(sizes.css <= 8 * 1024, `style: ${sizes.css} bytes, over 8 KiB`);
  });
}
