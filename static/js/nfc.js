// The phone's NFC reader (Web NFC: Chrome on Android), and its refusals in calm words.
export const isPossible = () => "NDEFReader" in window;
export const NOT_HERE = "This browser cannot reach an NFC reader. Chrome on an Android phone can; or use another app.";

const UNREADABLE = "This tag could not be read. Hold it flat against the phone, or take another one.";
const WORDS = {
  NotAllowedError: "The browser may not use NFC here. Allow it beside the address above, then try again.",
  NotReadableError: "NFC is switched off. Switch it on in the settings of the phone, then try again.",
  NotSupportedError: "This phone has no NFC reader that a browser can use.",
  SecurityError: "NFC works at an https address only.",
};
const WRITE_WORDS = {
  NotSupportedError: "This tag is too small, locked, or of another kind. Take another one.",
  NetworkError: "The tag was taken away too early, or it is too small. Hold it there until it is written.",
};

// What went wrong, and whether the tag may hold half an address now.
export class Refused extends Error {
  constructor(words, { spoilt = false } = {}) {
    super(words);
    this.spoilt = spoilt;
  }
}

function addressIn(message) {
  const record = [...message.records].find((each) => each.recordType === "url" || each.recordType === "absolute-url");
  return record ? new TextDecoder().decode(record.data) : "";
}

// One conversation with the reader; it ends with `stop`.
export class Reader {
  #abort = new AbortController();
  #reader = new NDEFReader();
  #waiting;
  last;

  async listen() {
    this.#reader.addEventListener("reading", ({ serialNumber, message }) => {
      this.last = { read: addressIn(message), serial: serialNumber ?? "" };
      this.#waiting?.resolve(this.last);
    });
    this.#reader.addEventListener("readingerror", () => this.#waiting?.reject(new Refused(UNREADABLE, { spoilt: true })));
    await this.#reader.scan({ signal: this.#abort.signal }).catch((problem) => {
      throw new Refused(WORDS[problem.name] ?? UNREADABLE);
    });
  }

  async write(address) {
    const records = [{ recordType: "url", data: address }];
    await this.#reader.write({ records }, { overwrite: true, signal: this.#abort.signal }).catch((problem) => {
      const words = WRITE_WORDS[problem.name];
      throw new Refused(words ?? WORDS[problem.name] ?? UNREADABLE, { spoilt: Boolean(words) });
    });
  }

  // The next reading. Rejects with Refused.
  next() {
    return new Promise((resolve, reject) => { this.#waiting = { resolve, reject }; });
  }

  stop() {
    this.#abort.abort();
  }
}

// What is said on the page while the reader works.
export function stage() {
  const held = document.querySelector("[data-held]");
  const says = held.querySelector("[data-says]");
  const what = held.querySelector("[data-what]");
  const problem = document.querySelector("[data-problem]");
  return {
    say(state, words, code) {
      held.dataset.held = state;
      says.textContent = words;
      if (code !== undefined) what.textContent = code;
    },
    complain(words) {
      problem.replaceChildren();
      if (!words) return;
      const line = document.createElement("p");
      line.className = "error";
      line.textContent = words;
      problem.append(line);
    },
    // One more in the list of those that are done.
    note(code) {
      const row = document.querySelector("[data-row]").content.cloneNode(true);
      row.querySelector(".num").textContent = code;
      document.querySelector("[data-written]").prepend(row);
    },
  };
}

// Where there is a reader its button is there; elsewhere the page says so and unfolds the other way.
export function offer(button) {
  if (isPossible()) {
    button.hidden = false;
    return;
  }
  document.querySelector("[data-hint]").textContent = NOT_HERE;
  document.querySelector("[data-by-hand]").open = true;
}
