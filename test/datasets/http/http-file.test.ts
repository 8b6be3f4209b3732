import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Access, type AccessOptions, openAccess } from "../../../datasets/access.ts";
import { bytes, seconds } from "../../../pipeline/units.ts";
import { type LoopbackServer, startLoopbackServer } from "./loopback-server.ts";

const data = Uint8Array.from({ length: 400_000 }, (_, i) => (i * 31 + (i >> 8)) & 255);
let server: LoopbackServer;
beforeAll(async () => void (server = await startLoopbackServer()));
afterAll(() => server[Symbol.asyncDispose]());

const quick = { backoff: seconds(0.01), idle: seconds(2) };
const access = (options: AccessOptions = {}): Access =>
  openAccess({ ...options, limits: { ...quick, ...options.limits } });
const read = async (from: Access, location: string, offset: number, length: number, signal?: AbortSignal) => {
  await using source = await from.open(location);
  const buffer = new Uint8Array(length);
  await source.fill(buffer, offset, signal);
  return buffer;
};
/** A file of its own for each test, and what it asks of the server. */
const serve = (name: string, more = {}): string => {
  server.files.set(`/${name}`, { data, etag: '"one"', ...more });
  return `${server.origin}/${name}`;
};

describe("a file on a web server", () => {
  it("is read in ranges, each byte once, however often it is opened", async () => {
    await using own = access();
    const location = own.locate(serve("ranges.bin"));
    const before = server.sent.bytes;
    expect(await read(own, location, 100_000, 5000)).toEqual(data.subarray(100_000, 105_000));
    expect(await read(own, location, 98_000, 9000)).toEqual(data.subarray(98_000, 107_000));
    await Promise.all([read(own, location, 200_000, 4000), read(own, location, 201_000, 4000)]);
    await using source = await own.open(location);
    expect(source.size).toBe(data.length);
    expect(source.head).toEqual(data.subarray(0, 65_536));
    expect(server.sent.bytes - before).toBe(65_536 + 9000 + 5000);
    expect(own.traffic()).toMatchObject({ bytes: 65_536 + 9000 + 5000, retries: 0 });
  });

  it("goes on where a lost connection ended, and counts that", async () => {
    await using own = access();
    const location = own.locate(serve("cut.bin"));
    let cuts = 0;
    server.answers.push(({ url, headers }, response) => {
      if (url !== "/cut.bin" || headers.range !== "bytes=100000-299999" || cuts++ > 0) return false;
      response.writeHead(206, {
        etag: '"one"',
        "content-range": `bytes 100000-299999/${data.length}`,
        "content-length": 200_000,
      });
      response.write(data.subarray(100_000, 180_000), () => response.destroy());
      return true;
    });
    expect(await read(own, location, 100_000, 200_000)).toEqual(data.subarray(100_000, 300_000));
    server.answers.pop();
    expect(own.traffic().retries).toBe(1);
    const starts = server.seen.filter(({ url }) => url === "/cut.bin").map(({ headers }) => headers.range);
    expect(starts[2]).toMatch(/^bytes=1[0-8]\d{4}-299999$/);
  });

  it("waits as a busy server asks, and gives up after its tries with one line", async () => {
    await using own = access({ limits: { attempts: 3 } });
    const location = own.locate(serve("busy.bin"));
    let refused = 0;
    server.answers.push(({ url }, response) => {
      if (url !== "/busy.bin" || refused >= 2) return false;
      refused++;
      response.writeHead(503, { "retry-after": "0" }).end();
      return true;
    });
    expect(await read(own, location, 0, 10)).toEqual(data.subarray(0, 10));
    expect(own.traffic().retries).toBe(2);
    refused = -10;
    await using other = access({ limits: { attempts: 3 } });
    await expect(other.open(location)).rejects.toThrow(
      /busy\.bin cannot be fetched: got HTTP 503 Service Unavailable, 3 times$/,
    );
    server.answers.pop();
    server.answers.push((_, response) => {
      response.writeHead(429, { "retry-after": "3600" }).end();
      return true;
    });
    await expect(access().open(location)).rejects.toThrow(/429.*to be tried again after 3600 s/);
    server.answers.pop();
  });

  it.each([
    ["ETag", { etag: '"two"' }, /changed while it was read: wanted ETag "one", got "two"/],
    [
      "size",
      { data: data.subarray(0, 300_000) },
      /changed while it was read: wanted 400000 bytes, got 300000/,
    ],
  ])("that changes is an error (%s)", async (_, change, message) => {
    await using own = access();
    const url = serve("changing.bin");
    const location = own.locate(url);
    await read(own, location, 0, 10);
    serve("changing.bin", change);
    await expect(read(own, location, 100_000, 10)).rejects.toThrow(message);
  });

  it("that has a date and no ETag is held to the date", async () => {
    await using own = access();
    const dated = { etag: undefined, lastModified: "Mon, 01 Jun 2026 00:00:00 GMT" };
    const location = own.locate(serve("dated.bin", dated));
    expect(await read(own, location, 70_000, 10)).toEqual(data.subarray(70_000, 70_010));
    serve("dated.bin", { ...dated, lastModified: "Tue, 02 Jun 2026 00:00:00 GMT" });
    await expect(read(own, location, 100_000, 10)).rejects.toThrow(/changed while it was read.*2 Jun/i);
  });

  it("comes whole from a server without ranges, within bounds", async () => {
    await using plain = await startLoopbackServer({ ranges: false });
    plain.files.set("/whole.bin", { data });
    await using own = access();
    const location = own.locate(`${plain.origin}/whole.bin`);
    expect(await read(own, location, 300_000, 1000)).toEqual(data.subarray(300_000, 301_000));
    expect(await read(own, location, 65_000, 1000)).toEqual(data.subarray(65_000, 66_000));
    expect(plain.seen).toHaveLength(1);
    await using small = access({ limits: { whole: bytes(100_000) } });
    await expect(small.open(location)).rejects.toThrow(
      /whole\.bin is too large to be fetched whole: wanted at most 100 kB, got 400 kB/,
    );
  });

  it("that is compressed on the way is never read in ranges of the compressed bytes", async () => {
    await using own = access();
    const packed = gzipSync(data);
    server.answers.push(({ url, headers }, response) => {
      if (url !== "/packed.bin") return false;
      const encoded = { "content-encoding": "gzip", etag: '"g"' };
      if (headers.range === undefined) response.writeHead(200, encoded).end(packed);
      else {
        const range = `bytes 0-999/${packed.length}`;
        response.writeHead(206, { ...encoded, "content-range": range }).end(packed.subarray(0, 1000));
      }
      return true;
    });
    const location = own.locate(`${server.origin}/packed.bin`);
    expect(await read(own, location, 200_000, 1000)).toEqual(data.subarray(200_000, 201_000));
    server.answers.pop();
  });

  it("is found through redirects, of which there are not too many, and none that leaves the web", async () => {
    await using own = access();
    serve("end.bin");
    server.answers.push(({ url }, response) => {
      const to: Record<string, string> = {
        "/start.bin": "/end.bin",
        "/loop.bin": "/loop.bin",
        "/file.bin": "file:///etc/passwd",
      };
      const location = to[url];
      if (location === undefined) return false;
      response.writeHead(302, { location }).end();
      return true;
    });
    expect(await read(own, own.locate(`${server.origin}/start.bin`), 100_000, 10)).toEqual(
      data.subarray(100_000, 100_010),
    );
    const asked = server.seen.filter(({ url }) => url === "/start.bin");
    // The range went to where the first request had been sent.
    expect(asked).toHaveLength(1);
    await expect(own.open(own.locate(`${server.origin}/loop.bin`))).rejects.toThrow(/more than 5 redirects/);
    await expect(own.open(own.locate(`${server.origin}/file.bin`))).rejects.toThrow(/a redirect to file:/);
    server.answers.pop();
  });

  it("stops at once when it is told to", async () => {
    await using own = access();
    const location = own.locate(serve("slow.bin"));
    await read(own, location, 0, 10);
    server.answers.push(({ url }) => url === "/slow.bin");
    const controller = new AbortController();
    const reading = read(own, location, 100_000, 10, controller.signal);
    controller.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    server.answers.pop();
    // Nobody else is harmed.
    expect(await read(own, location, 100_000, 10)).toEqual(data.subarray(100_000, 100_010));
  });

  it("gives up on a server that goes silent", async () => {
    await using own = access({ limits: { idle: seconds(0.1), attempts: 2 } });
    server.answers.push(() => true);
    await expect(own.open(own.locate(`${server.origin}/silent.bin`))).rejects.toThrow(
      /silent\.bin cannot be fetched: got nothing came for 0\.1 s, 2 times/,
    );
    server.answers.pop();
  });

  it("keeps its signature to itself", async () => {
    await using own = access();
    serve("signed.bin");
    const secret = "sv=2024&sig=SECRET%2Bvalue&token=SECRET";
    const location = own.locate(`${server.origin}/signed.bin?${secret}`);
    expect(location).toBe(`${server.origin}/signed.bin`);
    expect(await read(own, location, 0, 4)).toEqual(data.subarray(0, 4));
    expect(server.seen.at(-1)?.url).toBe(`/signed.bin?${secret}`);
    expect(own.hrefOf(location)).toContain("SECRET");
    const gone = own.locate(`${server.origin}/gone.bin?${secret}`);
    server.answers.push(({ url }, response) => {
      if (!url.startsWith("/gone")) return false;
      response.writeHead(403, { "content-type": "application/xml" });
      response.end(`<Error><Message>denied for ${url} sig=SECRET</Message></Error>`);
      return true;
    });
    const error = await own.open(gone).catch((thrown: unknown) => thrown as Error);
    server.answers.pop();
    expect(error).toMatchObject({
      message: expect.stringMatching(/gone\.bin cannot be fetched: got HTTP 403/),
    });
    expect(JSON.stringify([error, (error as Error).message, (error as Error).stack])).not.toContain("SECRET");
    // Two queries may name two files.
    expect(own.locate(`${server.origin}/signed.bin?file=2`)).not.toBe(location);
  });

  it("in a bucket lies at the endpoint", async () => {
    await using none = access();
    await expect(none.open(none.locate("s3://bucket/a/b c.bin"))).rejects.toThrow(
      /s3:\/\/bucket\/a\/b c\.bin lies in a bucket: wanted --endpoint URL/,
    );
    await using own = access({ endpoint: `${server.origin}/store/` });
    serve("store/bucket/a/b c.bin");
    expect(await read(own, own.locate("s3://bucket/a/b c.bin"), 0, 4)).toEqual(data.subarray(0, 4));
    expect(() => access({ endpoint: "ftp://here" })).toThrow(/--endpoint: wanted an http or https address/);
  });
});
