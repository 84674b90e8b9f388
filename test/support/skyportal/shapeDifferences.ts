/** What is shown of others within an answer, which nobody here reads: only its kind is compared. */
const OPAQUE = new Set([
  "gitlog",
  "altdata",
  "tns_info",
  "allocation",
  "transactions",
  "payload",
  "saved_by",
  "votes",
  "author",
  "group_users",
  "users",
  "tokens",
  "roles",
  "permissions",
  "acls",
  "passing_group_ids",
  "validity_ranges",
  "methodsImplemented",
  "formSchema",
  "hierarchy",
  "preferences",
  "streams",
  "groups",
  "duplicates",
  "photometry",
]);
/** Answers of which a part is given: what is shown there depends on more than a SkyPortal's calls. */
const PARTIAL = /internal\/|sysinfo|GET \/api\/allocation\/\d|GET \/api\/groups/;

/**
 * How an answer's shape differs from the one that was recorded: keys and kinds of values, not values.
 *
 * @param call - method and path
 * @param recorded - what a real SkyPortal answered
 * @param given - what the fake answers
 * @returns a line for each difference
 */
export function shapeDifferences(call: string, recorded: unknown, given: unknown, path = ""): string[] {
  if (recorded === null || given === null) return [];
  const [a, b] = [kindOf(recorded), kindOf(given)];
  if (a !== b) return [`${path}: ${a} recorded, ${b} given`];
  if (a === "list") {
    const [one, other] = [recorded as unknown[], given as unknown[]];
    if (one.length === 0 || other.length === 0 || OPAQUE.has(path.split("/").at(-1)!)) return [];
    return shapeDifferences(call, one[0], other[0], `${path}/0`);
  }
  if (a !== "object") return [];
  const [one, other] = [recorded as Record<string, unknown>, given as Record<string, unknown>];
  const lacking = PARTIAL.test(call) ? [] : Object.keys(one).filter((key) => !Object.hasOwn(other, key));
  const extra = Object.keys(other).filter((key) => !Object.hasOwn(one, key));
  return [
    ...lacking.map((key) => `${path}/${key}: recorded, not given`),
    ...extra.map((key) => `${path}/${key}: given, not recorded`),
    ...Object.keys(one)
      .filter((key) => Object.hasOwn(other, key))
      .flatMap((key) =>
        OPAQUE.has(key) || (key === "data" && path !== "")
          ? []
          : shapeDifferences(call, one[key], other[key], `${path}/${key}`),
      ),
  ];
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value;
}
