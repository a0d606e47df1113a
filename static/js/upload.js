// Send files one by one, say how far each has come, go on where the line broke,
// and ask for the list again while they are being made ready.
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
const batch = { files: 0, bytes: 0, sent: 0, arrived: 0, refused: 0, under: 0 };
let running = Promise.resolve();
let looking;

function show() {
  panel.hidden = false;
  const percent = batch.bytes ? Math.min(100, Math.round((100 * (batch.sent + batch.under)) / batch.bytes)) : 0;
  bar.value = percent;
  share.textContent = `${percent} %`;
  const others = batch.refused ? ` ${batch.refused} did not.` : "";
  told.textContent = `${batch.arrived} of ${batch.files} arrived.${others}`;
}

// A file that is sent again is not one more file.
function forget(file) {
  batch.files -= 1;
  batch.refused -= 1;
  batch.bytes -= file.size;
  batch.sent -= file.size;
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
      forget(file);
      add([file]);
    });
    line.append(button);
  }
  refused.append(line);
}

// tus 1.0 (https://tus.io): an upload begins once, and goes on from wherever the line broke.
const TUS = { "Tus-Resumable": "1.0.0" };
const PIECE = 8 * 1024 * 1024; // a proxy in front need not let larger bodies through

class Refused extends Error {
  constructor(detail, again) {
    super(detail);
    this.again = again;
  }
}

const token = () => form.elements.csrfmiddlewaretoken.value;
const spelled = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
// The tab remembers where an upload goes on: a page that was closed by a slip loses nothing.
const memoryOf = (file) => `upload:${form.dataset.uploads}:${file.name}:${file.size}:${file.lastModified}`;

async function begin(file) {
  const headers = { ...TUS, "X-CSRFToken": token(), "Upload-Length": String(file.size), "Upload-Metadata": `filename ${spelled(file.name)}` };
  const answer = await fetch(form.dataset.uploads, { method: "POST", headers });
  if (answer.status !== 201) throw await refusalOf(answer.status, await answer.text());
  const place = answer.headers.get("Location");
  sessionStorage.setItem(memoryOf(file), place);
  return { place, offset: 0 };
}

async function beginOrGoOn(file) {
  const place = sessionStorage.getItem(memoryOf(file));
  if (!place) return begin(file);
  const answer = await fetch(place, { method: "HEAD", headers: TUS });
  if (answer.ok) return { place, offset: Number(answer.headers.get("Upload-Offset")) };
  if (answer.status >= 500) throw new Error(String(answer.status));
  sessionStorage.removeItem(memoryOf(file));
  return begin(file);
}

function sendPiece(place, file, offset) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch cannot tell how much has been sent
    request.open("PATCH", place);
    const headers = { ...TUS, "X-CSRFToken": token(), "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      batch.under = Math.min(offset + event.loaded, file.size);
      show();
    });
    request.addEventListener("load", async () => {
      if (request.status === 204) resolve(Number(request.getResponseHeader("Upload-Offset")));
      else reject(await refusalOf(request.status, request.responseText));
    });
    request.addEventListener("error", () => reject(new Error("no line")));
    request.send(file.slice(offset, offset + PIECE));
  });
}

// What the server means: to be tried again at once (an Error), or said to the keeper (a Refused).
async function refusalOf(status, text) {
  if (status >= 500 && status !== 503) return new Error(String(status));
  if ([404, 409, 410, 423, 460].includes(status)) return new Error(String(status));
  if (status === 429) return new Refused("That was often. Please wait a little.", true);
  try {
    return new Refused(JSON.parse(text).detail, status === 503);
  } catch {
    return new Refused("That did not reach us. Nothing was lost; try again.", true);
  }
}

async function send(file) {
  let { place, offset } = await beginOrGoOn(file);
  while (offset < file.size) offset = await sendPiece(place, file, offset);
  sessionStorage.removeItem(memoryOf(file));
}

async function sendStubbornly(file) {
  for (const pause of [...PAUSES, null]) {
    try {
      return await send(file);
    } catch (problem) {
      batch.under = 0;
      if (problem instanceof Refused) throw problem;
      if (pause === null) throw new Refused("That did not reach us. Nothing was lost; try again.", true);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

async function deliver(file) {
  try {
    await sendStubbornly(file);
    batch.arrived += 1;
  } catch (problem) {
    if (!problem.again) sessionStorage.removeItem(memoryOf(file));
    batch.refused += 1;
    refuse(file, problem.message, problem.again);
  }
  batch.under = 0;
  batch.sent += file.size;
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
