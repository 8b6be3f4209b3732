import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Spoil } from "./network.ts";

/** A line to a server on loopback that can be spoilt: what a bad network does, as seen from a connection. */
export interface Line extends AsyncDisposable {
  readonly port: number;
  /** Until it is spoilt otherwise; `{}`: it is sound. */
  readonly spoil: (how: Spoil) => void;
}

const listen = (server: Server): Promise<number> =>
  new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      done(typeof address === "object" && address !== null ? address.port : 0);
    });
  });

/** A connection never loses bytes: a lost packet holds up all behind it until it was sent again. Shortest time that TCP waits for that, ms. */
const resendMs = 200;

/** Opens a line to `target` on loopback. */
export const openLine = async (target: number): Promise<Line> => {
  const sockets = new Set<Socket>();
  let how: Spoil = {};
  let wakeUp: () => void = () => undefined;
  let change = new Promise<void>((done) => (wakeUp = done));

  /** Passes on in order; what waits is bounded, since a socket is read no further meanwhile. */
  const pass = async (from: Socket, to: Socket): Promise<void> => {
    try {
      for await (const piece of from) {
        while (how.silent === true) await change;
        if (how.delayMs !== undefined) await sleep(how.delayMs);
        for (let rest = resendMs; Math.random() < (how.loss ?? 0) && rest < 2000; rest *= 2)
          await sleep(rest);
        if (!to.writable) return;
        if (!to.write(piece as Buffer))
          await new Promise((done) => to.once("drain", done).once("close", done));
      }
      to.end();
    } catch {
      // A connection that breaks is what a line is for: both ends learn of it.
      to.destroy();
    }
  };

  const server = createServer((near) => {
    if (how.cut === true) return void near.destroy();
    const far = connect(target, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
    }
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
    void pass(near, far);
    void pass(far, near);
  });
  const port = await listen(server);
  return {
    port,
    spoil(next) {
      how = next;
      wakeUp();
      change = new Promise((done) => (wakeUp = done));
      if (how.cut === true) for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      how = {};
      wakeUp();
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
};
