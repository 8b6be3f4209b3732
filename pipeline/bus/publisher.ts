import { JetStreamApiError, type ApiError } from "@nats-io/jetstream";
import { PermissionViolationError, createInbox, headers } from "@nats-io/transport-node";
import type { Msg, NatsConnection, Subscription } from "@nats-io/transport-node";
import { SwathError } from "../errors.ts";
import type { Bytes, Seconds } from "../units.ts";
import { longestMessage } from "../message.ts";
import { busError } from "./bus-error.ts";
import { faultOf } from "./bus-fault.ts";
import { cutMessage, partHeader, partId } from "./message-parts.ts";

/** How much a publisher may have in flight, and how long it waits for the server. */
export interface PublisherOptions {
  /** How much may be unacknowledged at once. Overflow policy: block, `publish` resolves later. */
  readonly window: { readonly messages: number; readonly bytes: Bytes };
  /** How long a server that is connected may refuse or keep silent before the publisher gives up. */
  readonly patience: Seconds;
  /** Begins the subject on which acknowledgements come. */
  readonly inboxPrefix?: string | undefined;
}

interface Entry {
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly msgId: string;
  /** "": none. */
  readonly signature: string;
  /** Which part of a message that the server does not take whole; `null`: all of it. */
  readonly part: string | null;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: SwathError) => void;
}

/** A connected server that acknowledges nothing for this long is sent everything outstanding again; ms. */
const silence = 10_000;
/** Rest before sending again what the server refused, e.g. while a stream has no leader; ms. */
const retryDelay = 250;
const sent = Promise.resolve();

/** Header that holds a message's signature. */
export const signatureHeader = "Swath-Signature";

/**
 * Publishes to JetStream without waiting for each acknowledgement, and loses nothing and keeps the order when the
 * server goes away and comes back: what is outstanding is sent again in its order, before anything new, and what had
 * been stored already is dropped by its message id.
 *
 * The road not taken: `js.publish` keeps a promise and a timer for every message and knows no order between them.
 */
export class Publisher {
  readonly #connection: NatsConnection;
  readonly #options: PublisherOptions;
  readonly #inbox: string;
  readonly #acks: Subscription;
  readonly #watchdog: NodeJS.Timeout;
  /** Sent and not acknowledged, oldest first. The number comes back as the last token of the reply subject. */
  readonly #outstanding = new Map<number, Entry>();
  #outstandingBytes = 0;
  readonly #queue: (Entry & Waiter)[] = [];
  readonly #flushing: Waiter[] = [];
  #next = 0;
  /** False while disconnected, and while resting after a refusal. */
  #sending = true;
  #retry: NodeJS.Timeout | null = null;
  #progressAt = performance.now();
  #sentAgainAt = 0;
  #failure: SwathError | null = null;

  constructor(connection: NatsConnection, options: PublisherOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#inbox = createInbox(options.inboxPrefix);
    this.#acks = connection.subscribe(`${this.#inbox}.*`, { callback: (_, msg) => this.#onAck(msg) });
    this.#watchdog = setInterval(() => this.#onTick(), 1_000);
    this.#watchdog.unref();
    void this.#followConnection();
  }

  /**
   * Takes a message over; resolves once it is sent, at once while the window has room. The payload must stay as it is
   * until it is flushed. Rejects with `SwathError` ("bus") once this message or an earlier one could not be stored.
   */
  publish(subject: string, payload: Uint8Array, msgId: string, signature = ""): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (payload.length > longestMessage) return Promise.reject(tooLarge(subject, payload.length));
    const parts = cutMessage(payload, this.#connection.info?.max_payload ?? Infinity);
    if (parts.length === 1) return this.#publish({ subject, payload, msgId, signature, part: null });
    const all = parts.map((data, i) =>
      this.#publish({
        subject,
        payload: data,
        msgId: partId(msgId, i),
        signature,
        part: `${i + 1}/${parts.length}`,
      }),
    );
    return Promise.all(all).then(() => undefined);
  }

  #publish(entry: Entry): Promise<void> {
    if (this.#queue.length === 0 && this.#hasRoom(entry.payload)) {
      this.#start(entry);
      return sent;
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...entry, resolve, reject });
    });
  }

  /** Resolves when everything published so far is stored; rejects with `SwathError` ("bus") when it cannot be. */
  flush(): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#outstanding.size + this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => this.#flushing.push({ resolve, reject }));
  }

  /** Gives up what is not flushed. */
  close(): void {
    this.#fail(new SwathError("bus", { what: "the publisher is closed" }));
  }

  #hasRoom(payload: Uint8Array): boolean {
    const { messages, bytes } = this.#options.window;
    if (!this.#sending) return false;
    // One message always may go, however large.
    if (this.#outstanding.size === 0) return true;
    return this.#outstanding.size < messages && this.#outstandingBytes + payload.length <= bytes;
  }

  #start(entry: Entry): void {
    if (this.#outstanding.size === 0) this.#progressAt = performance.now();
    const number = this.#next++;
    this.#outstanding.set(number, entry);
    this.#outstandingBytes += entry.payload.length;
    this.#send(number, entry);
  }

  #send(number: number, { subject, payload, msgId, signature, part }: Entry): void {
    const h = headers();
    h.set("Nats-Msg-Id", msgId);
    if (signature !== "") h.set(signatureHeader, signature);
    if (part !== null) h.set(partHeader, part);
    this.#connection.publish(subject, payload, { headers: h, reply: `${this.#inbox}.${number}` });
  }

  #onAck(msg: Msg): void {
    const number = Number(msg.subject.slice(this.#inbox.length + 1));
    const entry = this.#outstanding.get(number);
    if (entry === undefined) return; // Acknowledged twice, because it was sent twice.
    const refusal = refusalIn(msg);
    if (refusal !== null) {
      if (refusal.lasting) this.#fail(cannotStore(entry.subject, refusal.text));
      else this.#rest(entry, refusal.text);
      return;
    }
    this.#progressAt = performance.now();
    this.#outstanding.delete(number);
    this.#outstandingBytes -= entry.payload.length;
    this.#pump();
  }

  #pump(): void {
    let taken = 0;
    for (; taken < this.#queue.length && this.#hasRoom(this.#queue[taken]!.payload); taken++) {
      this.#start(this.#queue[taken]!);
      this.#queue[taken]!.resolve();
    }
    if (taken > 0) this.#queue.splice(0, taken);
    if (this.#outstanding.size + this.#queue.length > 0) return;
    for (const { resolve } of this.#flushing.splice(0)) resolve();
  }

  /** Stops sending for a moment, then sends everything outstanding again; gives up after long enough. */
  #rest({ subject }: Entry, text: string): void {
    if (performance.now() - this.#progressAt > this.#options.patience * 1000)
      this.#fail(cannotStore(subject, text));
    if (this.#retry !== null || this.#failure !== null) return;
    this.#sending = false;
    this.#retry = setTimeout(() => this.#sendAgain(), retryDelay);
  }

  #sendAgain(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#sending = true;
    this.#sentAgainAt = performance.now();
    for (const [number, entry] of this.#outstanding) this.#send(number, entry);
    this.#pump();
  }

  #onTick(): void {
    const [oldest] = this.#outstanding.values();
    const quietFor = performance.now() - Math.max(this.#progressAt, this.#sentAgainAt);
    if (oldest !== undefined && this.#sending && quietFor > silence) this.#rest(oldest, "no acknowledgement");
  }

  async #followConnection(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (status.type === "disconnect") {
        this.#sending = false;
        if (this.#retry !== null) clearTimeout(this.#retry);
        this.#retry = null;
      } else if (status.type === "reconnect") {
        this.#progressAt = performance.now();
        this.#sendAgain();
      } else if (status.type === "error" && status.error instanceof PermissionViolationError) {
        const { operation, subject } = status.error;
        if (operation === "publish" && this.#hasSaid(subject))
          this.#fail(busError("may not publish", status.error));
      }
    }
    this.#fail(new SwathError("bus", { what: "the connection to NATS is closed" }));
  }

  /** Whether something on this subject is under way: others publish over the same connection. */
  #hasSaid(subject: string): boolean {
    for (const entry of this.#outstanding.values()) if (entry.subject === subject) return true;
    return false;
  }

  #fail(failure: SwathError): void {
    if (this.#failure !== null) return;
    this.#failure = failure;
    this.#sending = false;
    clearInterval(this.#watchdog);
    if (this.#retry !== null) clearTimeout(this.#retry);
    if (!this.#connection.isClosed()) this.#acks.unsubscribe();
    this.#outstanding.clear();
    for (const { reject } of [...this.#queue.splice(0), ...this.#flushing.splice(0)]) reject(failure);
  }
}

/** What a publish acknowledgement says when it is none; `lasting`: to try again would not help. */
const refusalIn = (msg: Msg): { readonly text: string; readonly lasting: boolean } | null => {
  if (msg.headers?.code === 503) return { text: "no stream answers", lasting: false };
  const { error } = JSON.parse(msg.string()) as { error?: ApiError };
  return error === undefined
    ? null
    : { text: error.description, lasting: faultOf(new JetStreamApiError(error)) === "lasting" };
};

const cannotStore = (subject: string, text: string): SwathError =>
  busError(`cannot store on ${subject}`, new Error(text));

const tooLarge = (subject: string, got: number): SwathError =>
  new SwathError("bus", {
    what: `message for ${subject} is too large`,
    wanted: `at most ${longestMessage} bytes`,
    got: `${got}`,
  });
