// Drag a memory to its place; the buttons beside it do the same, with or without this script.
import Sortable from "../vendor/sortablejs/sortable.esm.js";

const list = document.querySelector("[data-items]");
const form = document.querySelector("#order");
const said = document.querySelector("[data-said]");
let sortable;

function say(words) {
  if (said) said.textContent = words;
}

async function keepOrder(ids) {
  const body = new FormData(form);
  body.append("order", ids.join(" "));
  say("Saving");
  const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (answer?.ok) {
    for (const field of document.querySelectorAll('input[name="revision"]')) field.value = told.revision;
    markEnds();
    say("Saved");
  } else {
    say(told?.detail ?? "That did not reach us. Nothing was lost; try again.");
    if (answer?.status === 409) setTimeout(() => location.reload(), 4000);
  }
}

// The first cannot go up and the last cannot go down; chapters count among chapters.
function markEnds() {
  const rows = [...list.querySelectorAll("[data-item]")];
  const headings = rows.filter((row) => row.matches(".heading"));
  for (const row of rows) {
    const among = headings.includes(row) ? headings : rows;
    const [up, down] = row.querySelectorAll(".moves button");
    up.disabled = row === among[0];
    down.disabled = row === among.at(-1);
  }
}

function makeSortable() {
  sortable?.destroy();
  const rows = list.querySelector(".arrange");
  sortable = rows && Sortable.create(rows, {
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    delay: 180, // a finger that scrolls is not a finger that drags
    delayOnTouchOnly: true,
    filter: "button",
    preventOnFilter: false,
    chosenClass: "lifted",
    dataIdAttr: "data-item",
    onUpdate: () => keepOrder(sortable.toArray()),
  });
}

if (list && form) {
  makeSortable();
  list.addEventListener("list-renewed", makeSortable);
}
