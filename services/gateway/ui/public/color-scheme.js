// Sets the theme before the first paint, from the same key that the app keeps it under; a file, because the
// content security policy allows no inline script.
(function () {
  var stored = null;
  try {
    stored = window.localStorage.getItem("sipario-color-scheme");
  } catch (blocked) {
    // Storage can be forbidden; the system's preference then decides.
  }
  var dark = stored === "dark" || (stored !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
