import { bringCommandsToLife } from "./commands.js";
import { bringDividerToLife } from "./divider.js";
import { watchLiveConnection } from "./live.js";
import { Panes } from "./panes.js";
import { bringPortsToLife } from "./ports.js";
import { watchSteps } from "./steps.js";
import { watchTasks } from "./tasks.js";
import { TerminalPane } from "./terminal.js";
import { say } from "./words.js";

/** The lesson page: puts its parts together. */

const workspace = /** @type {HTMLElement} */ (document.querySelector(".workspace"));
const divider = /** @type {HTMLElement} */ (document.querySelector(".divider"));
const pane = /** @type {HTMLElement} */ (document.getElementById("terminal-pane"));

bringDividerToLife(divider, workspace);
watchTasks();
watchSteps();
watchLiveConnection();

const terminal = pane.dataset.claimUrl ? new TerminalPane(pane) : null;
if (terminal) bringPortsToLife(pane);
const panes = new Panes(workspace, () => (terminal ? terminal.focus() : pane.focus()));

bringCommandsToLife((command) => {
  if (!terminal) return say("noTerminal");
  const why = terminal.run(command);
  if (!why) {
    panes.show("terminal");
    terminal.focus();
  }
  return why;
});

document.getElementById("task-strip")?.addEventListener("click", (event) => {
  event.preventDefault();
  panes.show("lesson");
  document.getElementById("tasks")?.scrollIntoView({ block: "start" });
});

terminal?.begin();
