// Detections as they land, from `swath serve`, in Node without a package:
//   node examples/subscribe.mjs [http://127.0.0.1:4280] ["class=ship&min_score=0.5&from=start"] [count]
const [base = "http://127.0.0.1:4280", query = "", count = "Infinity"] = process.argv.slice(2);

const response = await fetch(`${base}/api/detections/stream?${query}`);
if (!response.ok) throw new Error((await response.json()).detail);

/** Server-sent events: fields a line, an empty line behind each event. */
async function* events(body) {
  let text = "";
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      yield Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2)));
    }
  }
}

let left = Number(count);
for await (const { id, event, data } of events(response.body)) {
  // Events with a name are notices: live, behind, gap. `id` is the cursor to go on from: Last-Event-ID, or from=.
  if (event !== undefined || id === undefined) continue;
  const detection = JSON.parse(data);
  console.log(JSON.stringify(detection));
  left -= 1;
  if (left === 0) break;
}
