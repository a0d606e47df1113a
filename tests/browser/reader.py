"""A scripted Web NFC reader: Chromium on a desk has none, so the test says what the phone would."""

import json
from typing import Any

from playwright.sync_api import Page

# The part of Web NFC (W3C Community Group Report) that a page can see. `plan` says what happens:
# a name of a DOMException for scan or write, what the tag holds after it was written, and when
# it is heard.
_READER = """
window.nfc = Object.assign({ written: [], serial: "04:de:5f:1e:ac:c0:40", holds: null }, %s);
window.NDEFReader = class extends EventTarget {
  constructor() { super(); window.nfc.reader = this; }
  async scan({ signal }) {
    if (window.nfc.scan) throw new DOMException("scripted", window.nfc.scan);
    signal.addEventListener("abort", () => { this.stopped = true; });
  }
  async write(message, { overwrite, signal }) {
    if (window.nfc.write) throw new DOMException("scripted", window.nfc.write);
    if (!overwrite || signal.aborted) throw new TypeError("scripted");
    window.nfc.written.push(message.records[0]);
    const holds = window.nfc.holds ?? message.records[0].data;
    if (window.nfc.unreadable) setTimeout(() => this.dispatchEvent(new Event("readingerror")), 20);
    else if (!window.nfc.isAway) setTimeout(() => window.hold(holds), 20);
  }
};
window.hold = (address, serial = window.nfc.serial) => {
  const { reader } = window.nfc;
  if (reader.stopped) return;
  const data = new DataView(new TextEncoder().encode(address).buffer);
  const event = new Event("reading");
  event.serialNumber = serial;
  event.message = { records: [{ recordType: "url", data }] };
  reader.dispatchEvent(event);
};
"""


def script_reader(page: Page, **plan: Any) -> None:
    """Give every page that is opened from now on this reader."""
    page.context.add_init_script(_READER % json.dumps(plan))


def change(page: Page, **plan: Any) -> None:
    """What happens from now on."""
    page.evaluate("plan => Object.assign(window.nfc, plan)", plan)


def hold(page: Page, address: str, serial: str | None = None) -> None:
    """Hold a tag with this address to the phone."""
    page.evaluate(
        "([address, serial]) => window.hold(address, serial ?? undefined)", [address, serial]
    )
