import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import { seconds, type Seconds } from "../../pipeline/units.ts";

const longest = 10;
/** The most halvings, to 0.16 s. Halves of ten are exact in binary, so that cells meet without a gap. */
const halvings = 6;
/** Of the battery, or of the band of temperatures in which the computer slows down, what two cells may change. */
const grain = 0.1;

/**
 * How finely mission time is cut for a spacecraft: in cells of 10 s, or shorter ones where so little is stored that all
 * loads together would change it much before the controller, a cell late, takes notice: a supercapacitor, a chip on its own.
 */
export const cellLengthOf = ({ computer, radio, power, heat }: Spacecraft): Seconds => {
  let limit = Infinity;
  if (power !== null) {
    const { base, contact } = power.loads;
    const most = base + contact + radio.power + computer.power;
    limit = (grain * power.battery.capacity) / (2 * most);
  }
  const node = heat?.nodes.find(({ name }) => name === heat.computerNode);
  if (heat !== null && node !== undefined && heat.stopAt > heat.throttleFrom && node.computerShare > 0) {
    const band = heat.stopAt - heat.throttleFrom;
    limit = Math.min(limit, (grain * band * node.heatCapacity) / (2 * computer.power * node.computerShare));
  }
  let length = longest;
  for (let halving = 0; halving < halvings && length > limit; halving++) length /= 2;
  return seconds(length);
};
