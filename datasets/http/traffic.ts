import { formatBytes, formatCount } from "../../pipeline/format.ts";
import { bytes, type Bytes } from "../../pipeline/units.ts";

/** What was fetched so far. It stands beside results, never in them: caches and retries change it. */
export interface Traffic {
  readonly requests: number;
  /** Of bodies, as they came over the wire. */
  readonly bytes: Bytes;
  /** Requests that had to be sent again. */
  readonly retries: number;
}

/** Nothing requested yet: where a meter starts. */
export const noTraffic: Traffic = { requests: 0, bytes: bytes(0), retries: 0 };

/** `fetched 12.3 MB in 340 requests`, for people; `null` when nothing was. */
export const trafficText = ({ requests, bytes: octets, retries }: Traffic): string | null => {
  if (requests === 0) return null;
  const again = retries === 0 ? "" : `, ${retries} of them again`;
  return `fetched ${formatBytes(octets)} in ${formatCount(requests)} request${requests === 1 ? "" : "s"}${again}`;
};

/** A tally that requests write to. */
export interface TrafficMeter {
  request(): void;
  received(count: number): void;
  retry(): void;
  /** As of now. */
  read(): Traffic;
}

/** A meter at zero. */
export const openTrafficMeter = (): TrafficMeter => {
  let { requests, retries } = noTraffic;
  let received = 0;
  return {
    request: () => void requests++,
    received: (count) => void (received += count),
    retry: () => void retries++,
    read: () => ({ requests, bytes: bytes(received), retries }),
  };
};
