import { lightTime, uplinkTime } from "../../pipeline/link/rate/light-time.ts";
import type { LinkProtection } from "../../pipeline/link/frames/link-protection.ts";
import { requestBytes, type TileRequest } from "../../pipeline/link/transfer/tile-request.ts";
import type { ProductMade } from "../../pipeline/mission/flight-log.ts";
import type { AskedLedger } from "../../pipeline/mission/ledger.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import { bytes, later, seconds, type Bytes, type Instant, type Seconds } from "../../pipeline/units.ts";
import type { TilesDone } from "../orders/pixels-handler.ts";
import type { Inventory, MadeProduct } from "./inventory.ts";
import type { WorkClock } from "./work-clock.ts";

/** Where requested tiles are encoded. */
export interface AskBench {
  readonly clock: WorkClock;
  /** Takes a product in, in the order in which they are ready. */
  readonly keep: (request: TileRequest, product: MadeProduct) => void;
}

/** What a satellite needs to answer requests for tiles. */
export interface AskPorts {
  /** The tiles that the ground requests when a contact opens: it has all that came down in earlier ones by then. */
  readonly ask: (contact: Contact) => Promise<readonly TileRequest[]>;
  /** Makes products of tiles; names those that could not be read again. */
  readonly make: (
    requests: readonly TileRequest[],
    bench: AskBench,
  ) => Promise<{
    readonly computeSeconds: Seconds;
    readonly encodedSamples: number;
    readonly unreadable: readonly TileRequest[];
  }>;
}

/** Tiles that were requested in one contact and are still on board. */
interface Job {
  readonly at: Instant;
  readonly requests: readonly TileRequest[];
  /** Who is told what came of it, where that was ordered. */
  readonly onDone?: (done: TilesDone) => void;
}

type Answer = AskedLedger["tiles"][number];

const isTo = (answer: Answer, { acquisition, tile }: TileRequest): boolean =>
  answer.acquisition === acquisition && answer.tile === tile;

/**
 * The requests to one satellite, from contact to contact. A request is heard once the contact is locked and its bits are up; a tile whose
 * scene is still on board is then read into the computer's memory, so what becomes of the scene after that does not matter,
 * and waits for the computer like an acquisition of that moment.
 */
export class AskedTiles {
  readonly #ports: AskPorts;
  readonly #protection: LinkProtection;
  readonly #inventory: Inventory;
  /** Those not begun, in order of `aos`, without those that are never locked. */
  readonly #contacts: Contact[];
  readonly #jobs: Job[] = [];
  readonly #answers: Answer[] = [];
  #uplink = 0;
  #latest = bytes(0);
  #computeSeconds = 0;
  #encodedSamples = 0;

  constructor(
    ports: AskPorts,
    inventory: Inventory,
    { contacts, protection }: { readonly contacts: readonly Contact[]; readonly protection: LinkProtection },
  ) {
    this.#ports = ports;
    this.#protection = protection;
    this.#inventory = inventory;
    this.#contacts = contacts.filter(({ lockedAt, los }) => lockedAt < los);
  }

  /** When the next contact is locked: the satellite hears nothing before. */
  get nextOpening(): Instant | null {
    return this.#contacts[0]?.lockedAt ?? null;
  }

  /** What the requests of the latest contact took of the uplink. */
  get latestUplink(): Bytes {
    return this.#latest;
  }

  /** When the first of the tiles that wait for the computer was requested. */
  get nextJob(): Instant | null {
    return this.#jobs[0]?.at ?? null;
  }

  /** Opens the next contact; everything before it has happened. Tells of the requests that come too late: the others are answered by `work`. */
  async open(): Promise<readonly Answer[]> {
    const contact = this.#contacts.shift();
    this.#latest = bytes(0);
    if (contact === undefined) return [];
    const { lockedAt } = contact;
    this.#inventory.settle(lockedAt);
    const requests = await this.#ports.ask(contact);
    if (requests.length === 0) return [];
    const size = requestBytes(requests, this.#protection);
    this.#uplink += size;
    this.#latest = size;
    const at = later(lockedAt, seconds(uplinkTime(contact, size) + lightTime(contact, lockedAt)));
    const { captures } = this.#inventory.store;
    const held = requests.filter(({ acquisition }) => captures.has(acquisition));
    for (const request of requests) {
      this.#answers.push({ ...request, at, answer: held.includes(request) ? "made" : "gone" });
    }
    if (held.length > 0) this.#jobs.push({ at, requests: held });
    return this.#answers.slice(-requests.length).filter(({ answer }) => answer === "gone");
  }

  /** Takes tiles that are on board from an order that was heard at `at`; what they took of the uplink is in the books of orders. */
  order(requests: readonly TileRequest[], at: Instant, onDone: (done: TilesDone) => void): void {
    for (const request of requests) this.#answers.push({ ...request, at, answer: "made" });
    this.#jobs.push({ at, requests, onDone });
  }

  /** Runs the tiles of the first contact that wait through the computer, and tells what came of them. */
  async work(
    clock: WorkClock,
  ): Promise<{ readonly answers: readonly Answer[]; readonly products: readonly ProductMade[] }> {
    const job = this.#jobs.shift();
    const products: ProductMade[] = [];
    if (job === undefined) return { answers: [], products };
    const { at, requests, onDone } = job;
    const { computeSeconds, encodedSamples, unreadable } = await this.#ports.make(requests, {
      clock,
      keep: ({ acquisition }, product) => {
        this.#inventory.add(acquisition, product, at);
        const { kind, tile, readyAt, size, value } = product;
        products.push({ acquisition, kind, tile, readyAt, size, value, askedAt: at });
      },
    });
    this.#computeSeconds += computeSeconds;
    this.#encodedSamples += encodedSamples;
    for (const request of unreadable) {
      const index = this.#answers.findIndex((answer) => isTo(answer, request));
      this.#answers[index] = { ...(this.#answers[index] as Answer), answer: "unreadable" };
    }
    onDone?.({ at: clock.reached, made: products.length, unreadable: unreadable.length });
    const isOfJob = (answer: Answer): boolean => requests.some((request) => isTo(answer, request));
    return { answers: this.#answers.filter(isOfJob), products };
  }

  /** The ledger, once nothing more happens. */
  close(): AskedLedger {
    return {
      captures: this.#inventory.store.captures.records,
      tiles: this.#answers,
      uplink: bytes(this.#uplink),
      computeSeconds: seconds(this.#computeSeconds),
      encodedSamples: this.#encodedSamples,
    };
  }
}
