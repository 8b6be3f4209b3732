// A client of a gateway that has an effect for each detection: a line in a file. It says "effect" after each, and is killed there.
//   node effect-client.mjs URL RUN FILE [CURSOR TOKEN]
// Without CURSOR it goes on behind the cursor in its last line; with it, the gateway keeps the cursor, which is moved after the effect.
import { appendFileSync, existsSync, readFileSync } from "node:fs";

const [url, run, file, cursor, token] = process.argv.slice(2);
const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
const last = lines.length === 0 ? null : JSON.parse(lines.at(-1)).cursor;
const query = cursor === undefined ? `run=${run}&from=start` : `run=${run}&cursor=${cursor}`;
const response = await fetch(`${url}/api/detections/stream?${query}`, {
  headers: cursor === undefined && last !== null ? { "Last-Event-ID": last } : {},
});
let rest = "";
const decoder = new TextDecoder();
for await (const chunk of response.body) {
  const frames = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
  rest = frames.pop();
  for (const frame of frames) {
    const [, id] = /^id: (.*)$/m.exec(frame) ?? [];
    if (id === undefined) continue;
    const detection = JSON.parse(/^data: (.*)$/m.exec(frame)[1]);
    // Effect and cursor in one write.
    appendFileSync(file, `${JSON.stringify({ cursor: id, id: detection.id })}\n`);
    process.stdout.write("effect\n");
    await new Promise((resolve) => setTimeout(resolve, 3));
    if (cursor === undefined) continue;
    await fetch(`${url}/api/cursors/${cursor}/ack`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
      body: JSON.stringify({ cursor: id }),
    });
  }
}
