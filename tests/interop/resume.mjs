// Send a file with the real tus-js-client over a line that breaks in the middle of a body, then
// resume it with a new client that knows nothing but the address. Reads {endpoint, headers, file,
// name} from standard input and tells {resumedFrom, uploadSize} on standard output.
import { createReadStream, readFileSync, statSync } from "node:fs";
import net from "node:net";

import * as tus from "tus-js-client";

const { endpoint, headers, file, name } = JSON.parse(readFileSync(0, "utf8"));
const uploadSize = statSync(file).size;
const common = { headers, uploadSize, metadata: { filename: name } };

// A line to the server that breaks after so many bytes. What it carried until then arrives;
// `broken` waits until the server has seen the end of it.
async function breakingLine(most) {
  const { hostname, port } = new URL(endpoint);
  let carried = 0;
  let tell;
  const broken = new Promise((resolve) => (tell = resolve));
  const line = net.createServer((near) => {
    const far = net.connect(Number(port), hostname);
    let isBroken = false;
    const cut = () => isBroken || [near, far].forEach((socket) => socket.destroy());
    near.on("data", (piece) => {
      carried += piece.length;
      if (carried <= most) return far.write(piece);
      isBroken = true;
      near.destroy();
      far.end();
    });
    far.on("data", (piece) => isBroken || near.write(piece));
    far.on("close", () => isBroken && tell());
    for (const socket of [near, far]) socket.on("error", cut).on("close", cut);
  });
  await new Promise((resolve) => line.listen(0, hostname, resolve));
  return { line, broken };
}

async function breakOff() {
  const { line, broken } = await breakingLine(uploadSize / 2);
  const there = new URL(endpoint);
  there.port = String(line.address().port);
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(createReadStream(file), {
      ...common,
      endpoint: there.href,
      chunkSize: uploadSize,
      retryDelays: null,
      onError: async () => {
        line.close();
        await broken;
        resolve(new URL(new URL(upload.url).pathname, endpoint).href);
      },
      onSuccess: () => reject(new Error("it was not broken off")),
    });
    upload.start();
  });
}

function resume(uploadUrl) {
  let resumedFrom = null;
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(createReadStream(file), {
      ...common,
      uploadUrl,
      chunkSize: 1024 * 1024,
      retryDelays: [50, 100, 200, 400, 800],
      onAfterResponse: (request, response) => {
        if (request.getMethod() === "HEAD") resumedFrom ??= Number(response.getHeader("Upload-Offset"));
      },
      onError: reject,
      onSuccess: () => resolve(resumedFrom),
    });
    upload.start();
  });
}

const resumedFrom = await resume(await breakOff());
process.stdout.write(JSON.stringify({ resumedFrom, uploadSize }));
process.exit(0);
