/* What a script adds: the cursor in the search, menus that close, choices kept while looking up more. */
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const find = document.getElementById("find");
    if (find) {
      event.preventDefault();
      find.focus();
      find.select();
    }
  }
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open], details.pick[open]")) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  }
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open], details.pick[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

/* printing needs a script: without one the browser's own command does it, and no button promises more */
const offerPrinting = (within) => {
  for (const button of within.querySelectorAll("[data-print]")) button.hidden = false;
};
document.addEventListener("DOMContentLoaded", () => offerPrinting(document));
document.addEventListener("htmx:load", (event) => offerPrinting(event.target));
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

/* the field that looks up names belongs to no form: that it changed asks no question */
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches("[form=no-form]")) event.stopPropagation();
  },
  true,
);

document.addEventListener("change", (event) => {
  const field = event.target;
  /* a record that was looked up and ticked joins the choices above, so that the next look-up does not lose it */
  const found = field.closest(".found");
  const into = found && document.getElementById(found.dataset.into);
  if (into && field.type === "checkbox" && field.checked) {
    const same = [...into.querySelectorAll("input")].find((one) => one.value === field.value);
    if (same) {
      same.checked = true;
      field.closest("label").remove();
      into.prepend(same.closest("label"));
    } else {
      into.prepend(field.closest("label"));
    }
  }
  const pick = field.closest("details.pick");
  if (pick) {
    const fields = [...pick.querySelectorAll("input[name], select[name]")].filter((one) => one.form && one.form === pick.closest("form"));
    pick.classList.toggle("on", fields.some((one) => (one.type === "checkbox" ? one.checked : one.value !== "")));
  }
  if (field.form && field.form.hasAttribute("data-send-on-change")) {
    fetch(field.form.action, { method: "POST", body: new FormData(field.form), redirect: "manual" });
  }
});

/* ticking all at once, where there is a script to do it */
for (const both of document.querySelectorAll("[data-tick-all]")) {
  both.hidden = false;
  both.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    for (const tick of both.closest("[data-ticks]").querySelectorAll("input[type=checkbox]")) tick.checked = button.value === "all";
  });
}
