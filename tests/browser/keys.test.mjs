// Single keys help, and never while somebody types or composes.
import { check, firstCase, open, same, test } from './harness.mjs';

const focused = (page) => page.evaluate(() => document.activeElement && (document.activeElement.id || document.activeElement.getAttribute('href') || document.activeElement.tagName));

export default async function (browser, base) {
  await test('moving and opening', async () => {
    const page = await open(browser, base);
    const href = await firstCase(page, base);
    const second = await page.locator('.row .say').nth(1).getAttribute('href');
    await page.keyboard.press('j');
    same(await focused(page), href, 'j goes to the first line');
    await page.keyboard.press('j');
    same(await focused(page), second, 'j goes on');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.waitForURL(base + href);
    await page.keyboard.press('u');
    await page.waitForURL(`${base}/`);
    await page.keyboard.press('?');
    check(await page.locator('#keys').isVisible(), '? shows the list of keys');
    await page.locator('#keys-on').uncheck();
    await page.keyboard.press('Escape');
    await page.reload();
    await page.keyboard.press('j');
    check(await focused(page) !== href, 'switched off they stay off');
    await page.context().close();
  });
  await test('typing and composing', async () => {
    const page = await open(browser, base, { name: 'mei' });
    const url = base + await firstCase(page, base, '?q=state:new', 'P3');
    await page.goto(url);
    const cdp = await page.context().newCDPSession(page);
    await page.keyboard.press('r');
    same(await focused(page), 'text', 'r goes to the reply');
    await page.keyboard.type('a e s u j');
    same(page.url(), url, 'letters in the editor are letters');
    check((await page.locator('#text').inputValue()).endsWith('a e s u j'), 'and they arrive');
    await cdp.send('Input.imeSetComposition', { text: 'ㄠ', selectionStart: 1, selectionEnd: 1 });
    await cdp.send('Input.imeSetComposition', { text: '澳', selectionStart: 1, selectionEnd: 1 });
    await cdp.send('Input.insertText', { text: '澳' });
    check((await page.locator('#text').inputValue()).includes('澳'), 'composed text arrives');
    same(page.url(), url, 'composing fires no key');
    await page.evaluate(() => {
      document.body.focus();
      for (const init of [{ isComposing: true }, { keyCode: 229 }, { ctrlKey: true }, { altKey: true }, { metaKey: true }]) {
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'u', bubbles: true, cancelable: true, ...init }));
      }
    });
    await page.waitForTimeout(100);
    same(page.url(), url, 'with modifiers, or while an input method composes, keys do nothing');
    same(await page.locator('details[open]#close').count(), 0, 'nothing opened');
    await page.reload();
    check((await page.locator('#text').inputValue()).includes('澳'), 'the text survives a reload');
    await page.context().close();
  });
}
