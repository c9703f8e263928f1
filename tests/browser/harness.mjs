// What all browser tests share: a server over a fresh copy of the demonstration, a browser that
// reports every breach of the page's policy, and a list of checks.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
export const root = resolve(here, '../..');
const require = createRequire(join(process.env.NODE_MODULES || here, 'x.js'));
const { chromium } = require(join(process.env.NODE_MODULES, 'playwright-core'));
export const axe = readFileSync(join(process.env.NODE_MODULES, 'axe-core/axe.min.js'), 'utf8');

export const counts = { passed: 0, failed: 0 };
let where = '';

export function check(ok, what) {
  counts[ok ? 'passed' : 'failed']++;
  if (!ok) console.log(`FAIL ${where}: ${what.slice(0, 600)}`);
  return ok;
}

export function same(got, want, what) {
  return check(got === want, `${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(want)}`);
}

export async function test(name, run) {
  where = name;
  try {
    await run();
  } catch (e) {
    check(false, String(e.stack || e).split('\n').slice(0, 3).join(' '));
  }
}

/** A copy of the demonstration, with hostile posts added, taken in once, and served. */
export async function serve({ hostile: withHostile = true } = {}) {
  if (process.env.BASE) return { base: process.env.BASE, stop() {} };
  const dir = mkdtempSync(join(tmpdir(), 'defuse-browser-'));
  const config = join(dir, 'defuse.yaml');
  cpSync(join(root, 'examples/demo'), dir, { recursive: true });
  writeFileSync(join(dir, 'hostile.json'), JSON.stringify(hostileFeed()));
  if (withHostile) writeFileSync(config, readFileSync(config, 'utf8').replace(/^sources:.*$/m, (line) =>
    `${line}\n  - name: hostile\n    channel: feeds\n    url: hostile.json\n    first_run: backfill\n`));
  execFileSync(process.env.DEFUSE, ['-c', config, 'run'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const child = spawn(process.env.DEFUSE,
    ['-c', config, 'serve', '--no-collect', '--listen', '127.0.0.1:0'],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, USER: 'mei' } });
  const base = await new Promise((done, fail) => {
    let text = '';
    child.stdout.on('data', (d) => {
      text += d;
      const found = text.match(/http:\/\/[^\s/]+/);
      if (found) done(found[0]);
    });
    child.on('exit', (code) => fail(new Error(`the server ended with status ${code}`)));
  });
  return {
    base,
    async stop() {
      const gone = new Promise((r) => child.on('exit', r));
      child.removeAllListeners('exit');
      const code = new Promise((r) => child.on('exit', r));
      child.kill('SIGTERM');
      same(await code, 0, 'the server ends in peace');
      void gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export async function launch() {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A page of a browser of its own, whose breaches count as failures. */
export async function open(browser, base, options = {}) {
  const context = await browser.newContext({ locale: 'en', ...options });
  if (options.name) {
    await context.addCookies([{ name: 'defuse_name', value: encodeURIComponent(options.name), url: base }]);
  }
  const page = await context.newPage();
  page.on('request', (r) => {
    const url = new URL(r.url());
    if (url.protocol.startsWith('http') && url.origin !== base) check(false, `asked ${r.url()}`);
  });
  page.on('console', (m) => {
    if (m.type() === 'error' && !/status of 4\d\d/.test(m.text())) check(false, `console: ${m.text()}`);
  });
  page.on('pageerror', (e) => check(false, `script: ${e}`));
  page.on('dialog', async (d) => {
    if (d.type() !== 'beforeunload') check(false, `a dialog opened: ${d.message()}`);
    await d.accept();
  });
  return page;
}

export const hostile = [
  '<script>window.pwned=1</script><img src=x onerror="window.pwned=1">',
  '"><svg/onload=window.pwned=1><a href="javascript:window.pwned=1">x</a>',
  '\'};window.pwned=1;//</textarea><script>window.pwned=1</script></title>',
  '&lt;script&gt;window.pwned=1&lt;/script&gt; &#60;b&#62;',
  'safe \u202Egpj.exe\u202C zero\u200Bwidth \u2066iso\u2069 \uFEFF bom \u00ADshy',
  `Z${'\u0300\u0316\u0334'.repeat(30)}a${'\u0489'.repeat(40)}lgo`,
  'W'.repeat(10000),
  '字'.repeat(4000),
  'اين طلبي؟ لقد دفعت ولم يصل شيء منذ أسبوعين، الخدمة سيئة جدا',
  '👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏳️‍🌈 refund now!!! 🤬🤬🤬',
  'lines\n\n\n\n\nand\ttabs\r\nand more',
  '{{ 7*7 }} ${7*7} <%= 7*7 %> %s %n %p',
];

function hostileFeed() {
  return {
    version: 'https://jsonfeed.org/version/1.1', title: 'hostile',
    items: hostile.map((text, i) => ({
      id: `hostile-${i}`, url: `https://example.com/hostile/${i}`,
      content_text: `broken and nobody answers, I want a refund: ${text}`,
      authors: [{ name: i % 2 ? '<b>bold</b>"' : '\u202Erekcah' }],
      date_published: '2026-11-21T01:30:00Z',
    })),
  };
}

/** Address of the first case of a filtered queue, of exactly this urgency when one is given. */
export async function firstCase(page, base, query = '', urgency = '') {
  await page.goto(`${base}/${query}`);
  const row = urgency ? page.locator('.row').filter({ has: page.locator(`.p.${urgency}`) }) : page.locator('.row');
  return row.first().locator('.say').getAttribute('href');
}
