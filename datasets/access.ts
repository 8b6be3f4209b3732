import { existsSync, rmSync } from "node:fs";
import { mkdtemp, open, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { ownerMark, sweepAbandoned } from "../pipeline/abandoned.ts";
import { messageOf, SwathError, type ErrorTag } from "../pipeline/errors.ts";
import { formatBytes } from "../pipeline/format.ts";
import { mapOrdered } from "../pipeline/streams.ts";
import { openBufferPool } from "./files/buffer-pool.ts";
import type { ByteSource } from "./files/byte-source.ts";
import type { FileAccess } from "./files/file-access.ts";
import type { KeptFile } from "./files/kept-file.ts";
import { openLocalFile } from "./files/local-file.ts";
import { localPath, OutsideError, requireInside } from "./files/local-href.ts";
import { isRemote, locationOf, markedLocationOf, remoteUrl } from "./files/location.ts";
import { openScratch } from "./files/scratch.ts";
import { defaultHttpLimits, type HttpLimits } from "./http/http-limits.ts";
import { openHttpClient } from "./http/http-client.ts";
import type { Ask, HttpClient } from "./http/exchange.ts";
import { openHttpFile } from "./http/http-file.ts";
import { isInnerHost } from "../pipeline/inner-host.ts";
import { bucketAddress, parseEndpoint } from "./http/bucket.ts";
import { openTrafficMeter, type Traffic } from "./http/traffic.ts";
import { wholeBody } from "./http/whole-body.ts";

/** Copies of files from elsewhere, for readers that want a path, lie in a folder of that name in the scratch folder. */
const copiesPrefix = "swath-copies-";

/** A document that names others: where it lies, and the local folders that its references may not leave. */
export interface Origin {
  readonly location: string;
  /** Empty for a document from elsewhere: it names no file of this machine at all. */
  readonly roots: readonly string[];
}

/**
 * How files and documents are reached, wherever they lie. A *location* is an absolute path, or an address without its
 * query: what an address needs beside that (a signature) is known here and nowhere else, so no message can print it.
 */
export interface Access extends FileAccess, AsyncDisposable {
  /** The location of what the user named: a path, or an http, https or s3 address. */
  locate(reference: string): string;
  /**
   * The location of what a document names. Throws `OutsideError` for a local file outside `origin.roots` and for an inner
   * network from outside, `SwathError("dataset")` for any local file from elsewhere and for a scheme that is not read.
   */
  follow(href: string, origin: Origin): string;
  /** The request that brings a document from elsewhere; `null` for one of this machine. */
  pageOf(location: string): { readonly url: URL; readonly method: "GET"; readonly body: null } | null;
  /** A document of at most `limits.document`. Throws `SwathError` with `tag`. */
  readText(location: string, tag: ErrorTag): Promise<string>;
  /** Asks an API for JSON text. `name` is the location to print. */
  query(
    url: URL,
    ask: Pick<Ask, "method" | "body" | "headers">,
    accept: readonly number[],
  ): Promise<ApiAnswer>;
  /** Writes the whole file to `path`. Throws `SwathError("raster")`, or what the file system throws. */
  copyTo(location: string, path: string): Promise<void>;
  /** What a written item names the file by: the whole address, signature and all. */
  hrefOf(location: string): string;
  traffic(): Traffic;
}

/** The answer of a web API: HTTP status and body, whatever the status. */
export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

/** How the files of a dataset are reached, and within which limits. */
export interface AccessOptions {
  /** Where `s3://bucket/key` lies: `<endpoint>/bucket/key`. */
  readonly endpoint?: string | undefined;
  /** Follow local references out of the folder of their collection, and from outside into inner networks. */
  readonly allowOutside?: boolean | undefined;
  readonly limits?: Partial<HttpLimits>;
  /** Ends everything under way. */
  readonly signal?: AbortSignal | undefined;
  /** Where scratch files go; default the system's. */
  readonly scratchDir?: string;
}

/** Of a megabyte, as a rule: what a scene of five files has under way. */
const spareBuffers = 32;
const copyChunkBytes = 4_000_000;
const copiesInFlight = 4;

const readLocalText = async (path: string, tag: ErrorTag, most: number): Promise<string> => {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new Error("not a regular file");
    if (info.size > most) throw new Error(`${formatBytes(info.size)}, where ${formatBytes(most)} are read`);
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new SwathError(tag, { what: `${path} cannot be read`, got: messageOf(cause), cause });
  }
};

/** Fetches a body as text. */
const fetchText = (client: HttpClient, url: URL, ask: Ask): Promise<ApiAnswer> =>
  client.exchange(url, ask, async (answer) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of wholeBody(answer, ask, ask.mostBytes)) chunks.push(chunk);
    return { status: answer.status, text: Buffer.concat(chunks).toString("utf8") };
  });

/**
 * Opens the way to files: nothing is touched before the first of them is. Throws `SwathError("config")` for an endpoint
 * that is none.
 */
export const openAccess = (options: AccessOptions = {}): Access => {
  const endpoint = options.endpoint === undefined ? undefined : parseEndpoint(options.endpoint);
  const limits = { ...defaultHttpLimits, ...options.limits };
  const meter = openTrafficMeter();
  const client = openHttpClient(limits, meter, options.signal);
  const scratchDir = options.scratchDir ?? tmpdir();
  const scratch = openScratch(scratchDir, limits.scratch);
  const pool = openBufferPool(spareBuffers);
  const urls = new Map<string, URL>();
  const files = new Map<string, Promise<KeptFile>>();
  const copies = new Map<string, Promise<string>>();
  let copyFolder: Promise<string> | null = null;

  const register = (url: URL): string => {
    const bare = locationOf(url);
    const known = urls.get(bare);
    const location = known === undefined || known.href === url.href ? bare : markedLocationOf(url);
    urls.set(location, url);
    return location;
  };
  const urlOf = (location: string): URL => urls.get(location) ?? new URL(location);
  const addressOf = (location: string): URL => bucketAddress(urlOf(location), location, endpoint);

  const openRemote = (location: string, signal?: AbortSignal): Promise<KeptFile> => {
    const opened =
      files.get(location) ?? openHttpFile(client, addressOf(location), location, { scratch, pool }, signal);
    files.set(location, opened);
    opened.catch(() => files.delete(location));
    return opened;
  };

  const openFile = async (location: string, signal?: AbortSignal): Promise<ByteSource> =>
    isRemote(location) ? (await openRemote(location, signal)).open(signal) : openLocalFile(location);

  const copyTo = async (location: string, path: string): Promise<void> => {
    await using source = await openFile(location);
    await using target = await open(path, "w");
    const starts = Array.from(
      { length: Math.ceil(source.size / copyChunkBytes) },
      (_, i) => i * copyChunkBytes,
    );
    const chunks = mapOrdered(starts, copiesInFlight, async (start) => {
      const chunk = new Uint8Array(Math.min(copyChunkBytes, source.size - start));
      await source.fill(chunk, start);
      return { chunk, start };
    });
    for await (const { chunk, start } of chunks) {
      for (let done = 0; done < chunk.length;) {
        done += (await target.write(chunk, done, chunk.length - done, start + done)).bytesWritten;
      }
    }
  };

  const makeCopyFolder = async (): Promise<string> => {
    await sweepAbandoned(scratchDir, async (path, { before }) => {
      if (before === copiesPrefix) await rm(path, { recursive: true, force: true });
    });
    const folder = await mkdtemp(join(scratchDir, `${copiesPrefix}${ownerMark}`));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  };
  const makeCopy = async (location: string): Promise<string> => {
    const folder = await mkdtemp(join(await (copyFolder ??= makeCopyFolder()), "file-"));
    const path = join(folder, basename(location).slice(-200) || "file");
    await copyTo(location, path);
    return path;
  };

  return {
    locate(reference) {
      const url = remoteUrl(reference, null);
      if (url !== null) return register(url);
      return /^file:/i.test(reference) ? localPath(reference, ".") : resolve(reference);
    },
    follow(href, { location, roots }) {
      const base = isRemote(location) ? urlOf(location) : null;
      const url = remoteUrl(href, base);
      if (url !== null) {
        if (options.allowOutside !== true && base !== null && !isInnerHost(base) && isInnerHost(url)) {
          throw new OutsideError({
            what: `${locationOf(url)} lies on an inner network`,
            wanted: `an address as public as that of ${location}, which names it`,
            got: url.hostname,
          });
        }
        return register(url);
      }
      const path = localPath(href, dirname(location));
      if (options.allowOutside !== true) requireInside(href, path, roots);
      return path;
    },
    pageOf: (location) =>
      isRemote(location) ? { url: addressOf(location), method: "GET", body: null } : null,
    open: openFile,
    readText: async (location, tag) => {
      if (!isRemote(location)) return readLocalText(location, tag, limits.document);
      const ask = { name: location, tag, accept: [200], mostBytes: limits.document } as const;
      return (await fetchText(client, addressOf(location), ask)).text;
    },
    query: (url, ask, accept) =>
      fetchText(client, url, {
        ...ask,
        name: locationOf(url),
        tag: "dataset",
        accept,
        mostBytes: limits.document,
      }),
    copyTo,
    localCopy(location) {
      if (!isRemote(location)) return Promise.resolve(location);
      const copy = copies.get(location) ?? makeCopy(location);
      copies.set(location, copy);
      copy.catch(() => copies.delete(location));
      return copy;
    },
    isKnown: (location) => (isRemote(location) ? urls.has(location) : existsSync(location)),
    hrefOf: (location) => (isRemote(location) ? urlOf(location).href : location),
    traffic: () => meter.read(),
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await scratch[Symbol.asyncDispose]();
      if (copyFolder !== null) rmSync(await copyFolder, { recursive: true, force: true });
    },
  };
};
