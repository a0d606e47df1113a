// The camera in the page: a picture taken here carries the time at which the site's own clock says
// it was taken, because the site opened the camera and we count what passed since.
import { send } from "./send.js";

const section = document.querySelector("[data-steps]");
const dialog = document.querySelector("[data-camera-dialog]");
const video = dialog?.querySelector("video");
const says = dialog?.querySelector("[data-camera-says]");
const take = dialog?.querySelector("[data-take]");
const QUALITY = 0.92;
const CLOSED = "The camera did not open. Choose a picture instead: it shows the step, but not when.";
let stream;
let ticket;
let openedAt;
let proof;

function offer() {
  if (!navigator.mediaDevices?.getUserMedia) return;
  for (const button of section.querySelectorAll("[data-camera]")) button.hidden = false;
}

async function ticketFrom(address) {
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", document.querySelector("#draft").elements.csrfmiddlewaretoken.value);
  const { isTaken, told } = await send(address, sent);
  if (!isTaken) throw new Error("no ticket");
  return told.ticket;
}

async function open(button) {
  proof = button.closest("[data-proof]");
  says.textContent = "Opening the camera.";
  take.disabled = true;
  dialog.showModal();
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: { ideal: "environment" }, width: { ideal: 2048 }, height: { ideal: 2048 } }, audio: false,
    });
    video.srcObject = stream;
    await video.play();
    ticket = await ticketFrom(button.dataset.camera);
    openedAt = performance.now();
    says.textContent = "The site notes the time at which you take it.";
    take.disabled = false;
    take.focus();
  } catch {
    says.textContent = CLOSED;
    stop();
  }
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  video.srcObject = null;
}

function shoot() {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  const elapsed = Math.floor(performance.now() - openedAt);
  return new Promise((resolve) => {
    canvas.toBlob((blob) => resolve({ elapsed, file: new File([blob], "taken.jpg", { type: "image/jpeg" }) }), "image/jpeg", QUALITY);
  });
}

section?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-camera]");
  if (button) open(button);
});
section?.addEventListener("steps:renewed", offer);

take?.addEventListener("click", async () => {
  take.disabled = true;
  says.textContent = "Sending.";
  const { elapsed, file } = await shoot();
  const done = () => dialog.close();
  document.dispatchEvent(new CustomEvent("bench:captured", { detail: { proof, file, more: { ticket, elapsed }, done } }));
});
dialog?.querySelector("[data-close]").addEventListener("click", () => dialog.close());
dialog?.addEventListener("close", stop);

if (section) offer();
