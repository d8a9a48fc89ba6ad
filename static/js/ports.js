/** The panel with the ports that the learner's containers publish. */

const LOOK_EVERY = 5000;
/** A lesson's look brings several messages at once. */
const SETTLE = 200;
const LAST_PORT = 65535;

/**
 * @param {HTMLElement} pane the terminal's, whose button opens the panel
 */
export function bringPortsToLife(pane) {
  /** @param {string} selector */
  const part = (selector) => /** @type {HTMLElement} */ (pane.querySelector(selector));
  const button = part("[data-tool=ports]");
  const panel = part("#terminal-ports");
  const published = part(".ports-published");
  const form = /** @type {HTMLFormElement} */ (part(".ports-other"));
  const problem = part(".ports-problem");
  let looking = 0;
  let settling = 0;

  async function look() {
    if (panel.hidden || document.hidden) return;
    const answer = await fetch(published.dataset.url ?? "").catch(() => null);
    if (!answer?.ok) return; // the next look may do better
    const html = await answer.text();
    // What is the same stays: it may have the focus, and is not read aloud again.
    if (html !== published.dataset.shown) {
      published.innerHTML = html;
      published.dataset.shown = html;
    }
  }

  /** @param {boolean} open */
  function show(open) {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    clearInterval(looking);
    if (!open) return button.focus();
    looking = setInterval(look, LOOK_EVERY);
    panel.focus();
    look();
  }

  button.onclick = () => show(panel.hidden);
  part("[data-ports=close]").onclick = () => show(false);
  panel.onkeydown = (event) => {
    if (event.key === "Escape") show(false);
  };
  // The lesson has seen a change in the sandbox.
  document.addEventListener("htmx:wsAfterMessage", () => {
    clearTimeout(settling);
    settling = setTimeout(look, SETTLE);
  });
  form.onsubmit = (event) => {
    const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("port"));
    const number = input.value.normalize("NFKC").trim();
    const fits = /^\d{1,5}$/.test(number) && Number(number) >= 1 && Number(number) <= LAST_PORT;
    problem.textContent = fits ? "" : (problem.dataset.sentence ?? "");
    input.setAttribute("aria-invalid", String(!fits));
    input.value = number;
    if (fits) return;
    event.preventDefault();
    input.focus();
  };
}
