import { createServer } from "node:net";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createUser } from "@nats-io/nkeys";
import { connectBus, type BusOptions } from "../../../pipeline/bus/connection.ts";
import { openRun } from "../../../pipeline/bus/run-bus.ts";
import { claimRun } from "../../../pipeline/bus/run-lease.ts";
import { listStreams } from "../../../pipeline/bus/run-streams.ts";
import { groundSubject, linkSubject } from "../../../pipeline/bus/subjects.ts";
import { bytes, seconds } from "../../../pipeline/units.ts";
import { hasOpenssl, makeCertificates, type Certificates } from "./certificates.ts";
import { all } from "./fixture.ts";
import { foreignServer, startCluster } from "./foreign-server.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-login-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secret = (name: string, text: string, mode = 0o600): string => {
  const path = join(folder, name);
  writeFileSync(path, text, { mode });
  return path;
};

const isLong = process.env["SWATH_LONG"] !== undefined;

const run = "replay-0123abcd";

/** Claims a run, sends a message of every size through it, and leaves nothing. */
const flow = async (options: Omit<BusOptions, "name">, sizes: readonly number[] = [10]): Promise<void> => {
  await using bus = await connectBus({ ...options, name: "test" });
  {
    const note = (text: string): void => expect.unreachable(text);
    await using claim = await claimRun(bus, { run, resume: false, keepResults: seconds(0), note });
    await using opened = await openRun(bus, claim.busRun(`${run}-detect`));
    const subject = linkSubject(opened.run, "sat", "station");
    const sent = sizes.map((size, i) => Buffer.alloc(size, `${i} `));
    for (const [i, data] of sent.entries()) await opened.publish(subject, data, `${i}`);
    await opened.flush();
    const got = await all(opened.follow(subject, { from: "start", until: "caught-up" }));
    expect(
      got.map(({ data }) => Buffer.from(data).equals(sent[got.findIndex((m) => m.data === data)]!)),
    ).toEqual(sizes.map(() => true));
    await opened.state.put("plan", Buffer.alloc(300_000, "plan"));
    expect((await opened.state.get("plan"))?.length).toBe(300_000);
  }
  expect(await listStreams(bus)).toEqual([]);
};

const jetstream = { store_dir: "STORE" };

describe("who one is", () => {
  it("user and password come from a file or the environment", async () => {
    const users = [{ user: "ann", password: "p w:@/" }];
    await using server = await foreignServer({ jetstream, authorization: { users } });
    await flow({ url: server.url, login: secret("login", "ann\np w:@/\n") });
    await flow({ url: server.url, user: "ann", password: "p w:@/" });
    await expect(flow({ url: server.url, user: "ann", password: "wrong" })).rejects.toThrow(
      /^cannot use NATS at 127\.0\.0\.1:\d+: got .*Authorization Violation.*; check what --creds, --nkey or --login/i,
    );
    await expect(flow({ url: server.url })).rejects.toThrow(/Authorization Violation/i);
  });

  it("a token comes from the environment", async () => {
    await using server = await foreignServer({ jetstream, authorization: { token: "s3cret" } });
    await flow({ url: server.url, token: "s3cret" });
    await expect(flow({ url: server.url, token: "other" })).rejects.toThrow(/Authorization Violation/i);
  });

  it("an nkey proves it with its seed, and another one does not", async () => {
    const [key, other] = [createUser(), createUser()];
    const users = [{ nkey: key.getPublicKey() }];
    await using server = await foreignServer({ jetstream, authorization: { users } });
    const seedOf = (one: typeof key): string => Buffer.from(one.getSeed()).toString();
    await flow({ url: server.url, nkey: secret("ann.nk", `${seedOf(key)}\n`) });
    await expect(flow({ url: server.url, nkey: secret("other.nk", seedOf(other)) })).rejects.toThrow(
      /Authorization Violation.*check what --creds, --nkey/i,
    );
  });

  it("a file that everybody can read, that is none, or two of them are refused in a line", async () => {
    const url = "nats://127.0.0.1:1";
    const seed = Buffer.from(createUser().getSeed()).toString();
    const refusals: readonly (readonly [Omit<BusOptions, "name" | "url">, RegExp])[] = [
      [
        { creds: secret("open.creds", "x", 0o644) },
        /open\.creds: wanted a file of its owner alone, got one that everybody.*; chmod 600 /,
      ],
      [{ nkey: secret("open.nk", seed, 0o604) }, /got one that everybody on this machine can read/],
      [{ login: secret("open.login", "ann\npw", 0o666) }, /got one that everybody on this machine can read/],
      [{ creds: secret("seed.creds", seed) }, /wanted a JWT and the seed of its key.*take --nkey/],
      [{ nkey: secret("short.nk", "SUABC") }, /wanted the seed of a user/],
      [
        { login: secret("one.login", "ann") },
        /wanted a user on the first line, the password on the second, got 1 lines/,
      ],
      [
        { nkey: secret("two.nk", seed), login: secret("two.login", "a\nb") },
        /the login at NATS: wanted one, got --nkey and --login/,
      ],
      [{ user: "ann", token: "t" }, /wanted one, got a token and a user/],
      [{ nkey: "/nowhere.nk" }, /cannot read the nkey \/nowhere\.nk: got ENOENT/],
    ];
    for (const [options, message] of refusals)
      await expect(connectBus({ url, name: "test", ...options })).rejects.toThrow(message);
  });

  it("credentials out of their time are refused with the clock's time", async () => {
    const credsOf = (name: string, claims: object): string => {
      const body = Buffer.from(JSON.stringify(claims)).toString("base64url");
      const seed = Buffer.from(createUser().getSeed()).toString();
      return secret(
        name,
        `-----BEGIN NATS USER JWT-----\nx.${body}.y\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`,
      );
    };
    const now = Math.floor(Date.now() / 1000);
    const url = "nats://127.0.0.1:1";
    await expect(connectBus({ url, name: "t", creds: credsOf("old", { exp: now - 5 }) })).rejects.toThrow(
      /old ceased to hold at .*: got 2.* by the clock of this machine; set the clock/,
    );
    await expect(connectBus({ url, name: "t", creds: credsOf("new", { nbf: now + 999 }) })).rejects.toThrow(
      /new do not hold before .*: got 2.* by the clock/,
    );
    await expect(connectBus({ url, name: "t", creds: credsOf("fine", { exp: now + 999 }) })).rejects.toThrow(
      /connection refused/,
    );
  });
});

describe.skipIf(!hasOpenssl)(`certificates${hasOpenssl ? "" : " (skipped: no openssl here)"}`, () => {
  let files: Certificates;
  beforeAll(() => {
    files = makeCertificates();
  });
  afterAll(() => files[Symbol.dispose]());

  it("an own authority signs server and client, and nobody else is let in", async () => {
    const tls = { cert_file: files.serverCert, key_file: files.serverKey, ca_file: files.ca, verify: true };
    await using server = await foreignServer({ jetstream, tls });
    const url = server.url.replace("nats:", "tls:");
    const own = { cert: files.clientCert, certKey: files.clientKey };
    await flow({ url, ca: files.ca, ...own });
    await expect(flow({ url, ca: files.otherCa, ...own })).rejects.toThrow(
      /certificate.*; name who signed .* with --ca/i,
    );
    await expect(flow({ url, ...own })).rejects.toThrow(/certificate.*; name who signed .* with --ca/i);
    // Without a certificate of one's own such a server says nothing, so that takes the whole timeout.
    if (isLong) await expect(flow({ url, ca: files.ca })).rejects.toThrow(/--cert and --cert-key/);
    await expect(flow({ url, ca: files.ca, cert: files.clientCert })).rejects.toThrow(
      "--cert: wanted --cert-key beside it",
    );
    await expect(flow({ url: server.url, ca: files.ca })).rejects.toThrow(
      /wanted an address that begins with tls/,
    );
  });

  it("tls:// is never taken for in the clear", async () => {
    await using server = await foreignServer({ jetstream });
    const url = server.url.replace("nats:", "tls:");
    await expect(flow({ url, ca: files.ca })).rejects.toThrow(
      /got server does not support .tls.*speaks in the clear/i,
    );
  });
});

describe("where it is", () => {
  it("a mix of nats:// and tls:// is refused, and several logins", async () => {
    const connecting = (url: string) => connectBus({ url, name: "test" });
    await expect(connecting("nats://a,tls://b")).rejects.toThrow(
      "the addresses of the NATS servers: wanted nats:// or tls:// for all of them, got both",
    );
    await expect(connecting("nats://x:y@a,nats://x:z@b")).rejects.toThrow(
      /wanted one login for all of them, got 2$/,
    );
  });

  it("a server that speaks another protocol is named as such", async () => {
    const other = createServer(
      (socket) => void socket.on("error", () => undefined).write("SSH-2.0-other\r\n"),
    );
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { readonly port: number };
    await expect(connectBus({ url: `127.0.0.1:${port}`, name: "test" })).rejects.toThrow(
      /got unexpected response from server; this is no NATS server, or it speaks another protocol there/,
    );
    other.close();
  });

  it("a leaf node without JetStream needs the hub's domain", async () => {
    const [port] = [await import("./foreign-server.ts").then(({ freePorts }) => freePorts(1))].flat();
    await using _hub = await foreignServer({
      server_name: "hub",
      jetstream: { store_dir: "STORE", domain: "hub" },
      leafnodes: { listen: `127.0.0.1:${port}` },
    });
    await using leaf = await foreignServer({
      server_name: "leaf",
      leafnodes: { remotes: [{ url: `nats://127.0.0.1:${port}` }] },
    });
    await expect(flow({ url: leaf.url })).rejects.toThrow(/has no JetStream.*--js-domain where it is a leaf/);
    await expect(flow({ url: leaf.url, domain: "other" })).rejects.toThrow(/^no JetStream in domain other/);
    await flow({ url: leaf.url, domain: "hub" }, [10, 200_000, 10]);
  }, 30_000);

  it.runIf(isLong)(
    "a cluster without most of its servers says so, with how to go on",
    async () => {
      const [own, ...away] = await import("./foreign-server.ts").then(({ freePorts }) => freePorts(3));
      await using server = await foreignServer({
        server_name: "n0",
        jetstream,
        cluster: {
          name: "three",
          listen: `127.0.0.1:${own}`,
          routes: [own, ...away].map((port) => `nats-route://127.0.0.1:${port}`),
        },
      });
      await expect(connectBus({ url: server.url, name: "test" })).rejects.toThrow(
        /^cannot use NATS at \S+: got no leader in cluster three \(.*\); more than half of its servers must be up: start those/,
      );
    },
    30_000,
  );

  it("an account with an inbox of its own names it", async () => {
    const publish = ["swath.>", "$JS.API.>", "$JS.ACK.>", "$KV.>"];
    const permissions = { publish, subscribe: ["swath.>", "_INBOX_u.>"] };
    const users = [{ user: "u", password: "p", permissions }];
    await using server = await foreignServer({ jetstream, authorization: { users } });
    const login = { url: server.url, user: "u", password: "p" };
    await flow({ ...login, inboxPrefix: "_INBOX_u" });
    await expect(flow(login)).rejects.toThrow(/permission.*--inbox names another prefix/i);
  });

  it("a max_payload smaller than a message gets it in parts, and a bound of bytes holds", async () => {
    await using server = await foreignServer({ jetstream, max_payload: 20_000 });
    await flow({ url: server.url }, [10, 19_000, 100_000, 262_144, 10]);
    const storage = { replicas: 1, maxBytes: bytes(40_000) };
    await expect(flow({ url: server.url, storage }, [100_000])).rejects.toThrow(
      /maximum bytes exceeded|cannot store on/,
    );
    await using small = await foreignServer({ jetstream, max_payload: 1000 });
    await expect(flow({ url: small.url })).rejects.toThrow(
      /wanted messages of at least 8192 bytes \(max_payload\), got 1000/,
    );
  });

  it.runIf(isLong)(
    "a cluster of three keeps copies, and a run goes on when one of them is killed",
    async () => {
      await using cluster = await startCluster();
      const url = cluster.servers.map((server) => server.url).join(",");
      await using bus = await connectBus({ url, name: "test", storage: { replicas: 3, maxBytes: null } });
      const note = (): void => undefined;
      await using claim = await claimRun(bus, { run, resume: false, keepResults: seconds(0), note });
      await using opened = await openRun(bus, claim.busRun(`${run}-detect`), ["ground"]);
      const subject = groundSubject(opened.run, "svalbard");
      for (let i = 0; i < 200; i++) await opened.publish(subject, Buffer.alloc(5000, `${i} `), `${i}`);
      const at = bus.connection.getServer();
      cluster.servers.find((one) => one.url.endsWith(at.slice(at.lastIndexOf(":"))))?.child.kill("SIGKILL");
      for (let i = 200; i < 400; i++) await opened.publish(subject, Buffer.alloc(5000, `${i} `), `${i}`);
      await opened.flush();
      const got = await all(opened.follow(subject, { from: "start", until: "caught-up" }));
      expect(got.map(({ msgId }) => Number(msgId.split(".")[1]))).toEqual(
        Array.from({ length: 400 }, (_, i) => i),
      );
    },
    60_000,
  );
});
