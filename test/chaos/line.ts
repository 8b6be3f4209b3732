import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A line to a server on loopback, which can be cut, delayed and held: what a bad network does. */
export interface Line extends AsyncDisposable {
  readonly port: number;
  /** Ends every connection and takes no other for so long, ms. */
  cut(ms: number): Promise<void>;
  /** Every piece arrives later by this much, ms, in order, for so long. */
  delay(byMs: number, ms: number): Promise<void>;
  /** Connections stay and nothing passes, for so long, ms. */
  hold(ms: number): Promise<void>;
}

const listen = (server: Server): Promise<number> =>
  new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      done(typeof address === "object" && address !== null ? address.port : 0);
    });
  });

/** Opens a line to `target` on loopback. */
export const openLine = async (target: number): Promise<Line> => {
  const sockets = new Set<Socket>();
  let [isCut, lag] = [false, 0];
  let held: Promise<void> = Promise.resolve();

  /** Passes on in order; what waits is bounded, since a socket is read no further meanwhile. */
  const pass = async (from: Socket, to: Socket): Promise<void> => {
    try {
      for await (const piece of from) {
        await held;
        if (lag > 0) await sleep(lag);
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
    if (isCut) return void near.destroy();
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
    async cut(ms) {
      isCut = true;
      for (const socket of sockets) socket.destroy();
      await sleep(ms);
      isCut = false;
    },
    async delay(byMs, ms) {
      lag = byMs;
      await sleep(ms);
      lag = 0;
    },
    async hold(ms) {
      held = sleep(ms);
      await held;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
};
