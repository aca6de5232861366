"use strict";
// Small comforts; every page works without them.

// Only one menu is open, and Escape closes it and returns the focus to its button.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches("details.menu[open]")) return;
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu !== event.target) menu.open = false;
  });
}, true);
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Groups of the navigation stay as one folded them; the group one is in is always open.
const FOLDED = "navigation";
const folded = (() => {
  try { return JSON.parse(localStorage.getItem(FOLDED)) ?? {}; } catch { return {}; }
})();
document.querySelectorAll(".nav-group").forEach((group) => {
  const label = group.querySelector("summary").textContent;
  if (label in folded && !group.querySelector("[aria-current]")) group.open = !folded[label];
});
document.addEventListener("click", (event) => {
  const group = event.target.closest(".nav-group > summary")?.parentElement;
  if (!group) return;
  folded[group.querySelector("summary").textContent] = group.open; // it turns after the click
  try { localStorage.setItem(FOLDED, JSON.stringify(folded)); } catch { /* kept for this page only */ }
});

// A form is sent once: a second press while the first is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[hx-post]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 8000);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// After a refused form the summary of errors gets the focus.
document.querySelector(".error-summary")?.focus();
