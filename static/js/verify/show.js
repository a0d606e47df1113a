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

// `asked` names the sentence that says what stayed on this device and what was asked of the site.
export function answerOf(verdict, { limit, asked, record, at }) {
  const drawn = cloned("answer");
  const part = (name) => drawn.querySelector(`[data-part="${name}"]`);
  part("limit").textContent = limit;
  part("time").textContent = `${TIME.format(at).replace(" at ", ", ")} UTC`;
  part("time").dateTime = new Date(at).toISOString();
  part("checks").append(...verdict.checks.map(checkOf));
  for (const told of drawn.querySelectorAll("[data-asked]")) told.hidden = told.dataset.asked !== asked;
  part("key").hidden = !verdict.fingerprint;
  part("fingerprint").textContent = verdict.fingerprint ?? "";
  part("record").hidden = !record;
  if (record) part("record").href = record;
  return drawn;
}

export function errorOf(text) {
  const drawn = cloned("error");
  drawn.querySelector("span").textContent = text;
  return drawn;
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
