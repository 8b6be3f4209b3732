/** What proj4 sets on a projection: metres and radians, and its other parameters as texts. */
interface ColombiaUrban {
  readonly a: number;
  readonly es: number;
  readonly lat0: number;
  readonly long0: number;
  readonly x0: number;
  readonly y0: number;
  /** Height of the plane, metres. */
  readonly h_0?: string | number;
}

interface Point {
  x: number;
  y: number;
}

/** The constants of the method, for a sphere of radius `a`. */
const constants = ({ a, es, lat0, h_0 = 0 }: ColombiaUrban) => {
  const height = Number(h_0) / a;
  const curve = 1 - es * Math.sin(lat0) ** 2;
  const across = 1 / Math.sqrt(curve);
  const along = (1 - es) / curve ** 1.5;
  return { height, across, along, bend: Math.tan(lat0) / (2 * along * across) };
};

/**
 * The Colombia Urban method (EPSG 1052; IOGP Guidance Note 7-2, section 3.3.4), which proj4 lacks: a plane at the height of the town. In the form
 * that proj4 wants of a projection.
 */
export const colombiaUrban = {
  names: ["col_urban"],
  init(): void {},
  forward(this: ColombiaUrban, point: Point): Point {
    const { a, es, lat0, long0, x0, y0 } = this;
    const { height, across, along, bend } = constants(this);
    const sin = Math.sin(point.y);
    const east = ((point.x - long0) * Math.cos(point.y)) / Math.sqrt(1 - es * sin * sin);
    const middle = 1 - es * Math.sin((point.y + lat0) / 2) ** 2;
    const lift = 1 + (height * middle ** 1.5) / (1 - es);
    return {
      x: x0 + a * (1 + height / across) * east,
      y: y0 + a * lift * along * (point.y - lat0 + bend * east * east),
    };
  },
  inverse(this: ColombiaUrban, point: Point): Point {
    const { a, es, lat0, long0, x0, y0 } = this;
    const { height, along, bend } = constants(this);
    const east = (point.x - x0) / a / (1 + height);
    const latitude = lat0 + (point.y - y0) / a / (along * (1 + height / (1 - es))) - bend * east * east;
    const sin = Math.sin(latitude);
    return { x: long0 + (east * Math.sqrt(1 - es * sin * sin)) / Math.cos(latitude), y: latitude };
  },
};
