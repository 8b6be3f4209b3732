/** Keys of a run's KV bucket. */
export const planKey = "plan";
export const satelliteLedgerKey = (satellite: string): string => `ledger.satellite.${satellite}`;
export const stationLedgerKey = (station: string): string => `ledger.station.${station}`;
