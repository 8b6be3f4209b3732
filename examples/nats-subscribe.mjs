// The NATS protocol is lines of text over TCP: detections without a package, and without the gateway.
//   node examples/nats-subscribe.mjs nats://127.0.0.1:4222 'swath.*.*.result.ship.>' [count]
import { connect } from "node:net";

const [address = "nats://127.0.0.1:4222", subject = "swath.*.*.result.>", count = "Infinity"] =
  process.argv.slice(2);
const { hostname, port, username, password } = new URL(address);
const login =
  password === "" ? (username === "" ? {} : { auth_token: username }) : { user: username, pass: password };

const socket = connect(Number(port || 4222), hostname);
socket.write(`CONNECT ${JSON.stringify({ verbose: false, lang: "example", version: "1", ...login })}\r\n`);
socket.write(`SUB ${subject} 1\r\nPING\r\n`);

let left = Number(count);
let data = Buffer.alloc(0);
for await (const part of socket) {
  data = Buffer.concat([data, part]);
  for (;;) {
    const end = data.indexOf("\r\n");
    if (end < 0) break;
    const line = data.toString("utf8", 0, end);
    // MSG subject sid [reply] length, and HMSG with the length of headers before it.
    const [kind, ...words] = line.split(" ");
    const length = kind === "MSG" || kind === "HMSG" ? Number(words.at(-1)) : -2;
    if (data.length < end + length + 4) break;
    const head = kind === "HMSG" ? Number(words.at(-2)) : 0;
    const body = data.subarray(end + 2 + head, end + 2 + length);
    data = data.subarray(end + length + 4);
    if (kind === "PING") socket.write("PONG\r\n");
    else if (kind === "PONG") console.error("listening");
    else if (kind === "-ERR") throw new Error(line);
    else if (length >= 0) {
      console.log(JSON.stringify(JSON.parse(body.toString())));
      left -= 1;
    }
  }
  if (left <= 0) break;
}
socket.end();
