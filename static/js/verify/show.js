// The verdict on the page, drawn from the templates that the page brings along.
const TIME = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });

export function ribbonOf({ title, line, ribbon, punch }) {
  const drawn = cloned("ribbon");
  drawn.classList.add(ribbon);
  drawn.prepend(cloned(punch));
  drawn.querySelector("h1").textContent = title;
  drawn.querySelector("p").textContent = line;
  return drawn;
}

// `spoken` are the words for it; `asked` names the sentence that says what stayed on this device
// and what was asked of the site.
export function answerOf(verdict, spoken, { asked, record, at }) {
  const drawn = cloned("answer");
  const part = (name) => drawn.querySelector(`[data-part="${name}"]`);
  part("limit").textContent = spoken.limit;
  if (spoken.cause) part("limit").closest("section").after(causeOf(spoken));
  part("told").hidden = !spoken.bySite;
  showTime(part("time"), at);
  part("checks").append(...verdict.checks.map(checkOf));
  for (const told of drawn.querySelectorAll("[data-asked]")) told.hidden = told.dataset.asked !== asked;
  part("key").hidden = !verdict.fingerprint;
  part("fingerprint").textContent = verdict.fingerprint ?? "";
  part("record").hidden = !record;
  if (record) part("record").href = record;
  return drawn;
}

// Why it does not simply stand, in the site's words, and what a visitor can do.
function causeOf({ cause, noun }) {
  const drawn = cloned("cause");
  const part = (name) => drawn.querySelector(`[data-part="${name}"]`);
  part("reason").textContent = `“${cause.reason}”`;
  part("reason").classList.add(cause.answer === "revoked" ? "stop" : "caution");
  part("by").textContent = cause.by;
  showTime(part("since"), cause.at);
  const advice = cause.newer ? "newer" : cause.answer;
  for (const told of drawn.querySelectorAll("[data-advice]")) told.hidden = told.dataset.advice !== advice;
  part("stays").hidden = cause.answer !== "revoked";
  part("noun").textContent = noun;
  if (cause.newer) part("newer").href = cause.newer;
  for (const maker of drawn.querySelectorAll('[data-part="maker"]')) {
    maker.textContent = cause.house;
    maker.href = cause.page;
  }
  return drawn;
}

function showTime(place, moment) {
  place.textContent = `${TIME.format(moment).replace(" at ", ", ")} UTC`;
  place.dateTime = new Date(moment).toISOString();
}

// An error beside its field, which is gone to.
export function showErrorAt(field, words) {
  const told = cloned("error");
  told.querySelector("span").textContent = words;
  told.id = `${field.id}_error`;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", `${field.id}_helptext ${told.id}`);
  field.after(told);
  field.focus();
  told.scrollIntoView({ block: "center" });
}

function checkOf({ number, name, outcome, reason, bySite }) {
  const drawn = cloned(outcome);
  const [first, second] = drawn.querySelectorAll("span");
  first.textContent = number;
  second.textContent = name;
  drawn.querySelector("p").textContent = bySite ? `The site says: ${reason}` : reason;
  return drawn;
}

function cloned(name) {
  return document.querySelector(`template[data-drawing="${name}"]`).content.firstElementChild.cloneNode(true);
}
