import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What a request asked for. */
export interface Seen {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface ServedFile {
  readonly data: Uint8Array;
  readonly etag?: string;
  readonly lastModified?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a request; `undefined` leaves it to the files. */
export type Answering = (request: Seen, response: ServerResponse) => boolean | Promise<boolean>;

/** A web server on loopback that tests fill. Ends with the test that disposes of it. */
export interface LoopbackServer extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** By decoded path, `/a b.tif`. */
  readonly files: Map<string, ServedFile>;
  readonly seen: Seen[];
  /** Bytes of bodies sent. */
  readonly sent: { bytes: number };
  /** Asked first, in order: true where it has answered. */
  readonly answers: Answering[];
}

export interface ServerOptions {
  readonly ranges?: boolean;
  readonly delayMs?: number;
}

/** Answers a file as RFC 9110 has it, ranges and `If-Range` included. */
const sendFile = (
  { headers }: Seen,
  response: ServerResponse,
  { data, etag, lastModified, headers: own }: ServedFile,
  ranges: boolean,
): number => {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
  const condition = headers["if-range"];
  const holds = condition === undefined || condition === etag || condition === lastModified;
  const common = {
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { "last-modified": lastModified }),
    ...own,
  };
  if (!ranges || first === undefined || !holds) {
    response.writeHead(200, { ...common, "content-length": data.length }).end(data);
    return data.length;
  }
  const [start, end] = [Number(first), Math.min(Number(last) + 1, data.length)];
  if (start >= data.length) {
    response.writeHead(416, { ...common, "content-range": `bytes */${data.length}` }).end();
    return 0;
  }
  const part = data.subarray(start, end);
  const range = `bytes ${start}-${end - 1}/${data.length}`;
  response.writeHead(206, { ...common, "content-range": range, "content-length": part.length }).end(part);
  return part.length;
};

export const startLoopbackServer = async ({
  ranges = true,
  delayMs = 0,
}: ServerOptions = {}): Promise<LoopbackServer> => {
  const files = new Map<string, ServedFile>();
  const seen: Seen[] = [];
  const answers: Answering[] = [];
  const sent = { bytes: 0 };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
    const { method = "", url = "", headers } = request;
    const asked = { method, url, headers, body: Buffer.concat(chunks).toString("utf8") };
    seen.push(asked);
    if (delayMs > 0) await sleep(delayMs);
    for (const own of answers) if (await own(asked, response)) return;
    const file = files.get(decodeURIComponent(url.replace(/\?.*$/s, "")));
    if (file === undefined) response.writeHead(404).end("nothing here");
    else sent.bytes += sendFile(asked, response, file, ranges);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    files,
    seen,
    sent,
    answers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
};
