import { watchLiveConnection } from "./live.js";
import { watchSteps } from "./steps.js";
import { watchTasks } from "./tasks.js";
import { bringWorkspaceToLife } from "./workspace.js";

/** The lesson page: puts its parts together. */

watchTasks();
watchSteps();
watchLiveConnection();
const { panes, terminal } = bringWorkspaceToLife();

document.getElementById("task-strip")?.addEventListener("click", (event) => {
  event.preventDefault();
  panes.show("lesson");
  document.getElementById("tasks")?.scrollIntoView({ block: "start" });
});

terminal?.begin();
