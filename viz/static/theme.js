// Runs before the first paint: applies the stored theme and marks the page as scripted. A script that
// draws listens for "sightlines-theme".
(() => {
  "use strict";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";

  root.classList.replace("plain", "scripted");
  if (new URLSearchParams(location.search).has("embed")) root.classList.add("embed");
  try {
    const stored = localStorage.getItem("sightlines-theme");
    if (stored === "light" || stored === "dark") root.dataset.theme = stored;
  } catch {
    // Without storage the page follows the system.
  }

  // If the picture cannot be drawn, the page stays as it is without scripts, and says so.
  addEventListener("error", () => {
    const notice = document.querySelector(".failed");
    if (!notice || window.sightlines) return;
    root.classList.replace("scripted", "plain");
    notice.hidden = false;
    for (const part of document.querySelectorAll("noscript")) {
      part.replaceWith(...new DOMParser().parseFromString(part.textContent, "text/html").body.childNodes);
    }
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
      // The choice lasts for this page only.
    }
    follow();
  }

  system.addEventListener("change", follow);
  document.addEventListener("DOMContentLoaded", () => {
    document.getElementById("theme")?.addEventListener("click", toggle);
    // Only the button: the picture was drawn in this theme, and drawing it again is slow.
    press();
  });
})();
