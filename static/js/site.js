import { bringThemeSwitchToLife } from "./theme.js";

/** What every page needs. */
for (const button of document.querySelectorAll("[data-theme-switch]")) {
  bringThemeSwitchToLife(/** @type {HTMLButtonElement} */ (button));
}
