// A season: say how far the files have come on their way to us, and how far the work is here.
import { LOST, complain, send } from "./send.js";

const LOOK_AGAIN = 1500;
const form = document.querySelector("[data-bring]");
const working = document.querySelector("[data-progress]");

async function bring(event) {
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  const sending = form.querySelector("[data-sending]");
  const refused = form.querySelector("[data-refused]");
  refused.replaceChildren();
  sending.hidden = false;
  try {
    const answer = await send(form.action, new FormData(form), (share) => {
      sending.querySelector("progress").value = 100 * share;
      sending.querySelector("[data-share]").textContent = `${Math.round(100 * share)} %`;
    });
    if (answer.isTaken) {
      location.assign(answer.told.to);
      return;
    }
    if (answer.told?.refused) refused.innerHTML = answer.told.refused;
    else complain(refused, answer.told?.detail ?? LOST);
  } catch {
    complain(refused, LOST);
  }
  delete form.dataset.sent;
  sending.hidden = true;
  refused.querySelector("[tabindex]")?.focus();
}

async function look() {
  const answer = await fetch(working.dataset.progress).catch(() => null);
  const told = answer?.ok ? await answer.json() : null;
  if (told) {
    working.querySelector("[data-line]").textContent = told.line;
    working.querySelector("progress").value = told.all ? (100 * told.done) / told.all : 0;
    if (!told.is_working) {
      location.reload();
      return;
    }
  }
  setTimeout(look, LOOK_AGAIN);
}

form?.addEventListener("submit", bring);
if (working) setTimeout(look, LOOK_AGAIN);
