// Runs before the first paint: a theme that was chosen earlier, and that scripts run at all. The
// button is wired when there is one; what is drawn by a script listens for "sightlines-theme".
(() => {
  "use strict";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";

  root.classList.replace("plain", "scripted");
  if (new URLSearchParams(location.search).has("embed")) root.classList.add("embed");
  try {
    const kept = localStorage.getItem("sightlines-theme");
    if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  } catch {
    // A browser that keeps nothing follows the system.
  }

  // A picture that cannot be drawn leaves the page as it is without scripts, and says so.
  addEventListener("error", () => {
    const notice = document.querySelector(".failed");
    if (!notice || window.sightlines) return;
    root.classList.replace("scripted", "plain");
    notice.hidden = false;
  });

  function press() {
    document.getElementById("theme")?.setAttribute("aria-pressed", String(isDark()));
  }

  function follow() {
    press();
    root.dispatchEvent(new Event("sightlines-theme"));
  }

  function toggle() {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("sightlines-theme", root.dataset.theme);
    } catch {
      // Kept for this page only.
    }
    follow();
  }

  system.addEventListener("change", follow);
  document.addEventListener("DOMContentLoaded", () => {
    document.getElementById("theme")?.addEventListener("click", toggle);
    // No more: what is drawn was drawn in this theme, and drawing it again takes its time.
    press();
  });
})();
