/** Keys of a run's KV bucket. */
export const planKey = "plan";
/** KV key of a satellite's ledger. */
export const satelliteLedgerKey = (satellite: string): string => `ledger.satellite.${satellite}`;
/** KV key of a station's ledger. */
export const stationLedgerKey = (station: string): string => `ledger.station.${station}`;
