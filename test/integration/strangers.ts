import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, headers, nkeyAuthenticator, type NatsConnection } from "@nats-io/transport-node";
import { frameBytes } from "../../pipeline/link/frames/frame.ts";
import { encodeLinkMessage } from "../../pipeline/link/transfer/link-message.ts";
import { encodeNakMessage } from "../../pipeline/link/transfer/nak-message.ts";
import { encodeTaskMessage } from "../../pipeline/mission/task-message.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { encodeDetections } from "../../pipeline/product/detection-batch.ts";
import { encodeEnvelope } from "../../pipeline/link/transfer/envelope.ts";
import { instant } from "../../pipeline/units.ts";
import { encodeGroundMessage } from "../../stations/receive/ground-message.ts";

/** Something that a stranger says: what it is, where, and with which headers. */
export interface Attack {
  readonly kind: string;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly reply?: string;
}

const text = (value: unknown): Uint8Array =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value));

/** All that a stranger might say to a run, as its plan lets it know; at least one kind for every subject, stream and bucket. */
export const attacksOn = (run: string, plan: RunPlan): readonly Attack[] => {
  const flat = run.replace(".", "_");
  const [satellite = ""] = plan.satellites;
  const station = plan.stations[0]?.id ?? "";
  const contact = plan.contacts.contacts.find(
    (one) => one.satellite === satellite && one.station === station,
  );
  const id = contact?.id ?? `${satellite}.${station}.0`;
  const start = run.split(".")[1] ?? "";
  const link = `swath.${run}.link.${satellite}.${station}`;
  const nak = `swath.${run}.nak.${satellite}`;
  const ground = `swath.${run}.ground.${station}`;
  const task = `swath.${run}.task.${satellite}`;
  const mesh = `swath.${run}.mesh.${satellite}`;
  const result = `swath.${run}.result.ship.none`;
  const at = contact?.aos ?? instant(0);
  const segment = (more: object): Uint8Array =>
    encodeLinkMessage({
      kind: "segment",
      segment: {
        satellite,
        station,
        contact: id,
        turn: 0,
        segment: 0,
        sentFrom: at,
        sentTo: at,
        firstFrame: 0,
        frameCount: 1,
        frames: new Uint8Array(frameBytes).fill(7),
        endsTurn: false,
        ...more,
      },
    });
  const envelope = encodeEnvelope({
    number: 0,
    kind: "detections",
    acquisition: 0,
    tile: null,
    readyAt: instant(0),
    priority: 0,
    payload: encodeDetections({ scene: "forged", georeference: null, detections: [] }),
  });
  const pieces = (product: number, offset: number, total: number, data: Uint8Array): Uint8Array =>
    encodeGroundMessage({
      kind: "pieces",
      backhaul: { station, satellite, pieces: [{ product, offset, total, data, sentAt: at, heardAt: at }] },
    });
  const report = (turn: number, missing: readonly (readonly [number, number])[], heard = true): Uint8Array =>
    encodeNakMessage({ kind: "report", report: { contact: id, turn, missing, heard } });
  const planned = plan.acquisitions.find((one) => one.satellite === satellite) ?? plan.acquisitions[0];
  const acquisition = { index: 0, satellite, scene: "s", at: instant(0), ...planned };
  const cut = (whole: Uint8Array): Uint8Array => whole.subarray(0, whole.length >> 1);
  const turned = (whole: Uint8Array): Uint8Array =>
    Uint8Array.from(whole, (byte, i) => (i % 7 === 6 ? byte ^ 0x55 : byte));
  const bomb = `${"[".repeat(200_000)}`;
  const ofSubject = (subject: string, name: string, genuine: Uint8Array): readonly Attack[] => [
    { kind: `${name}: empty`, subject, data: new Uint8Array(0) },
    { kind: `${name}: noise`, subject, data: new Uint8Array(300).fill(0xa5) },
    { kind: `${name}: genuine in form, unsigned`, subject, data: genuine },
    { kind: `${name}: cut`, subject, data: cut(genuine) },
    { kind: `${name}: bits turned`, subject, data: turned(genuine) },
    { kind: `${name}: another version`, subject, data: Uint8Array.from(genuine).with(3, 99) },
    { kind: `${name}: JSON without end`, subject, data: text(bomb) },
    { kind: `${name}: large`, subject, data: new Uint8Array(900_000).fill(0x53) },
    {
      kind: `${name}: a signature of nobody`,
      subject,
      data: genuine,
      headers: { "Swath-Signature": `${satellite}:${"A".repeat(86)}` },
    },
    {
      kind: `${name}: an id that was guessed`,
      subject,
      data: genuine,
      headers: { "Nats-Msg-Id": `${start}.${id}.0.0` },
    },
    {
      kind: `${name}: a part of a thousand`,
      subject,
      data: genuine,
      headers: { "Swath-Part": "1/1000", "Nats-Msg-Id": "x.part1" },
    },
    {
      kind: `${name}: everything before it rolled up`,
      subject,
      data: genuine,
      headers: { "Nats-Rollup": "all" },
    },
  ];
  return [
    ...ofSubject(link, "link", segment({})),
    { kind: "link: a turn that ends with nothing", subject: link, data: segment({ endsTurn: true }) },
    {
      kind: "link: 200 frames that nobody hears",
      subject: link,
      data: segment({ frameCount: 200, frames: new Uint8Array(0), endsTurn: true }),
    },
    {
      kind: "link: a segment of the far future",
      subject: link,
      data: segment({ turn: 0xffffffff, segment: 0xffffffff }),
    },
    { kind: "link: the end", subject: link, data: encodeLinkMessage({ kind: "end" }) },
    { kind: "link: an opening", subject: link, data: encodeLinkMessage({ kind: "opening", contact: id }) },
    ...ofSubject(nak, "nak", report(0, [[0, 40]])),
    { kind: "nak: all heard", subject: nak, data: report(0, []) },
    { kind: "nak: nothing heard", subject: nak, data: report(0, [], false) },
    {
      kind: "nak: every tile requested",
      subject: nak,
      data: encodeNakMessage({
        kind: "requests",
        asked: { contact: id, requests: [{ acquisition: 0, tile: 0 }] },
      }),
    },
    ...ofSubject(ground, "ground", pieces(0, 0, envelope.length, envelope)),
    { kind: "ground: half of a product", subject: ground, data: pieces(0, 0, 1000, new Uint8Array(500)) },
    { kind: "ground: a product of 4 GB", subject: ground, data: pieces(9, 0, 0xffffffff, new Uint8Array(1)) },
    { kind: "ground: the end", subject: ground, data: encodeGroundMessage({ kind: "end" }) },
    {
      kind: "ground: an opening",
      subject: ground,
      data: encodeGroundMessage({ kind: "opening", contact: id }),
    },
    ...ofSubject(task, "task", encodeTaskMessage({ kind: "acquisition", acquisition })),
    {
      kind: "task: another scene",
      subject: task,
      data: encodeTaskMessage({ kind: "acquisition", acquisition: { ...acquisition, scene: "forged" } }),
    },
    ...ofSubject(mesh, "mesh", Buffer.from("SWM\u0002\u0001\0\0\0\0", "latin1")),
    ...ofSubject(result, "result", text({ schema: "swath-result/2", run: "forged" })),
    {
      kind: "plan: another",
      subject: `$KV.swath_${flat}.plan`,
      data: text(`\0${JSON.stringify({ ...plan, scoreThreshold: 0 })}`),
    },
    {
      kind: "plan: gone",
      subject: `$KV.swath_${flat}.plan`,
      data: new Uint8Array(0),
      headers: { "KV-Operation": "DEL" },
    },
    {
      kind: "plan: all values rolled up",
      subject: `$KV.swath_${flat}.plan`,
      data: new Uint8Array(0),
      headers: { "Nats-Rollup": "all" },
    },
    {
      kind: "ledger: another satellite's",
      subject: `$KV.swath_${flat}.ledger.satellite.${satellite}`,
      data: text("\0{}"),
    },
    {
      kind: "ledger: another station's",
      subject: `$KV.swath_${flat}.ledger.station.${station}`,
      data: text("\0{}"),
    },
    {
      kind: "lease: taken",
      subject: `$KV.swath-lease_${run.split("-").slice(0, 2).join("-")}.lease`,
      data: text("{}"),
    },
    ...["link", "nak", "ground", "task", "result"].flatMap((kind): readonly Attack[] => [
      {
        kind: `stream ${kind}: deleted`,
        subject: `$JS.API.STREAM.DELETE.swath_${flat}_${kind}`,
        data: new Uint8Array(0),
        reply: "x",
      },
      {
        kind: `stream ${kind}: purged`,
        subject: `$JS.API.STREAM.PURGE.swath_${flat}_${kind}`,
        data: new Uint8Array(0),
        reply: "x",
      },
      {
        kind: `stream ${kind}: changed`,
        subject: `$JS.API.STREAM.UPDATE.swath_${flat}_${kind}`,
        data: text({ name: `swath_${flat}_${kind}`, subjects: ["x"] }),
        reply: "x",
      },
      {
        kind: `stream ${kind}: a message removed`,
        subject: `$JS.API.STREAM.MSG.DELETE.swath_${flat}_${kind}`,
        data: text({ seq: 1 }),
        reply: "x",
      },
    ]),
    {
      kind: "bucket: deleted",
      subject: `$JS.API.STREAM.DELETE.KV_swath_${flat}`,
      data: new Uint8Array(0),
      reply: "x",
    },
    {
      kind: "tasks: taken",
      subject: `$JS.API.CONSUMER.MSG.NEXT.swath_${flat}_task.${satellite}`,
      data: text({ batch: 100, no_wait: true }),
      reply: "x",
    },
    {
      kind: "tasks: their queue deleted",
      subject: `$JS.API.CONSUMER.DELETE.swath_${flat}_task.${satellite}`,
      data: new Uint8Array(0),
      reply: "x",
    },
    {
      kind: "tasks: acknowledged",
      subject: `$JS.ACK.swath_${flat}_task.${satellite}.1.1.1.1.0`,
      data: text("+TERM"),
    },
    {
      kind: "tasks: another queue of them",
      subject: `$JS.API.CONSUMER.CREATE.swath_${flat}_task.thief.${task}`,
      data: text({
        stream_name: `swath_${flat}_task`,
        config: { name: "thief", filter_subject: task, ack_policy: "explicit", deliver_policy: "all" },
      }),
      reply: "x",
    },
    { kind: "answers: invented", subject: `_INBOX_${satellite}.x.0`, data: text({ stream: "x", seq: 1 }) },
  ];
};

/** Somebody who holds the login of another. */
export const strangerAs = async (folder: string, name: string, url: string): Promise<NatsConnection> => {
  const seed = (await readFile(join(folder, `${name}.nk`), "utf8")).split("\n")[0] ?? "";
  return connect({
    servers: url,
    authenticator: nkeyAuthenticator(Buffer.from(seed)),
    inboxPrefix: `_INBOX_${name}`,
    reconnect: false,
  });
};

/** Says it all, and waits until the server has heard it. */
export const say = async (nc: NatsConnection, attacks: readonly Attack[]): Promise<void> => {
  for (const { subject, data, headers: named, reply } of attacks) {
    const h = headers();
    for (const [name, value] of Object.entries(named ?? {})) h.set(name, value);
    nc.publish(subject, data, { headers: h, ...(reply === undefined ? {} : { reply }) });
  }
  await nc.flush();
};
