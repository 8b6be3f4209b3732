/**
 * Passes as rows of numbers in one array: hundreds of thousands at a time are searched for antennas in an order of their own,
 * and a row is one access to memory. Satellite and station are places in the caller's lists, times are instants, the
 * elevation is in degrees.
 */
export interface PassTable {
  count: number;
  /** `passFields` numbers a row. */
  rows: Float64Array;
}

/** Numbers in a row. */
export const passFields = 6;
/** Places of the fields in a row. */
export const field = { satellite: 0, station: 1, aos: 2, los: 3, culmination: 4, maxElevation: 5 } as const;

/** An empty table with room for `capacity` rows; it grows by doubling. */
export const newPassTable = (capacity = 1024): PassTable => ({
  count: 0,
  rows: new Float64Array(Math.max(1, capacity) * passFields),
});

/** Makes room for `capacity` rows in all. */
export const reserveRows = (table: PassTable, capacity: number): void => {
  if (capacity * passFields <= table.rows.length) return;
  const larger = new Float64Array(capacity * passFields);
  larger.set(table.rows.subarray(0, table.count * passFields));
  table.rows = larger;
};

/** Adds a row. The fields are those of `field`. */
export const appendPass = (
  table: PassTable,
  satellite: number,
  station: number,
  aos: number,
  los: number,
  culmination: number,
  maxElevation: number,
): void => {
  const i = table.count * passFields;
  if (i === table.rows.length) reserveRows(table, table.count * 2);
  const { rows } = table;
  rows[i] = satellite;
  rows[i + 1] = station;
  rows[i + 2] = aos;
  rows[i + 3] = los;
  rows[i + 4] = culmination;
  rows[i + 5] = maxElevation;
  table.count++;
};

/** One number of a row. */
export const passValue = ({ rows }: PassTable, row: number, name: keyof typeof field): number =>
  rows[row * passFields + field[name]] as number;
