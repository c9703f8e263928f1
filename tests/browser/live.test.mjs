// Clocks go on by the server's time, and a changed queue is told without moving the list.
import { check, firstCase, open, same, test } from './harness.mjs';

const look = (page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

export default async function (browser, base) {
  await test('a change elsewhere', async () => {
    const mei = await open(browser, base, { name: 'mei' });
    const liu = await open(browser, base, { name: 'liu' });
    const url = base + await firstCase(liu, base, '?q=state:new');
    await mei.goto(base);
    const order = () => mei.locator('.say').evaluateAll((l) => l.map((a) => a.getAttribute('href')).join(' '));
    const before = await order();
    await look(mei);
    await mei.waitForTimeout(200);
    check(!await mei.locator('#changed').isVisible(), 'nothing is said while nothing changes');
    await liu.goto(url);
    await liu.locator('#note > summary').click();
    await liu.locator('#note-text').fill('seen');
    await liu.getByRole('button', { name: 'Add', exact: true }).click();
    await look(mei);
    await mei.locator('#changed a').waitFor();
    same(await order(), before, 'the list stays where it is');
    await mei.keyboard.press('.');
    await mei.waitForLoadState();
    check(!await mei.locator('#changed').isVisible(), 'shown, it is quiet again');
    await mei.context().close();
    await liu.context().close();
  });
  await test('clocks', async () => {
    const page = await open(browser, base);
    await page.clock.install();
    await page.goto(base);
    const clock = page.locator('time[data-due]').first();
    const before = await clock.textContent();
    await page.clock.runFor('49:00:00');
    const after = await clock.textContent();
    check(before !== after, `a clock goes on: ${before}, ${after}`);
    check(/^\d+ d \d+ h late$/.test(after), `in the server's words: ${after}`);
    await page.context().close();
  });
}
