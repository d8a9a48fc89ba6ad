import { announce, say } from "./words.js";

/**
 * The tasks of a step as they come in over the live connection: a tick moves and is announced once,
 * a hint that is open stays open, and the strip shows the task at hand beside the terminal too.
 */

const SHOW_PASSED_FOR = 2500;

const strip = document.getElementById("task-strip");
let showing = 0;

/** Watch every swap that htmx makes of a task. */
export function watchTasks() {
  let focused = "";
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = /** @type {CustomEvent} */ (event).detail;
    const next = fragment.firstElementChild ?? fragment;
    focused = target.contains(document.activeElement) ? (document.activeElement?.id ?? "") : "";
    if (target.matches(".task") && next.matches?.(".task")) prepare(target, next);
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    focused = "";
    showCount();
    if (!showing) showCurrent();
  });
  showCurrent();
}

/** Show the first open task of the step, and how many are done. */
export function showCurrent() {
  showing = 0;
  const tasks = Array.from(document.querySelectorAll(".task"));
  if (!strip) return;
  strip.hidden = tasks.length === 0;
  const current = tasks.find((task) => state(task) !== "passed");
  put(current ? title(current) : say("allPassed"), current ? "open" : "passed");
  showCount();
}

function showCount() {
  const total = document.querySelectorAll(".task").length;
  const done = document.querySelectorAll('.task[data-state="passed"]').length;
  const place = strip?.querySelector(".task-strip-count");
  if (place) place.textContent = say("taskCount", { done, total });
}

/**
 * @param {Element} old
 * @param {Element} next
 */
function prepare(old, next) {
  if (old.querySelector("details[open]")) next.querySelector("details")?.setAttribute("open", "");
  if (state(old) !== "passed" && state(next) === "passed") {
    next.classList.add("just-passed");
    celebrate(next);
  }
}

/** @param {Element} task that has just passed */
function celebrate(task) {
  announce(say("taskPassed", { task: title(task) }));
  put(title(task), "passed", true);
  clearTimeout(showing);
  showing = setTimeout(showCurrent, SHOW_PASSED_FOR);
}

/**
 * @param {string} text
 * @param {"open" | "passed"} as
 * @param {boolean} [justNow]
 */
function put(text, as, justNow = false) {
  if (!strip) return;
  strip.dataset.state = as;
  strip.classList.toggle("just-passed", justNow);
  const place = strip.querySelector(".task-strip-text");
  if (place) place.textContent = text;
}

/** @param {Element} task */
function state(task) {
  return /** @type {HTMLElement} */ (task).dataset.state;
}

/** @param {Element} task */
function title(task) {
  return task.querySelector(".task-title")?.textContent?.trim() ?? "";
}
