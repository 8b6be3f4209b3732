import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Line, openLine } from "./line.ts";
import type { Endpoint, Network } from "./network.ts";

const freePort = (): Promise<number> =>
  new Promise((done, failed) => {
    const server = createServer().once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

/** All places on loopback, each port reached over a line of its own: what is to be had without rights. */
export const openLines = (): Network => {
  const known = new Map<string, Promise<Endpoint>>();
  const lines = new Map<string, Line[]>();
  const open = async (place: string, isOwn: boolean): Promise<Endpoint> => {
    const port = await freePort();
    const listen = `127.0.0.1:${port}`;
    if (isOwn) return { listen, reach: listen };
    const line = await openLine(port);
    lines.set(place, [...(lines.get(place) ?? []), line]);
    return { listen, reach: `127.0.0.1:${line.port}` };
  };
  return {
    kind: "lines",
    at: () => [],
    endpoint(place, port, isOwn = false) {
      const key = `${place}/${port}`;
      const there = known.get(key) ?? open(place, isOwn);
      known.set(key, there);
      return there;
    },
    isReached: (place) => lines.has(place),
    async spoil(place, how, ms) {
      for (const line of lines.get(place) ?? []) line.spoil(how);
      await sleep(ms);
      for (const line of lines.get(place) ?? []) line.spoil({});
    },
    async [Symbol.asyncDispose]() {
      for (const line of [...lines.values()].flat()) await line[Symbol.asyncDispose]();
    },
  };
};
