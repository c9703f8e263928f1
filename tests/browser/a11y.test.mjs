// axe finds nothing on any page, in both themes and all languages; sizes, zoom and forced colours.
import { axe, check, firstCase, open, same, test } from './harness.mjs';

const languages = { en: 'en', 'zh-TW': 'zh-Hant', 'zh-CN': 'zh-Hans' };

async function violations(page) {
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return result.violations.map((v) => `${v.id} ${v.nodes.slice(0, 2).map((n) => n.target.join(' ')).join(', ')}`);
}

async function sideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

async function smallTargets(page) {
  return page.evaluate(() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden]), select')]
    .filter((e) => e.checkVisibility() && !e.closest('.skip, dialog, p, h2, footer, li:not(.row), td') && !e.matches('.say, .health'))
    .filter((e) => e.getBoundingClientRect().height < 44)
    .map((e) => `${e.tagName} ${e.textContent.trim().slice(0, 20)} ${e.getBoundingClientRect().height}`));
}

export default async function (browser, base) {
  const first = await open(browser, base);
  const one = await firstCase(first, base, '?q=urgency:P1');
  const paths = ['/', one, '/sources', '/?q=owner:nobody', '/?q=urgency:P9', '/case/999999'];

  await first.context().close();
  for (const [locale, tag] of Object.entries(languages)) {
    for (const colorScheme of ['light', 'dark']) {
      const page = await open(browser, base, { locale, colorScheme });
      await page.addInitScript({ content: axe });
      const plain = locale === 'en' && colorScheme === 'light';
      for (const path of plain ? paths : paths.slice(0, 3)) {
        await test(`axe ${path} ${tag} ${colorScheme}`, async () => {
          await page.goto(base + path);
          same(await page.locator('html').getAttribute('lang'), tag, 'language of the page');
          same((await violations(page)).join('; '), '', 'violations');
        });
      }
      await page.context().close();
    }
  }
  for (const [name, options] of Object.entries({
    'phone of 320': { viewport: { width: 320, height: 640 } },
    'zoom of 200 %': { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
    'forced colours': { forcedColors: 'active' },
    'reduced motion': { reducedMotion: 'reduce' },
  })) {
    const page = await open(browser, base, options);
    await page.addInitScript({ content: axe });
    for (const path of paths) {
      await test(`${name} ${path}`, async () => {
        await page.goto(base + path);
        same(await sideways(page), 0, 'pixels to scroll sideways');
        same((await violations(page)).join('; '), '', 'violations');
        if (name.startsWith('phone')) same((await smallTargets(page)).join('; '), '', 'targets under 44 px');
        if (name.startsWith('reduced')) {
          check(await page.evaluate(() => document.getAnimations().length === 0), 'nothing moves');
        }
      });
    }
    await page.context().close();
  }
}
