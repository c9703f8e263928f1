// The reply editor: asks the server's linter while a person types, keeps the text over a reload.
// The server stays the judge: it checks again when the form is sent.

const WAIT = 300;

const policy = window.trustedTypes &&
  window.trustedTypes.createPolicy('defuse', { createHTML: (/** @type {string} */ s) => s });

/** Only fragments of our own server come here, escaped there. @param {Element} at @param {string} html */
function swap(at, html) {
  at.innerHTML = /** @type {string} */ (policy ? policy.createHTML(html) : html);
}

/** @param {Document} doc */
export function editor(doc) {
  const text = /** @type {HTMLTextAreaElement} */ (doc.querySelector('textarea[data-lint]'));
  if (!text || !text.form) return;
  const form = text.form;
  const out = /** @type {HTMLElement} */ (doc.getElementById('lint'));
  const version = /** @type {HTMLInputElement} */ (form.elements.namedItem('version')).value;
  const key = 'draft ' + location.pathname + ' ' + version;
  let timer = 0, asked = 0, composing = false, sent = false;
  let last = text.value;

  const kept = sessionStorage.getItem(key);
  if (kept !== null && kept !== text.value) {
    text.value = kept;
    ask();
  }

  async function ask() {
    clearTimeout(timer);
    if (composing || text.value === last) return;
    last = text.value;
    const mine = ++asked;
    out.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(text.dataset.lint || '', {
        method: 'POST', body: new URLSearchParams(/** @type {any} */ (new FormData(form))),
      });
      const html = await answer.text();
      if (mine === asked && answer.ok) swap(out, html);
      else if (mine === asked) throw new Error(String(answer.status));
    } catch {
      out.textContent = text.dataset.offline || '';
      last = '';
    }
    if (mine === asked) out.removeAttribute('aria-busy');
  }

  text.addEventListener('compositionstart', () => { composing = true; });
  text.addEventListener('compositionend', () => { composing = false; later(); });
  text.addEventListener('input', later);
  text.addEventListener('blur', ask);
  text.addEventListener('keydown', (e) => {
    if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey) || e.isComposing) return;
    const save = /** @type {HTMLButtonElement} */ (form.querySelector('button[value=save]'));
    if (save) form.requestSubmit(save);
  });

  function later() {
    sessionStorage.setItem(key, text.value);
    clearTimeout(timer);
    timer = window.setTimeout(ask, WAIT);
  }

  form.addEventListener('submit', () => {
    sent = true;
    sessionStorage.removeItem(key);
  });
  addEventListener('beforeunload', (e) => {
    if (!sent && text.value !== text.defaultValue) e.preventDefault();
  });
}
