// Runs before the first paint: a theme that was chosen earlier, and that scripts run at all.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.replace("plain", "scripted");
  try {
    const kept = localStorage.getItem("sightlines-theme");
    if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  } catch {
    // A browser that keeps nothing follows the system.
  }
})();
