import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A report that came in. */
interface HeardReport {
  readonly marker: string;
  readonly data: { readonly at_report: Readonly<Record<string, { readonly internal_name?: string }>> };
}

/** A Transient Name Server on loopback. */
export interface FakeTns {
  readonly url: string;
  readonly reports: readonly HeardReport[];
  /** Names that it has given, by the internal name. */
  readonly names: Map<string, { readonly prefix: string; readonly objname: string }>;
  /** How often it says yet that a report is not worked off. */
  busy: number;
  /** Statuses that it answers with next, in place of what it would. */
  readonly statuses: number[];
  close(): Promise<void>;
}

/** The key that it takes. */
export const TNS_KEY = "0123456789abcdef";

/**
 * Starts a TNS that takes reports, works them off, and names what it did not know.
 *
 * Source: TNS, "Bulk API Manual - Automated reporting to the TNS".
 */
export async function startFakeTns(): Promise<FakeTns> {
  const reports: HeardReport[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const answer = (status: number, data: unknown, headers: Readonly<Record<string, string>> = {}): void => {
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(JSON.stringify({ id_code: status, id_message: status === 200 ? "OK" : "Bad request", data }));
      };
      const forced = fake.statuses.shift();
      const marker = request.headers["user-agent"] ?? "";
      if (forced !== undefined) return answer(forced, {}, { "x-rate-limit-reset": "2" });
      if (!marker.startsWith("tns_marker{") || form.get("api_key") !== TNS_KEY)
        return answer(401, { key: form.get("api_key") });
      if (request.url === "/api/set/bulk-report") {
        reports.push({ marker, data: JSON.parse(form.get("data")!) as HeardReport["data"] });
        return answer(200, { report_id: reports.length });
      }
      const report = reports[Number(form.get("report_id")) - 1];
      if (report === undefined || fake.busy-- > 0) return answer(404, {});
      return answer(200, { feedback: { at_report: Object.values(report.data.at_report).map(feedbackOf) } });
    })();
  });
  const feedbackOf = ({ internal_name: id = "" }: { readonly internal_name?: string }) => {
    const known = fake.names.get(id);
    if (known !== undefined) return { "101": { message: "Transient object exists.", message_id: 101, ...known } };
    if (id.endsWith("bad")) return { ra: { value: { "3": { message: "Wrong." } } } };
    const objname = `2026aa${"abcdefgh"[fake.names.size]}`;
    fake.names.set(id, { prefix: "AT", objname });
    return { "100": { message: "Transient object was inserted.", message_id: 100, objname } };
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const fake: FakeTns = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reports,
    names: new Map(),
    busy: 2,
    statuses: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}
