import { BtsbotError } from "@btsbot/errors";

/** What begins an address, and no folder's name. */
const ADDRESS = /^[a-z][a-z\d+.-]*:\/\//i;
const POSTGRES = /^postgres(ql)?:\/\//i;
/** Parameters of an address that hold a secret. */
const SECRETS = ["password", "sslpassword"];

/**
 * Whether a place is the address of a database, and not a folder.
 *
 * @throws BtsbotError `store-address` for an address that is not PostgreSQL's, or that holds a password: whoever sees
 * the list of processes, or a log, would read it
 *
 * @internal
 */
export function isAddress(place: string): boolean {
  if (!ADDRESS.test(place)) return false;
  let url: URL;
  try {
    // The parser takes a user only with a host, which a socket in a folder does not have.
    url = new URL(place.replace(POSTGRES, "socket://").replace("@/", "@none/"));
  } catch {
    throw refuse("the address of the store cannot be read", "postgresql://USER@HOST:PORT/DATABASE");
  }
  if (!POSTGRES.test(place))
    throw refuse("the store has no such address", "a folder, or postgresql://...", url.protocol);
  if (url.password !== "" || SECRETS.some((name) => url.searchParams.has(name)))
    throw new BtsbotError("store-address", "the address of the store holds a password", {
      expected: "an address without one",
      hint: "Take it out: others can read it in the list of processes. PGPASSWORD, or a file for PGPASSFILE, gives it.",
    });
  return true;
}

/** What was given is not shown: it may hold a password. */
function refuse(summary: string, expected: string, got?: string): BtsbotError {
  return new BtsbotError("store-address", summary, { expected, ...(got !== undefined && { got }) });
}
