import { BtsbotError } from "@btsbot/errors";
import type { FollowUpRule } from "@btsbot/policy";
import type { SkyPortalClient } from "@btsbot/skyportal";

/**
 * Says before the night which groups and allocations of the rules SkyPortal does not show to the token's user.
 *
 * @throws BtsbotError `config-invalid` with each that is missing; what the client throws
 *
 * @internal
 */
export async function checkRules(client: SkyPortalClient, rules: readonly FollowUpRule[]): Promise<void> {
  if (rules.length === 0) return;
  const groups = await idsOf(client, "/api/groups", "user_groups");
  const allocations = await idsOf(client, "/api/allocation");
  const missing = rules.flatMap(({ policy, save, request }) => [
    ...[...save.groupIds, ...(request?.targetGroupIds ?? [])]
      .filter((id) => !groups.has(id))
      .map((id) => `the user of the token is in no group ${id}, which the rule of ${policy} names`),
    ...(request !== undefined && !allocations.has(request.allocationId)
      ? [`SkyPortal shows no allocation ${request.allocationId}, which the rule of ${policy} names`]
      : []),
  ]);
  if (missing.length > 0)
    throw new BtsbotError(
      [...new Set(missing)].map((line) => BtsbotError.problem("config-invalid", line, { path: "skyportal" })),
    );
}

async function idsOf(client: SkyPortalClient, path: string, list?: string): Promise<ReadonlySet<number>> {
  const reply = await client.call({ method: "GET", path });
  const data = reply.state === "ok" ? reply.data : undefined;
  const rows = list === undefined ? data : (data as Readonly<Record<string, unknown>> | undefined)?.[list];
  return new Set(Array.isArray(rows) ? rows.map(({ id }: { readonly id: number }) => id) : []);
}
