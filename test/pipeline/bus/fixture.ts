import { connectBus } from "../../../pipeline/bus/connection.ts";
import type { Bus } from "../../../pipeline/bus/connection.ts";
import { startNatsServer } from "../../../pipeline/bus/server.ts";
import type { NatsServer } from "../../../pipeline/bus/server.ts";

/** A server of one's own and a connection to it; both go at the end of the test. */
export const ownBus = async (): Promise<
  AsyncDisposable & { readonly server: NatsServer; readonly bus: Bus }
> => {
  const server = await startNatsServer();
  const bus = await connectBus({ url: server.url, name: "test" });
  return {
    server,
    bus,
    [Symbol.asyncDispose]: async () => {
      await bus[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
};

/** The first `count` values; then the source is closed. */
export const take = async <T>(source: AsyncIterable<T>, count: number): Promise<T[]> => {
  const values: T[] = [];
  for await (const value of source) {
    values.push(value);
    if (values.length === count) break;
  }
  return values;
};

export const all = async <T>(source: AsyncIterable<T>): Promise<T[]> => take(source, Infinity);

export const text = (data: Uint8Array): string => Buffer.from(data).toString();
