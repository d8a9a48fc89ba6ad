// A classic script, run before anything is painted: the colours a person chose, without a flash.
(function () {
  try {
    const chosen = localStorage.getItem("hakoniwa.theme");
    if (chosen === "light" || chosen === "dark") {
      document.documentElement.dataset.theme = chosen;
    }
  } catch {
    // No storage: the page follows the system.
  }
})();
