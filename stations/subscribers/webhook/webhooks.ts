import type { DeliveryPorts, Delivery } from "./webhook-delivery.ts";
import { deliverWebhook } from "./webhook-delivery.ts";
import type { DeadLetter, WebhookSubscription } from "./subscription-store.ts";

/** A subscription with how it fares. */
export interface WebhookView {
  readonly subscription: WebhookSubscription;
  readonly delivery: Delivery;
  readonly letters: readonly DeadLetter[];
  /** Number of the last detection that has been dealt with. */
  readonly after: number;
}

/** Webhooks at work. Dispose of it to stop them; they go on from there the next time. */
export interface Webhooks extends AsyncDisposable {
  readonly all: () => readonly WebhookView[];
  readonly get: (name: string) => WebhookView | null;
  /** Begins behind a number. The name must be free. */
  readonly add: (subscription: WebhookSubscription, after: number) => void;
  readonly remove: (name: string) => Promise<void>;
}

/** Takes up all subscriptions that are kept. */
export const openWebhooks = (
  ports: Omit<DeliveryPorts, "post">,
  postFor: (subscription: WebhookSubscription) => DeliveryPorts["post"],
): Webhooks => {
  const { subscriptions, cursors, journal } = ports;
  const deliveries = new Map<string, Delivery>();
  const begin = (subscription: WebhookSubscription): void =>
    void deliveries.set(
      subscription.name,
      deliverWebhook(subscription, { ...ports, post: postFor(subscription) }),
    );
  for (const subscription of subscriptions.all()) begin(subscription);
  const view = (subscription: WebhookSubscription): readonly WebhookView[] => {
    const { name } = subscription;
    const delivery = deliveries.get(name);
    if (delivery === undefined) return [];
    return [
      { subscription, delivery, letters: subscriptions.letters(name), after: cursors.get(name)?.after ?? 0 },
    ];
  };
  return {
    all: () => subscriptions.all().flatMap(view),
    get: (name) =>
      subscriptions
        .all()
        .filter((one) => one.name === name)
        .flatMap(view)[0] ?? null,
    add(subscription, after) {
      const { name, filter } = subscription;
      subscriptions.put(subscription);
      cursors.put({ schema: "swath-cursor/1", name, journal: journal.id, after, run: filter.run });
      begin(subscription);
    },
    async remove(name) {
      await deliveries.get(name)?.stop();
      deliveries.delete(name);
      subscriptions.remove(name);
      cursors.remove(name);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...deliveries.values()].map((one) => one.stop()));
    },
  };
};
