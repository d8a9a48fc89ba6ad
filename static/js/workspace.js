import { bringCommandsToLife } from "./commands.js";
import { bringDividerToLife } from "./divider.js";
import { Panes } from "./panes.js";
import { bringPortsToLife } from "./ports.js";
import { TerminalPane } from "./terminal.js";
import { say } from "./words.js";

/**
 * A text beside the learner's terminal, if they have one: what runs the text's commands in it.
 * @returns {{ panes: Panes, terminal: TerminalPane | null }}
 */
export function bringWorkspaceToLife() {
  const workspace = /** @type {HTMLElement} */ (document.querySelector(".workspace"));
  const divider = /** @type {HTMLElement} */ (document.querySelector(".divider"));
  const pane = /** @type {HTMLElement} */ (document.getElementById("terminal-pane"));
  bringDividerToLife(divider, workspace);
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
  return { panes, terminal };
}
