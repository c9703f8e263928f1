// One case from claim to close, with scripts and without, by mouse and forms.
import { check, firstCase, open, same, test } from './harness.mjs';

const TEXT = 'We are sorry about the wait. We are looking for your parcel today and will write here by 18:00.';

async function flow(browser, base, javaScriptEnabled) {
  const page = await open(browser, base, { javaScriptEnabled, name: javaScriptEnabled ? 'mei' : 'liu' });
  const url = base + await firstCase(page, base, '?q=state:new lang:en', 'P3');

  async function flash(text) {
    same((await page.locator('.flash').textContent()).trim(), text, 'what the page says');
  }
  await page.goto(url);
  await page.getByRole('button', { name: 'Claim' }).click();
  await flash('It is yours now.');
  await page.locator('#text').fill(TEXT);
  await page.getByRole('button', { name: 'Check' }).click();
  same(await page.locator('#text').inputValue(), TEXT, 'a check keeps the text');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await flash('Draft saved.');
  same(await page.locator('#text').inputValue(), TEXT, 'the draft is stored');
  await page.locator('#note > summary').click();
  await page.locator('#note-text').fill('asked the depot <b>twice</b>');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await flash('Note added.');
  check((await page.locator('.log').textContent()).includes('asked the depot <b>twice</b>'), 'the note is in the record');
  await page.getByRole('button', { name: 'Mark as sent' }).click();
  await flash('Marked as sent. The clock has stopped.');
  await page.locator('#close > summary').click();
  await page.locator('#reason').selectOption('resolved');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await flash('Closed. “Reopen” takes it back.');
  await page.locator('#reopen > summary').click();
  await page.locator('#reopen-why').fill('the parcel is still missing');
  await page.getByRole('button', { name: 'Reopen' }).click();
  await flash('Open again.');
  await page.locator('#snooze > summary').click();
  await page.getByRole('button', { name: 'Snooze' }).click();
  await flash('Put aside; it comes back by itself.');
  await page.reload();
  const steps = await page.locator('.log li').count();
  await page.reload();
  same(await page.locator('.log li').count(), steps, 'a reload repeats nothing');
  await page.context().close();
}

async function marks(browser, base) {
  const page = await open(browser, base);

  await page.goto(base + await firstCase(page, base, '?q=lang:en', 'P1'));
  check(await page.locator('mark').count() > 0, 'the words that matter are marked');
  for (const mark of await page.locator('mark').all()) {
    for (const id of (await mark.getAttribute('aria-describedby')).split(' ')) {
      same(await page.locator(`#${id}`).count(), 1, `reason ${id} of a mark`);
    }
  }
  await page.context().close();
}

async function blocked(browser, base) {
  const page = await open(browser, base, { name: 'mei' });
  const url = base + await firstCase(page, base, '?q=state:new lang:en', 'P3');

  await page.goto(url);
  await page.locator('#text').fill('Calm down. Call Anna Smith at +44 20 7946 0958, you will surely get a full refund tomorrow.');
  await page.locator('#lint li.block').first().waitFor();
  check(await page.locator('#lint li.block').count() > 0, 'the linter answers while one types');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await page.getByRole('button', { name: 'Mark as sent' }).click();
  check((await page.locator('.flash.bad').textContent()).includes('block'), 'a blocked text does not go out by itself');
  await page.locator('#override').fill('the customer asked for exactly this');
  await page.getByRole('button', { name: 'Mark as sent' }).click();
  check((await page.locator('.log').textContent()).includes('exactly this'), 'going on is written down');
  await page.context().close();
}

export default async function (browser, base) {
  await test('flow with scripts', () => flow(browser, base, true));
  await test('flow without scripts', () => flow(browser, base, false));
  await test('marked words', () => marks(browser, base));
  await test('a blocked reply', () => blocked(browser, base));
}
