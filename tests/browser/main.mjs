// Runs all *.test.mjs of this folder, or the ones named, against one server and one browser.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { counts, launch, serve } from './harness.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(here).filter((f) => f.endsWith('.test.mjs')).sort()
  .filter((f) => !wanted.length || wanted.includes(f.replace('.test.mjs', '')));
const server = await serve();
const browser = await launch();

for (const file of files) {
  const before = counts.failed;
  await (await import(`./${file}`)).default(browser, server.base);
  console.log(`${counts.failed === before ? 'ok  ' : 'FAIL'} ${file}`);
}
await browser.close();
await server.stop();
console.log(`browser: ${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed ? 1 : 0);
