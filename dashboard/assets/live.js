// Clocks that go on, by the server's time, and a quiet word when the queue has changed. The list
// itself never moves under the hand.

const MINUTE = 60e3, TICK = 15e3, POLL = 30e3, NOTICE = 15;

/** The same rounding as dashboard/words.c. @param {string[]} words @param {number} ms */
function say(words, ms) {
  const late = ms < 0 ? 3 : 0;
  const minutes = Math.floor(Math.abs(ms) / MINUTE);
  const hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
  const [form, big, small] = days ? [words[2 + late], days, hours % 24]
    : hours ? [words[1 + late], hours, minutes % 60] : [words[late], minutes, 0];
  return form.replace('{0}', String(big)).replace('{1}', String(small));
}

/** @param {Document} doc */
export function live(doc) {
  const root = doc.documentElement;
  const offset = Number(root.dataset.now) - Date.now();
  const words = (root.dataset.clock || '').split('|');
  const notice = /** @type {HTMLElement} */ (doc.getElementById('notice'));
  const change = /** @type {HTMLElement} */ (doc.getElementById('changed'));

  function tick() {
    for (const t of /** @type {NodeListOf<HTMLTimeElement>} */ (doc.querySelectorAll('time[data-due]'))) {
      const left = Date.parse(t.dateTime) - (Date.now() + offset);
      const text = say(words, left);
      if (t.textContent === text) continue;
      t.textContent = text;
      const box = t.closest('.due');
      if (box) box.classList.toggle('alarm', left < 0);
      if (Math.floor(left / MINUTE) === NOTICE && !t.closest('.row')) notice.textContent = text;
    }
  }

  async function poll() {
    if (doc.hidden || !change.hidden) return;
    try {
      const answer = await fetch('/live');
      if (answer.ok && (await answer.json()).mark !== Number(change.dataset.mark)) change.hidden = false;
    } catch { /* the next poll will tell */ }
  }

  setInterval(tick, TICK);
  if (change) setInterval(poll, POLL);
  doc.addEventListener('visibilitychange', () => {
    if (doc.hidden) return;
    tick();
    if (change) poll();
  });
}
