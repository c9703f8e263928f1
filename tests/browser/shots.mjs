// Renews docs/img from the demonstration. usage: DEFUSE=… NODE_MODULES=… node shots.mjs
import { join } from 'node:path';
import { launch, open, root, serve } from './harness.mjs';

const server = await serve({ hostile: false });
const browser = await launch();
const page = await open(browser, server.base, { name: 'Mei', viewport: { width: 1280, height: 800 } });

await page.goto(`${server.base}/?q=channel:feed`);
await page.screenshot({ path: join(root, 'docs/img/queue.png') });
await page.setViewportSize({ width: 1280, height: 900 });
await page.goto(server.base);
const href = await page.locator('.row', { hasText: process.env.CASE || 'Lid came off' }).locator('.say').first().getAttribute('href');
await page.goto(server.base + href);
await page.screenshot({ path: join(root, 'docs/img/case.png') });
await browser.close();
await server.stop();
