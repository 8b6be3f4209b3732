import { amountText } from "../../pipeline/tenancy/amount.ts";
import type { LedgerCheck } from "../../pipeline/tenancy/ledger-check.ts";

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** What a sound ledger is, in a line or two. */
export const soundLedgerText = (
  path: string,
  { entries, roots, opening }: LedgerCheck,
  isKeyGiven: boolean,
): string => {
  const sound = `${path}: sound, ${counted(entries, "line")}, ${counted(roots, "signature")}, closed`;
  if (isKeyGiven) return `${sound}; signed by the key that was given`;
  const whose =
    opening?.openKey === true
      ? "its key follows from the run's name: nothing was altered by accident, but anyone could sign so"
      : `signed by ${opening?.signer ?? "nobody"}, as the ledger itself says: --key FILE checks whose key that is`;
  return `${sound}\n${whose}`;
};

/** What is wrong with a ledger, in a line. */
export const faultText = (path: string, { fault, entries }: LedgerCheck): string =>
  fault === null
    ? ""
    : `${path}: line ${fault.line} ${fault.what}; ${counted(entries, "line")} before it ${entries === 1 ? "is" : "are"} sound`;

/** A ledger's check as plain JSON: what programs read. */
export const ledgerJson = ({ flights, opening, ...check }: LedgerCheck): string =>
  `${JSON.stringify(
    {
      ...check,
      run: opening?.run ?? null,
      signer: opening?.signer ?? null,
      openKey: opening?.openKey ?? null,
      currency: opening?.currency ?? null,
      flights: flights.map(({ flight, tenants }) => ({
        flight,
        tenants: tenants.map(({ budget, charged, overrun, refunded, ...rest }) => ({
          ...rest,
          budget: budget === null ? null : amountText(budget),
          charged: amountText(charged),
          overrun: amountText(overrun),
          refunded: amountText(refunded),
        })),
      })),
    },
    null,
    2,
  )}\n`;
