// Send a form by itself and say how far it has come; fetch cannot tell how much has been sent.
export const LOST = "That did not reach us. Nothing was lost; try again.";

export function send(address, sent, onProgress = () => {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onload = () => resolve({ isTaken: request.status < 400, status: request.status, told: request.response });
    request.onerror = reject;
    request.send(sent);
  });
}

// A line with what went wrong, in a place that is read aloud.
export function complain(place, text) {
  place.replaceChildren();
  if (!text) return;
  const line = document.createElement("p");
  line.className = "error";
  line.textContent = text;
  place.append(line);
}
