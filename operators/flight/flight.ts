import type { AcquisitionRecord, CrosslinkUse, SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import type { FlightLog, ProductMade } from "../../pipeline/mission/flight-log.ts";
import { bytes, instant, later, seconds, watts, type Instant } from "../../pipeline/units.ts";
import { AskedTiles } from "./asked-tiles.ts";
import type { FlightPlan, FlightPorts } from "./flight-plan.ts";
import { Downlink, turnLength } from "./downlink.ts";
import type { Inventory } from "./inventory.ts";
import type { FlightSnapshot } from "./flight-snapshot.ts";
import { drawStandingLoads } from "./standing-loads.ts";
import { toldInventory } from "./told-inventory.ts";
import { type OrderQueue, receiverPower } from "../orders/order-queue.ts";
import { orderQueueOf } from "./flight-orders.ts";
import { paymentsOf } from "./payment-facts.ts";
import { type TenantCharge, refusalOf, type Admission } from "../tenancy/board-tenancy.ts";
import type { TipNote } from "../cues/cue-board.ts";
import { workOfTenants } from "../tenancy/tenant-work.ts";
import { WorkSharing } from "./work-sharing.ts";
import type { OffloadUse, TileBatch } from "../../pipeline/mission/offload.ts";
import { InFairShares, InOrder, type Timeline } from "./timeline.ts";
import { energyOf } from "./flight-energy.ts";
import { failedRecord } from "./failed-record.ts";
import { captureEnergy } from "../platform/tile-work.ts";
import { drawSlews } from "./look-slews.ts";
import { answerOf } from "./look-answer.ts";
import { paceOf, standstillAt } from "./computer-pace.ts";
import { WorkClock, type ComputerPace } from "./work-clock.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";

/** Camera and mass memory take their energy in the first second in which the computer reads the acquisition. */
const captureTime = seconds(1);

/**
 * One satellite as a discrete-event process over its own timeline: acquisitions go through the computer in order of time
 * and as fast as power and heat allow, their products wait in the store, contacts empty it. There is no timer anywhere;
 * the same plan gives the same ledger, however the flight is cut into calls of `advance`.
 */
export class Flight {
  readonly inventory: Inventory;
  /** `null`: this satellite computes its own tiles, and no others. */
  readonly sharing: WorkSharing | null;
  /** `null`: the ground wants no tiles that are on board. */
  readonly asked: AskedTiles | null;
  readonly #plan: FlightPlan;
  readonly #ports: FlightPorts;
  readonly #downlink: Downlink;
  readonly #pace: ComputerPace | null;
  readonly #waiting: Timeline;
  readonly #losses: Instant[];
  readonly #orders: OrderQueue | null;
  /** Acquisitions that wait for their orders. */
  readonly #unordered: Map<number, Acquisition>;
  #records: AcquisitionRecord[] = [];
  #computerFree = instant(-Infinity);

  constructor(plan: FlightPlan, ports: FlightPorts) {
    const { satellite, spacecraft, contacts, body } = plan;
    const { notify, log, estimate } = ports;
    this.#plan = plan;
    this.#ports = ports;
    const scheduled = plan.acquisitions.filter(({ order }) => order === undefined);
    const onGiven = (batch: TileBatch, at: Instant): void => this.#capture(batch, at);
    const computerFree = (): Instant => this.#computerFree;
    const shared = { satellite, acquisitions: scheduled, body, computerFree, onGiven };
    this.sharing = estimate === undefined ? null : new WorkSharing({ ...shared, estimate });
    const rules = plan.tenancy ?? plan.priorities;
    this.#waiting =
      this.sharing ??
      (rules === undefined ? new InOrder(scheduled) : new InFairShares(rules, spacecraft, scheduled));
    this.#unordered = new Map(
      plan.acquisitions.flatMap((one) => (one.order === undefined ? [] : [[one.index, one]])),
    );
    this.#losses = contacts.map(({ los }) => los);
    this.inventory = toldInventory(plan, ports);
    this.asked = ports.asks === undefined ? null : new AskedTiles(ports.asks, this.inventory, plan);
    this.#orders = orderQueueOf(plan, ports.orders, log);
    this.#downlink = new Downlink(contacts, {
      inventory: this.inventory,
      rate: plan.rate,
      protection: plan.protection,
      transmit: ports.transmitter(this.inventory),
      onSending: (from, to) => body?.draw("transmit", from, to, spacecraft.radio.power),
      onClosed: ({ id }, use) => notify({ type: "Contact:Closed", contact: id, bytes: use.total }),
      ...(log === undefined ? {} : { onTurn: log.tell }),
    });
    this.#pace = body && paceOf(plan, body, (t) => this.#downlink.advance(t));
    if (body !== null) drawStandingLoads(plan, body);
  }

  /**
   * Before that moment nothing happens but the passing of time, and nothing becomes ready: a satellite that sleeps until then misses nothing.
   */
  get sleepsUntil(): number {
    const taken = this.#waiting.nextAt(this.#computerFree) - turnLength;
    const arrival = this.inventory.nextArrival() ?? Infinity;
    // Instants have a grain, and their differences round.
    return Math.min(this.#nextOpening, this.#downlink.nextDue, taken, arrival) - 1e-3;
  }

  /** Moves everything to mission time `until`: what is taken before it has been taken, what can be sent before it has been sent. */
  async advance(until: Instant): Promise<void> {
    for (;;) {
      const los = this.#losses[0];
      const aos = this.#nextOpening;
      if (aos <= until && aos < (los ?? Infinity)) {
        await this.#open(instant(aos));
        continue;
      }
      const isContact = los !== undefined && los <= until;
      const to = isContact ? los : until;
      if (isContact) this.#losses.shift();
      // A turn that begins before `until` may end up to `turnLength` later, and sends what becomes ready by then.
      // What is taken once the next contact is open waits behind what is requested in it; no turn reaches that far.
      await this.#take(instant(Math.min(isContact ? to : later(to, turnLength), aos)));
      this.#ports.signal.throwIfAborted();
      if (isContact) await this.#ports.pace(to);
      await this.#downlink.advance(to);
      this.#tellThrough(to);
      if (isContact) await this.sayThrough(to);
      if (!isContact) return;
    }
  }

  /** Says that it has said all before `t`, to which it has been advanced. */
  async sayThrough(t: Instant): Promise<void> {
    await this.#ports.through?.(t, this.#orders?.told ?? null);
  }

  /** Tells what leaves by `at`, to which it has been advanced, for others to look at; takes in what they told it by then. */
  exchangeTips(at: Instant, heard: readonly TipNote[] = []): readonly TipNote[] {
    this.#waiting.add(this.#ports.cues?.arrive(heard, at, later(at, turnLength)) ?? []);
    return this.#ports.cues?.leaving(at) ?? [];
  }

  /** Who writes down what happens; `null` where nobody does. */
  get log(): FlightLog | null {
    return this.#ports.log ?? null;
  }

  /** Everything before `t` has happened: it is only put down earlier than it otherwise would be. */
  #tellThrough(t: Instant): void {
    const { log } = this.#ports;
    if (log === undefined || !Number.isFinite(t)) return;
    this.inventory.settle(t);
    this.#plan.body?.settle(t);
    // What waits for the computer is told once it has been computed: of a picture taken before. What another satellite has may come here.
    if (this.sharing === null) log.through(instant(Math.min(t, this.#waiting.earliest())));
  }

  /** Flies what is left, and closes the ledger. */
  async close(
    crosslinks: CrosslinkUse | null = null,
    offload: OffloadUse["sent"] | null = null,
  ): Promise<SatelliteLedger> {
    await this.advance(instant(Infinity));
    this.inventory.settle(this.#plan.to);
    const { satellite, spacecraft, body } = this.#plan;
    const asked = this.asked?.close() ?? null;
    const orders = this.#orders?.close(this.#plan.to) ?? null;
    const given = this.sharing?.given ?? [];
    const cues = this.#ports.cues?.close();
    const closed = body?.close() ?? null;
    for (const { index, at, order } of this.#unordered.values())
      this.#records.push(failedRecord(index, at, `order ${order ?? ""} was not on board in time`));
    this.#ports.log?.through(this.#plan.to);
    return {
      schema: "swath-satellite-ledger/1",
      satellite,
      acquisitions: this.#records.toSorted((a, b) => a.index - b.index),
      products: this.inventory.close(),
      contacts: this.#downlink.uses,
      energy: energyOf(spacecraft, this.#records, this.#downlink.uses, { asked, orders, given }),
      body: closed,
      crosslinks,
      ...(offload === null ? {} : { offload: { given, sent: offload } }),
      ...(asked === null ? {} : { asked }),
      ...(orders === null ? {} : { orders }),
      ...(cues === undefined ? {} : { cues }),
    };
  }

  /** Where the flight stands; `null` where more belongs to that than is kept: requests and orders of the ground, tenants, bytes of products. */
  snapshot(): FlightSnapshot | null {
    const inventory = this.inventory.snapshot();
    const waiting = this.#waiting.snapshot();
    const isAsked = this.asked !== null || this.#orders !== null || this.#unordered.size > 0;
    if (inventory === null || waiting === null || isAsked || this.#plan.tenancy !== undefined) return null;
    return {
      inventory,
      downlink: this.#downlink.snapshot(),
      body: this.#plan.body?.snapshot() ?? null,
      records: this.#records,
      waiting,
      losses: this.#losses.length,
      computerFree: this.#computerFree,
    };
  }

  /** Goes on, unflown as it is, as a flight of the same plan did. */
  restore({ inventory, downlink, body, records, waiting, losses, computerFree }: FlightSnapshot): void {
    this.inventory.restore(inventory);
    this.#downlink.restore(downlink);
    if (body !== null) this.#plan.body?.restore(body);
    this.#records = [...records];
    this.#waiting.restore(waiting);
    this.#losses.splice(0, this.#losses.length - losses);
    this.#computerFree = computerFree;
  }

  /** When the satellite next hears of requests or orders. Both come in the same contacts. */
  get #nextOpening(): number {
    return Math.min(this.asked?.nextOpening ?? Infinity, this.#orders?.nextOpening ?? Infinity);
  }

  /** Reads the requests and orders of the ground when a contact opens. */
  async #open(aos: Instant): Promise<void> {
    await this.#take(aos);
    this.#ports.signal.throwIfAborted();
    await this.#ports.pace(aos);
    await this.#downlink.advance(aos);
    const gone = (await this.asked?.open()) ?? [];
    if (gone.length > 0) this.#ports.log?.tell({ type: "requests", answers: gone, products: [] });
    if (this.#orders !== null) await this.#hear(this.#orders, aos);
  }

  /** Takes in what a contact brings of orders: acquisitions for the timeline, work for both radios. */
  async #hear(orders: OrderQueue, aos: Instant): Promise<void> {
    const { acquisitions, received, answered, sent } = await orders.open(
      this.asked?.latestUplink ?? bytes(0),
    );
    const { body, spacecraft, tenancy } = this.#plan;
    for (const one of sent) tenancy?.heard(one);
    for (const { from, to } of received) body?.draw("contact", from, to, receiverPower);
    for (const { from, to } of answered) body?.draw("transmit", from, to, spacecraft.radio.power);
    for (const one of acquisitions) this.#unordered.delete(one.index);
    if (body !== null) drawSlews(body, acquisitions);
    this.#waiting.add(acquisitions);
    const moved = this.#ports.cues?.ordered(acquisitions, later(aos, turnLength));
    if (moved === undefined) return;
    this.#waiting.remove(moved.removed);
    this.#waiting.add(moved.added);
  }

  async #take(until: Instant): Promise<void> {
    for (;;) {
      const next = this.#waiting.nextAt(this.#computerFree);
      const job = this.asked?.nextJob ?? Infinity;
      if (Math.min(next, job) >= until) return;
      if (job <= next) await this.#takeAsked(instant(job));
      else {
        const standstill = this.sharing === null ? null : await standstillAt(this.#pace, next);
        if (standstill === null) await this.#takeOne(this.#waiting.take(next), next);
        else this.#computerFree = standstill;
      }
    }
  }

  async #takeAsked(at: Instant): Promise<void> {
    const clock = new WorkClock(instant(Math.max(at, this.#computerFree)), this.#pace);
    const done = await this.asked?.work(clock);
    if (done !== undefined) this.#ports.log?.tell({ type: "requests", ...done });
    this.#computerFree = clock.reached;
  }

  async #takeOne(acquisition: Acquisition, from: number): Promise<void> {
    const { work, notify, pace, signal, log, cues } = this.#ports;
    const { body, spacecraft, tenancy } = this.#plan;
    const { index, at, scene } = acquisition;
    signal.throwIfAborted();
    await pace(at);
    if (cues?.isOwn(index) === true) {
      await cues.taking(acquisition);
      if (body !== null) drawSlews(body, [acquisition]);
    }
    const startedAt = instant(Math.max(from, this.#computerFree));
    const origin = this.sharing?.originOf(acquisition) ?? null;
    const admission = tenancy?.admit(acquisition);
    if (admission?.tenants.length === 0) return this.#refuse(acquisition, startedAt, admission);
    const clock = new WorkClock(startedAt, this.#pace);
    const made: ProductMade[] = [];
    const worked = await work(acquisition, {
      clock,
      ...(admission === undefined ? {} : { tenants: admission.tenants }),
      captured: (samples, sensorBytes) => {
        if (origin === null) this.#capture({ acquisition: index, samples, bytes: sensorBytes }, startedAt);
      },
      keep: (product) => {
        this.inventory.add(index, product);
        const { kind, tile, readyAt, size, value } = product;
        tenancy?.charge(index, kind, size);
        if (log !== undefined)
          made.push({ acquisition: index, kind, tile, readyAt, size, value, askedAt: null });
      },
    });
    const record: AcquisitionRecord = {
      ...worked,
      ...(admission === undefined ? {} : { tenancy: admission.record }),
      ...(origin === null ? {} : { origin }),
    };
    const { failure, tiles, detections } = record;
    const paid = tenancy?.settle(index, workOfTenants(record, tenancy.ownersOf(index), spacecraft)) ?? [];
    // Of a scene that could not be read to its end nothing is kept.
    this.#enter(acquisition, record, failure === null ? made : [], paid);
    // A scene that broke off has had the computer until then.
    this.#computerFree = clock.reached;
    this.#waiting.add(cues?.decide() ?? []);
    if (failure === null) {
      const lost = record.upsets?.lostTiles ?? 0;
      if (lost > 0) notify({ type: "Tile:Lost", scene, tiles: lost });
      notify({ type: "Acquisition:Processed", scene, tiles, detections });
    } else {
      this.inventory.withdraw(index);
      notify({ type: "Acquisition:Failed", scene, reason: failure });
    }
  }

  /** The camera has taken it: its energy, and its pixels where they may be requested. */
  #capture(
    { acquisition, samples, bytes: size }: Pick<TileBatch, "acquisition" | "samples"> & { bytes: number },
    at: Instant,
  ): void {
    const { body, spacecraft } = this.#plan;
    if (this.asked !== null) this.inventory.keepCapture(acquisition, size, at);
    const power = watts(captureEnergy(spacecraft.camera, samples) / captureTime);
    body?.draw("camera", at, later(at, captureTime), power);
  }

  /** An acquisition that nobody can pay for is not taken. */
  #refuse(acquisition: Acquisition, at: Instant, { record: tenancy }: Admission): void {
    const { index, scene } = acquisition;
    const reason = refusalOf(tenancy);
    const record = { ...failedRecord(index, at, reason), tenancy };
    this.#enter(acquisition, record, []);
    this.#ports.notify({ type: "Acquisition:Failed", scene, reason });
  }

  #enter(
    acquisition: Acquisition,
    record: AcquisitionRecord,
    products: readonly ProductMade[],
    paid: readonly TenantCharge[] = [],
  ): void {
    const { log } = this.#ports;
    log?.tell({ type: "acquisition", acquisition, record, products });
    for (const payment of paymentsOf(record, paid)) log?.tell(payment);
    this.#waiting.done(acquisition, record);
    this.#records.push(record);
    if (acquisition.order !== undefined) this.#orders?.say(acquisition.order, answerOf(record));
  }
}
