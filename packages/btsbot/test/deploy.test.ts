import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../../../test/support/packages.js";
import { parseStreamConfig } from "../src/commands/stream/parseStreamConfig.js";
import type { StreamConfig } from "../src/commands/stream/parseStreamConfig.js";
import { createStreamMetrics } from "../src/commands/stream/streamMetrics.js";
import { temporaryFolder } from "./support/runInProcess.js";

const DEPLOY = `${root}deploy/`;
const text = (file: string): string => readFileSync(DEPLOY + file, "utf8");

/** What the examples are looked at for, and no more. */
interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
}
interface Compose {
  readonly services: Readonly<
    Record<string, { readonly environment?: object; readonly volumes?: string[]; readonly stop_grace_period?: string }>
  >;
}
interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
interface Container {
  readonly args: string[];
  readonly ports: { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: { readonly mountPath: string }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}
interface Manifest {
  readonly kind: string;
  readonly data: { readonly "stream.yaml": string };
  readonly spec: {
    readonly replicas: number;
    readonly selector: { readonly matchLabels: object };
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: { readonly terminationGracePeriodSeconds: number; readonly containers: Container[] };
    };
  };
}

const dashboard = JSON.parse(text("grafana/btsbot.json")) as Dashboard;
const dockerfile = text("Dockerfile");
const compose = parse(text("compose/compose.yaml")) as Compose;
const prometheus = parse(text("prometheus/prometheus.yml")) as {
  scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[];
};
const manifests = parseAllDocuments(text("kubernetes/btsbot.yaml")).map((each) => each.toJS() as Manifest);
const find = (kind: string): Manifest => manifests.find((each) => each.kind === kind)!;

/** Metrics of the command by the names that Prometheus gives their series, with their labels. */
async function series(): Promise<Map<string, readonly string[]>> {
  const metrics = createStreamMetrics("m", {
    pending: () => Promise.resolve(new Map([["alert", 1]])),
    lag: () => Promise.resolve(new Map([["t", 1]])),
  });
  // A gauge or a counter with labels says them once it has counted; their declarations are not public.
  const alert = { file: "f", index: 0, alert: {} };
  metrics.onJudged([
    { file: "f", index: 0, error: { code: "input-empty" } },
    { ...alert, filtered: { pass: false }, result: { status: "scored" } },
    { ...alert, result: { status: "unscored", reasons: [{ code: "stamp-missing" }] } },
  ] as never);
  metrics.onDecided([{ decision: { policy: "p", action: "save" } }] as never);
  const found = new Map<string, string[]>();
  for (const line of (await metrics.registry.metrics()).split("\n").filter((each) => /^\w/.test(each))) {
    const [, name, labels = ""] = /^(\w+)(?:\{(.*)\})? /.exec(line)!;
    found.set(
      name,
      [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label),
    );
  }
  return found;
}

/** What Prometheus adds. */
const ADDED = ["instance", "job"];
/** What belongs to a histogram, beside its buckets, which hold the same. */
const PARTS = /_(sum|count)$/;

function metricsIn(query: string): string[] {
  return [...query.matchAll(/\bbtsbot_\w+/g)].map(([name]) => name);
}

/** Labels that a query or a legend names. */
function labelsIn(query: string): string[] {
  const groups = [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names]) => names.split(/,\s*/));
  return [...groups, ...[...query.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, name]) => name)];
}

describe("what watches the stream", () => {
  let known: Map<string, readonly string[]>;
  beforeAll(async () => {
    known = await series();
  });
  const alerts = parse(text("prometheus/alerts.yml")) as {
    groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
  };
  const rules = alerts.groups.flatMap(({ rules: each }) => each);
  const queries = [
    ...dashboard.panels.flatMap(({ title, targets }) =>
      targets.map(({ expr, legendFormat }) => [title, expr, legendFormat.matchAll(/\{\{(\w+)\}\}/g)] as const),
    ),
    ...rules.map(
      ({ alert, expr, annotations }) => [alert, expr, annotations.summary.matchAll(/\$labels\.(\w+)/g)] as const,
    ),
  ].map(([title, expr, words]) => ({ title, expr, shown: [...words].map(([, label]) => label) }));

  it("asks for metrics and labels that the command has", () => {
    const wrong = queries.flatMap(({ title, expr, shown }) => {
      const names = metricsIn(expr);
      if (names.length === 0) return [`${title}: no metric of ours`];
      const labels = new Set([...ADDED, ...names.flatMap((name) => known.get(name) ?? [])]);
      return [
        ...names.filter((name) => !known.has(name)),
        ...[...labelsIn(expr), ...shown].filter((label) => !labels.has(label)),
      ].map((name) => `${title}: ${name}`);
    });
    expect(wrong).toEqual([]);
  });

  it("shows the labels by which it groups", () => {
    const hidden = queries
      .filter(({ expr }) => /\bby \((?!le\))/.test(expr))
      .filter(({ expr, shown }) => {
        const grouped = /\bby \(([^)]*)\)/.exec(expr)![1].split(/,\s*/);
        return grouped.some((label) => !shown.includes(label)) || shown.some((label) => !grouped.includes(label));
      });
    expect(hidden).toEqual([]);
  });

  it("leaves no metric out of the dashboard", () => {
    const shown = new Set(dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsIn(expr))));
    expect([...known.keys()].filter((name) => !PARTS.test(name) && !shown.has(name))).toEqual([]);
  });

  it("takes rates of counters and buckets, and of nothing else", () => {
    const rates = queries.flatMap(({ expr }) =>
      [...expr.matchAll(/\b(?:rate|increase)\((\w+)/g)].map(([, name]) => name),
    );
    expect(rates.filter((name) => !/_(total|bucket)$/.test(name))).toEqual([]);
    const counters = queries.flatMap(({ expr }) => metricsIn(expr)).filter((name) => /_(total|bucket)$/.test(name));
    expect(counters.filter((name) => !rates.includes(name))).toEqual([]);
  });

  it("has panels with ids of their own, none over another", () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, place) => `${x + (place % w)},${y + Math.floor(place / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  it("asks for variables that the dashboard has", () => {
    const names = dashboard.templating.list.map(({ name }) => name);
    const used = [...JSON.stringify(dashboard).matchAll(/\$\{?([a-z]\w*)\}?/g)].map(([, name]) => name);
    expect(used.filter((name) => !names.includes(name))).toEqual([]);
  });
});

async function configOf(content: string): Promise<StreamConfig> {
  const path = join(temporaryFolder(), "stream.yaml");
  writeFileSync(path, content);
  return parseStreamConfig(path);
}

/** Variables that a configuration takes secrets from. */
function variablesOf(content: string): string[] {
  return [...content.matchAll(/From: (\w+)/g)].map(([, name]) => name);
}

describe("the container", () => {
  it("answers for its health where compose's configuration listens, and reads it where that is put", async () => {
    const { http } = await configOf(text("compose/stream.yaml"));
    expect(dockerfile).toContain(`http://127.0.0.1:${http!.port}/healthz`);
    expect(dockerfile).toContain(`EXPOSE ${http!.port}\n`);
    expect(dockerfile).toContain('CMD ["stream", "/etc/btsbot/stream.yaml"]');
  });

  it("runs in its last stage as a numbered user that is not root, with nothing to build by", () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf("\nFROM "));
    expect(/^USER (\d+)$/m.exec(last)?.[1]).toBe("1000");
    expect(last).not.toMatch(/\b(apt-get|npm (ci|install|run)|gcc|make|python3)\b/);
  });
});

describe("the compose file", () => {
  it("gives the stream a configuration that it takes, and names its services", async () => {
    const content = text("compose/stream.yaml");
    const { kafka, store, http, graceMs } = await configOf(content);
    const { btsbot, postgres } = compose.services;
    expect(btsbot.volumes).toContain("./stream.yaml:/etc/btsbot/stream.yaml:ro");
    for (const address of kafka.brokers) expect(compose.services).toHaveProperty(address.split(":")[0]);
    expect(compose.services).toHaveProperty(new URL(store).hostname);
    expect(postgres.environment).toMatchObject({ POSTGRES_USER: new URL(store).username });
    expect(store).toContain(`/${String((postgres.environment as { POSTGRES_DB: string }).POSTGRES_DB)}`);
    // Other services reach it, and it has the time that it may take.
    expect(http!.host).toBe("0.0.0.0");
    expect(1000 * Number.parseInt(btsbot.stop_grace_period!)).toBeGreaterThan(graceMs);
    expect(prometheus.scrape_configs[0].dns_sd_configs[0]).toMatchObject({ names: ["btsbot"], port: http!.port });
  });

  it("holds no password, and asks for those of its example", () => {
    const names = [...text("compose/compose.yaml").matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
    const example = [...text("compose/.env.example").matchAll(/^(\w+)=(.*)$/gm)];
    expect(new Set(names)).toEqual(new Set(example.map(([, name]) => name)));
    expect(example.map(([, , value]) => value)).toEqual(example.map(() => ""));
  });

  it("mounts files that are there", () => {
    const files = Object.values(compose.services)
      .flatMap(({ volumes = [] }) => volumes)
      .filter((volume) => volume.startsWith("."))
      .map((volume) =>
        volume
          .split(":")[0]
          .replace(/^\.\//, "compose/")
          .replace(/^\.\.\//, ""),
      );
    expect(files.length).toBeGreaterThan(3);
    for (const file of files.filter((each) => /\.\w+$/.test(each))) expect(text(file)).not.toBe("");
  });
});

describe("the Kubernetes example", () => {
  it("gives the stream a configuration that it takes, and what that needs around it", async () => {
    const content = find("ConfigMap").data["stream.yaml"];
    const { http, graceMs, store } = await configOf(content);
    const { replicas, selector, template } = find("Deployment").spec;
    const { terminationGracePeriodSeconds, containers } = template.spec;
    const [container] = containers;
    expect(container.args).toEqual(["stream", `${container.volumeMounts[0].mountPath}/stream.yaml`]);
    expect(container.ports).toEqual([{ name: "metrics", containerPort: http!.port }]);
    // Kubelet reaches it from outside.
    expect(http!.host).toBe("0.0.0.0");
    expect(1000 * terminationGracePeriodSeconds).toBeGreaterThan(graceMs);
    // Several processes share a database, and no folder.
    expect(replicas).toBeGreaterThan(1);
    expect(new URL(store).protocol).toBe("postgresql:");
    expect(template.metadata.labels).toMatchObject(selector.matchLabels);
    for (const [probe, path] of [
      [container.startupProbe, "/healthz"],
      [container.livenessProbe, "/healthz"],
      [container.readinessProbe, "/readyz"],
    ] as const)
      expect(probe.httpGet).toEqual({ path, port: "metrics" });
    for (const name of [...variablesOf(content), "PGPASSWORD"])
      expect(text("kubernetes/btsbot.yaml")).toContain(`--from-literal=${name}=`);
  });
});
