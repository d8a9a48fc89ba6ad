import { recall, remember } from "./memory.js";

/** The line between lesson and terminal: drag it, click it, or move it by the keyboard. */

const LEAST = 25;
const MOST = 75;
const PRESETS = [36, 46, 60];
const STEP = 2;

/**
 * @param {HTMLElement} divider
 * @param {HTMLElement} workspace the grid that both panes are in
 */
export function bringDividerToLife(divider, workspace) {
  let share = Number(divider.getAttribute("aria-valuenow"));

  /** @param {number} wanted per cent of the width */
  function move(wanted) {
    share = Math.round(Math.min(MOST, Math.max(LEAST, wanted)) * 10) / 10;
    workspace.style.setProperty("--split", String(share));
    divider.setAttribute("aria-valuenow", String(Math.round(share)));
    divider.setAttribute("aria-valuetext", `${Math.round(share)} %`);
  }

  /** @param {number} wanted */
  function moveAndRemember(wanted) {
    move(wanted);
    remember("split", String(share));
  }

  divider.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: share - STEP, ArrowRight: share + STEP, Home: LEAST, End: MOST };
    const wanted = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (wanted === undefined) return;
    event.preventDefault();
    moveAndRemember(wanted);
  });

  divider.addEventListener("pointerdown", (down) => {
    if (down.button !== 0) return;
    const area = workspace.getBoundingClientRect();
    let dragged = false;
    divider.setPointerCapture(down.pointerId);

    /** @param {PointerEvent} event */
    const follow = (event) => {
      dragged ||= Math.abs(event.clientX - down.clientX) > 3;
      if (dragged) move(((event.clientX - area.left) / area.width) * 100);
    };
    const finish = () => {
      divider.removeEventListener("pointermove", follow);
      // Whoever can't drag clicks: narrow, middle, wide and round again.
      moveAndRemember(dragged ? share : nextPreset(share));
    };
    divider.addEventListener("pointermove", follow);
    divider.addEventListener("lostpointercapture", finish, { once: true });
  });

  const kept = Number(recall("split"));
  move(kept || share);
}

/** @param {number} share */
function nextPreset(share) {
  return PRESETS.find((preset) => preset > share + 1) ?? PRESETS[0];
}
