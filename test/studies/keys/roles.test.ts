import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, nkeyAuthenticator, PermissionViolationError } from "@nats-io/transport-node";
import { covers, denialsOf, grantsOf, roles, type Grant, type Role } from "../../../pipeline/keys/roles.ts";
import { startKeyedServer, type KeyedServer } from "./keyed-server.ts";
import { makeKey } from "../../../pipeline/keys/nkey.ts";
import { makeKeys } from "../../../studies/keys/key-folder.ts";

let folder: string;
let server: KeyedServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "swath-roles-"));
  await makeKeys(folder, { satellites: ["W01", "W02"], stations: ["Svalbard", "Troll"], days: 30 });
  server = await startKeyedServer(folder);
}, 30_000);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const who: readonly { readonly role: Role; readonly name: string }[] = [
  ...roles.filter((role) => role !== "satellite" && role !== "station").map((role) => ({ role, name: role })),
  { role: "satellite", name: "W01" },
  { role: "satellite", name: "W02" },
  { role: "station", name: "Svalbard" },
];

/** A subject that a pattern covers. */
const concrete = (pattern: string): string =>
  pattern
    .split(".")
    .map((token) => (token === "*" ? "x" : token === ">" ? "y.z" : token))
    .join(".");

/** Every subject that anybody may use, of anybody's, and some that nobody may. */
const cells = (verb: Grant["verb"]): readonly string[] => [
  ...new Set([
    ...who.flatMap(({ role, name }) =>
      grantsOf(role, name).flatMap((grant) =>
        grant.verb === verb ||
        (verb === "publish" && grant.subject.startsWith("_INBOX")) ||
        grant.subject.startsWith("swath")
          ? [concrete(grant.subject)]
          : [],
      ),
    ),
    ...who.flatMap(({ name }) => denialsOf(name, ["W01", "W02"]).map(concrete)),
    "$JS.API.STREAM.MSG.GET.x",
    "$JS.API.STREAM.PURGE.x",
    "$JS.API.CONSUMER.DURABLE.CREATE.x.W01",
    "$JS.API.CONSUMER.CREATE.x",
    "$JS.API.CONSUMER.LIST.x",
    "$JS.API.CONSUMER.NAMES.x",
    "$JS.API.SERVER.REMOVE",
    "$JS.API.ACCOUNT.PURGE.SWATH",
    "$SYS.REQ.SERVER.PING",
    "$JS.EVENT.ADVISORY.CONSUMER.CREATED.x.y",
    "$KV.b.ledger.satellite.W01",
    "$KV.b.ledger.station.Troll",
    "swath.r.i.link.W01.Troll",
    "swath.r.i.ground.Troll",
    "swath.r.i.other.x",
    "swath.r.i",
    "_INBOX.x.y",
    "anything",
  ]),
];

const isAllowed = (role: Role, name: string, verb: Grant["verb"], subject: string): boolean => {
  const denied =
    verb === "publish" && denialsOf(name, ["W01", "W02"]).some((pattern) => covers(pattern, subject));
  return (
    !denied && grantsOf(role, name).some((grant) => grant.verb === verb && covers(grant.subject, subject))
  );
};

/** What the server refuses of what is tried. */
const refusedBy = async (
  name: string,
  verb: Grant["verb"],
  subjects: readonly string[],
): Promise<ReadonlySet<string>> => {
  const seed = (await readFile(join(folder, `${name}.nk`), "utf8")).split("\n")[0] ?? "";
  const nc = await connect({
    servers: server.url,
    authenticator: nkeyAuthenticator(Buffer.from(seed)),
    inboxPrefix: `_INBOX_${name}`,
    reconnect: false,
  });
  const refused = new Set<string>();
  const watch = (async () => {
    for await (const status of nc.status()) {
      if (status.type === "error" && status.error instanceof PermissionViolationError) {
        expect(status.error.operation).toBe(verb === "publish" ? "publish" : "subscription");
        refused.add(status.error.subject);
      }
    }
  })();
  for (const subject of subjects) {
    if (verb === "publish") nc.publish(subject);
    else nc.subscribe(subject, { callback: () => undefined });
  }
  await nc.flush();
  await nc.close();
  await watch;
  return refused;
};

describe.each(who)("$name, $role, on a server with the configuration of swath keys", ({ role, name }) => {
  it.each(["publish", "subscribe"] as const)("may %s just what the table says", async (verb) => {
    const subjects = cells(verb);
    expect(subjects.length).toBeGreaterThan(40);
    const refused = await refusedBy(name, verb, subjects);
    const allowed = subjects.filter((subject) => isAllowed(role, name, verb, subject));
    expect(subjects.filter((subject) => !refused.has(subject)).toSorted()).toEqual(allowed.toSorted());
  });
});

describe("nobody", () => {
  it("is let in without a key, or with one that is not on the list", async () => {
    const servers = server.url;
    await expect(connect({ servers, reconnect: false })).rejects.toThrow(/authorization/i);
    const authenticator = nkeyAuthenticator(Buffer.from(makeKey("user").seed));
    await expect(connect({ servers, authenticator, reconnect: false })).rejects.toThrow(/authorization/i);
  });
});
