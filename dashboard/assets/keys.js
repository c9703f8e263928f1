// Single keys for elements that carry data-key. Off while typing, while an input method composes,
// with any modifier, and for good when the reader says so (WCAG 2.1.4).

const SWITCH = 'defuse-keys';

/** @param {KeyboardEvent} e */
function typing(e) {
  const at = /** @type {HTMLElement} */ (e.target);
  return e.isComposing || e.keyCode === 229 || e.ctrlKey || e.altKey || e.metaKey ||
    at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
}

/** Next or previous line of the list. @param {Document} doc @param {number} step */
function move(doc, step) {
  const lines = /** @type {HTMLElement[]} */ ([...doc.querySelectorAll('.row .say')]);
  const here = lines.indexOf(/** @type {HTMLElement} */ (doc.activeElement));
  const next = lines[here < 0 ? 0 : Math.max(0, Math.min(lines.length - 1, here + step))];
  if (next) next.focus();
  return Boolean(next);
}

/** @param {Element} el */
function use(el) {
  if (el.tagName === 'SUMMARY') {
    const box = /** @type {HTMLDetailsElement} */ (el.parentElement);
    box.open = true;
    const field = /** @type {HTMLElement} */ (box.querySelector('select, input:not([type=hidden])'));
    (field || /** @type {HTMLElement} */ (el)).focus();
  } else if (el.tagName === 'TEXTAREA') {
    const text = /** @type {HTMLTextAreaElement} */ (el);
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
  } else {
    /** @type {HTMLElement} */ (el).click();
  }
}

/** @param {Document} doc */
export function keys(doc) {
  const sheet = /** @type {HTMLDialogElement} */ (doc.getElementById('keys'));
  const on = /** @type {HTMLInputElement} */ (doc.getElementById('keys-on'));
  const store = window.localStorage;

  on.checked = store.getItem(SWITCH) !== 'off';
  on.addEventListener('change', () => store.setItem(SWITCH, on.checked ? 'on' : 'off'));
  doc.addEventListener('keydown', (e) => {
    if (e.defaultPrevented || typing(e) || sheet.open) return;
    if (e.key === '?') {
      sheet.showModal();
      e.preventDefault();
      return;
    }
    if (!on.checked) return;
    const el = /^[a-z.]$/.test(e.key) && doc.querySelector(`[data-key="${e.key}"]`);
    if (el) use(el);
    else if (!((e.key === 'j' && move(doc, 1)) || (e.key === 'k' && move(doc, -1)))) return;
    e.preventDefault();
  });
}
