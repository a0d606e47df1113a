// Send photographs one by one, say how far each has come, try again where the line broke,
// and ask for the list again while the photographs are being made ready.
const form = document.querySelector("[data-upload]");
const input = form?.querySelector('input[type="file"]');
const panel = document.querySelector("[data-uploading]");
const told = panel?.querySelector("[data-told]");
const share = panel?.querySelector("[data-share]");
const bar = panel?.querySelector("progress");
const refused = panel?.querySelector("[data-refused]");
const list = document.querySelector("[data-items]");

const PAUSES = [1000, 3000, 9000]; // milliseconds before each further try
const LOOK_AGAIN = 1500;
const batch = { files: 0, bytes: 0, sent: 0, arrived: 0, under: 0 };
let running = Promise.resolve();
let looking;

function show() {
  panel.hidden = false;
  const percent = batch.bytes ? Math.min(100, Math.round((100 * (batch.sent + batch.under)) / batch.bytes)) : 0;
  bar.value = percent;
  share.textContent = `${percent} %`;
  told.textContent = `${batch.arrived} of ${batch.files} arrived.`;
}

function refuse(file, detail, again) {
  const line = document.createElement("li");
  const words = document.createElement("p");
  words.className = "error";
  words.textContent = `${file.name}: ${detail}`;
  line.append(words);
  if (again) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn plain";
    button.textContent = "Try again";
    button.addEventListener("click", () => {
      line.remove();
      add([file]);
    });
    line.append(button);
  }
  refused.append(line);
}

function send(file) {
  return new Promise((resolve, reject) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("photographs", file);
    const request = new XMLHttpRequest(); // fetch cannot tell how much has been sent
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      batch.under = Math.min(event.loaded, file.size);
      show();
    });
    request.addEventListener("load", () => {
      if (request.status < 500) resolve(request);
      else reject(new Error(String(request.status)));
    });
    request.addEventListener("error", () => reject(new Error("no line")));
    request.send(body);
  });
}

async function sendStubbornly(file) {
  for (const pause of [...PAUSES, null]) {
    try {
      return await send(file);
    } catch {
      batch.under = 0;
      if (pause === null) return null;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

async function deliver(file) {
  const answer = await sendStubbornly(file);
  batch.under = 0;
  batch.sent += file.size;
  if (answer === null) refuse(file, "That did not reach us. Nothing was lost; try again.", true);
  else if (answer.status === 201) batch.arrived += 1;
  else refuse(file, answer.response?.refused?.[0]?.detail ?? "That was often. Please wait a little.", answer.status === 429);
  show();
  await look();
}

function add(files) {
  for (const file of files) {
    batch.files += 1;
    batch.bytes += file.size;
    running = running.then(() => deliver(file));
  }
  show();
}

async function look() {
  clearTimeout(looking);
  const answer = await fetch(list.dataset.items).catch(() => null);
  // Nothing is taken from under a finger or a keyboard that is at work in the list.
  const isBusy = list.querySelector(".lifted") || list.contains(document.activeElement);
  if (answer?.ok && !isBusy) {
    list.innerHTML = await answer.text();
    list.dispatchEvent(new Event("list-renewed"));
  }
  if (waiting()) looking = setTimeout(look, LOOK_AGAIN);
  if (list.querySelector("img")) document.querySelector("[data-see]").hidden = false;
}

function waiting() {
  return Number(list.querySelector("[data-waiting]")?.dataset.waiting ?? 0) > 0;
}

if (form) {
  form.classList.add("by-script");
  input.addEventListener("change", () => {
    add([...input.files]);
    input.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    add([...event.dataTransfer.files]);
  });
  addEventListener("beforeunload", (event) => {
    if (batch.under > 0) event.preventDefault();
  });
  if (waiting()) looking = setTimeout(look, LOOK_AGAIN);
}
