import type { Detection } from "@btsbot/alert";
import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { readSn2023tyk } from "../../../test/support/sn2023tyk.js";
import { makeTnsReport, parseTnsReport, safeParseTnsReport } from "../src/index.js";
import type { TnsSource } from "../src/index.js";

const detection = (jd: number, more: Partial<Detection> = {}): Detection => ({
  jd,
  fid: 1,
  magpsf: 18.5,
  sigmapsf: 0.1,
  positive: true,
  candid: null,
  programid: 1,
  ...more,
});
const SOURCE: TnsSource = {
  objectId: "ZTF23abhvlji",
  ra: 143.7976,
  dec: 83.9735,
  history: {
    detections: [
      detection(2460222.943),
      detection(2460220.941, { sigmapsf: null }),
      detection(2460219, { positive: false }),
      detection(2460223, { fid: 3, positive: null }),
    ],
    nondetections: [
      { jd: 2460221, fid: 1, diffmaglim: 20 },
      { jd: 2460220.941, fid: 3, diffmaglim: 20 },
      { jd: 2460218.5, fid: 2, diffmaglim: 20.1 },
      { jd: 2460210.5, fid: 1, diffmaglim: 21 },
    ],
  },
};
const WHO = { reporter: "A. Person (Somewhere)", reportingGroupId: 74 };

describe("makeTnsReport", () => {
  it("writes discovery, last limit before it and all positive measurements, by date", () => {
    const ztf = { flux_units: "1", instrument_value: "196", exptime: 30, observer: "Robot" };
    expect(makeTnsReport([SOURCE], WHO)).toEqual({
      at_report: {
        0: {
          ra: { value: 143.7976 },
          dec: { value: 83.9735 },
          reporting_group_id: "74",
          discovery_data_source_id: "48",
          reporter: "A. Person (Somewhere)",
          discovery_datetime: "2023-10-03 10:35:02.400",
          at_type: "1",
          internal_name: "ZTF23abhvlji",
          non_detection: { obsdate: "2023-10-01 00:00:00.000", limiting_flux: 20.1, filter_value: "111", ...ztf },
          photometry: {
            photometry_group: {
              0: { obsdate: "2023-10-03 10:35:02.400", flux: 18.5, filter_value: "110", ...ztf },
              1: { obsdate: "2023-10-05 10:37:55.200", flux: 18.5, flux_error: 0.1, filter_value: "110", ...ztf },
              2: { obsdate: "2023-10-05 12:00:00.000", flux: 18.5, flux_error: 0.1, filter_value: "112", ...ztf },
            },
          },
        },
      },
    });
  });

  it("writes what else is known, and numbers the sources", () => {
    const more = {
      positionError: 0.3,
      atType: 4,
      hostName: "NGC 1",
      hostRedshift: 0.01,
      redshift: 0.011,
      remarks: "r",
    };
    const { at_report: reports } = makeTnsReport([SOURCE, { ...SOURCE, ...more, objectId: "b" }], {
      ...WHO,
      dataSourceId: 18,
    });
    expect(Object.keys(reports)).toEqual(["0", "1"]);
    expect(reports[1]).toMatchObject({
      ra: { value: 143.7976, error: 0.3, units: "arcsec" },
      dec: { error: 0.3 },
      discovery_data_source_id: "18",
      at_type: "4",
      host_name: "NGC 1",
      host_redshift: 0.01,
      transient_redshift: 0.011,
      remarks: "r",
      internal_name: "b",
    });
  });

  it("reports Rubin's six bands with its camera, for a group that the caller names", () => {
    const rubin = {
      ...SOURCE,
      history: {
        detections: [16, 15, 14, 13, 12].map((fid, i) => detection(2460225 - i, { fid })),
        nondetections: [{ jd: 2460210.5, fid: 11, diffmaglim: 24 }],
      },
    };
    const { at_report: reports } = makeTnsReport([rubin], { ...WHO, dataSourceId: 165 });
    const points = Object.values(reports[0].photometry.photometry_group);
    expect(points.map(({ filter_value: filter }) => filter)).toEqual(["161", "162", "163", "164", "165"]);
    expect(reports[0].non_detection.filter_value).toBe("160");
    expect(points.every((point) => point.instrument_value === "287" && !("exptime" in point))).toBe(true);
    expect(() => makeTnsReport([rubin], WHO)).toThrow(
      expect.objectContaining({ code: "tns-report-invalid", message: expect.stringContaining("dataSourceId") }),
    );
    const unknown = { ...rubin, history: { ...rubin.history, detections: [detection(2460225, { fid: 10 })] } };
    expect(() => makeTnsReport([unknown], { ...WHO, dataSourceId: 165 })).toThrow("neither one of ZTF's");
  });

  it("names an archive where no limit precedes the discovery, if the caller does", () => {
    const alone = {
      ...SOURCE,
      history: { ...SOURCE.history, nondetections: [{ jd: 2460221, fid: 1, diffmaglim: 20 }] },
    };
    const { at_report: reports } = makeTnsReport([{ ...alone, archivalRemarks: "Nothing in PS1" }], WHO);
    expect(reports[0].non_detection).toEqual({ archiveid: "0", archival_remarks: "Nothing in PS1" });
    expect(() => makeTnsReport([alone], WHO)).toThrow(
      expect.objectContaining({ code: "tns-report-invalid", path: "ZTF23abhvlji.archivalRemarks" }),
    );
  });

  it("says all that is missing, of all sources, at once", () => {
    const none = {
      ...SOURCE,
      objectId: "a",
      history: { detections: [detection(1, { positive: false })], nondetections: [] },
    };
    const strange = {
      ...SOURCE,
      objectId: "b",
      history: { detections: [detection(NaN, { fid: 4 })], nondetections: [] },
      archivalRemarks: "x",
    };
    try {
      makeTnsReport([none, SOURCE, strange], WHO);
      expect.unreachable();
    } catch (error) {
      expect((error as { problems: { path: string }[] }).problems.map(({ path }) => path)).toEqual([
        "a.history.detections",
        "a.archivalRemarks",
        "b.history",
        "b.history",
      ]);
    }
  });

  it.each<[Partial<TnsSource>, string]>([
    [{ ra: 361 }, "at_report.0.ra.value"],
    [{ dec: NaN }, "at_report.0.dec.value"],
    [{ atType: 7 }, "at_report.0.at_type"],
    [{ hostRedshift: NaN }, "at_report.0.host_redshift"],
  ])("refuses %o", (change, path) => {
    expect(() => makeTnsReport([{ ...SOURCE, ...change }], WHO)).toThrow(
      expect.objectContaining({ code: "tns-report-invalid", path }),
    );
  });

  it.each([NaN, 1e15, 60220.4])("refuses the date %d, which is none", (jd) => {
    const source = { ...SOURCE, history: { detections: [detection(jd)], nondetections: [] }, archivalRemarks: "x" };
    expect(() => makeTnsReport([source], WHO)).toThrow(
      expect.objectContaining({ code: "tns-report-invalid", path: "ZTF23abhvlji.history" }),
    );
  });

  it("refuses no source, nobody and no group", () => {
    expect(() => makeTnsReport([], WHO)).toThrow(expect.objectContaining({ path: "at_report" }));
    expect(() => makeTnsReport([SOURCE], { ...WHO, reporter: "" })).toThrow(
      expect.objectContaining({ path: "at_report.0.reporter" }),
    );
    expect(() => makeTnsReport([SOURCE], { ...WHO, reportingGroupId: NaN })).toThrow(
      expect.objectContaining({ path: "at_report.0.reporting_group_id" }),
    );
  });
});

// The shape of TNS's own sample: everything a text, what is not known empty.
const SAMPLE = {
  ra: { value: "10:20:30.0", error: "0.5", units: "arcsec" },
  dec: { value: "+20:30:40.05", error: "0.5", units: "arcsec" },
  reporting_group_id: "1",
  discovery_data_source_id: "1",
  reporter: "A. Person",
  discovery_datetime: "2016-03-01.234",
  at_type: "1",
  host_name: "",
  host_redshift: "",
  transient_redshift: "",
  internal_name: "",
  remarks: "",
  proprietary_period_groups: [],
  proprietary_period: { proprietary_period_value: "0", proprietary_period_units: "days" },
  non_detection: {
    obsdate: "2016-02-28.123",
    limiting_flux: "21.5",
    flux_units: "1",
    filter_value: "50",
    instrument_value: "103",
    exptime: "60",
    observer: "Robot",
    comments: "",
    archiveid: "",
    archival_remarks: "",
  },
  photometry: {
    photometry_group: {
      0: {
        obsdate: "2016-03-01.234",
        flux: "19.5",
        flux_error: "0.2",
        limiting_flux: "",
        flux_units: "1",
        filter_value: "50",
        instrument_value: "103",
        exptime: "60",
        observer: "Robot",
        comments: "",
      },
    },
  },
};
const pathOf = (change: object): string | undefined => {
  const result = safeParseTnsReport({ at_report: { 0: { ...SAMPLE, ...change } } });
  return result.success ? "read" : result.error.path;
};
const limit = (change: object): object => ({ non_detection: { ...SAMPLE.non_detection, ...change } });
const point = (change: object): object => ({
  photometry: { photometry_group: { 0: { ...SAMPLE.photometry.photometry_group[0], ...change } } },
});

describe("parseTnsReport", () => {
  it("reads a report in the shape of TNS's sample, and gives it back", () => {
    const report = { at_report: { 0: SAMPLE } };
    expect(parseTnsReport(report)).toEqual(report);
  });

  it.each<[object, string | undefined]>([
    [{ discovery_datetime: "2016-03-01 05:36:57" }, "read"],
    [{ discovery_datetime: 2457448.734 }, "read"],
    [{ discovery_datetime: "2457448.734" }, "read"],
    [{ discovery_datetime: "2016-02-30 00:00:00" }, "at_report.0.discovery_datetime"],
    [{ discovery_datetime: "2016-13-01" }, "at_report.0.discovery_datetime"],
    [{ discovery_datetime: "yesterday" }, "at_report.0.discovery_datetime"],
    [{ discovery_datetime: "" }, "at_report.0.discovery_datetime"],
    [{ discovery_datetime: 57448 }, "at_report.0.discovery_datetime"],
    [{ ra: { value: "10h20m30s" } }, "at_report.0.ra.value"],
    [{ ra: { value: -1 } }, "at_report.0.ra.value"],
    [{ dec: { value: 90.1 } }, "at_report.0.dec.value"],
    [{ reporting_group_id: "ZTF" }, "at_report.0.reporting_group_id"],
    [{ reporting_group_id: -1 }, "at_report.0.reporting_group_id"],
    [{ reporter: "" }, "at_report.0.reporter"],
    [{ at_type: "PSN" }, "at_report.0.at_type"],
    [{ at_type: 6 }, "at_report.0.at_type"],
    [{ host_redshift: "low" }, "at_report.0.host_redshift"],
    [{ photometry: { photometry_group: {} } }, "at_report.0.photometry.photometry_group"],
    [point({ flux: "" }), "at_report.0.photometry.photometry_group.0.flux"],
    [point({ filter_value: undefined }), "at_report.0.photometry.photometry_group.0.filter_value"],
    [point({ obsdate: "20160301" }), "at_report.0.photometry.photometry_group.0.obsdate"],
    [limit({ limiting_flux: "" }), "at_report.0.non_detection"],
    [limit({ obsdate: "", archiveid: "1" }), "read"],
    [limit({ obsdate: "", archiveid: "3" }), "at_report.0.non_detection.archiveid"],
    [limit({ obsdate: "", archiveid: "0" }), "at_report.0.non_detection"],
    [limit({ obsdate: "", archiveid: "0", archival_remarks: "PS1" }), "read"],
    [limit({ obsdate: "2016-03-01.234" }), "at_report.0.non_detection.obsdate"],
    [limit({ obsdate: "2016-03-02 00:00:00" }), "at_report.0.non_detection.obsdate"],
  ])("%j: %s", (change, expected) => {
    expect(pathOf(change)).toBe(expected);
  });
});

describeWithData("SN 2023tyk's report", (folder) => {
  const { column } = readSn2023tyk(folder);
  const [jd, fid, magpsf, sigmapsf] = ["jd", "fid", "magpsf", "sigmapsf"].map((name) => column(name));

  it("has its 23 measurements, the first of JD 2460220.941 as discovery", () => {
    const detections = jd.map((each, index) =>
      detection(each, { fid: fid[index], magpsf: magpsf[index], sigmapsf: sigmapsf[index] }),
    );
    const source: TnsSource = {
      objectId: "ZTF23abhvlji",
      ra: column("ra")[0],
      dec: column("dec")[0],
      history: { detections, nondetections: [] },
      archivalRemarks: "ZTF limits not at hand",
    };
    const { at_report: reports } = makeTnsReport([source], WHO);
    const points = Object.values(reports[0].photometry.photometry_group);
    expect(points).toHaveLength(23);
    expect(points[0]).toMatchObject({
      obsdate: "2023-10-03 10:35:02.400",
      flux: magpsf[0],
      flux_error: sigmapsf[0],
      filter_value: "110",
    });
    expect(points.map(({ filter_value: filter }) => filter).filter((filter) => filter === "111")).toHaveLength(
      fid.filter((each) => each === 2).length,
    );
    expect(reports[0].discovery_datetime).toBe(points[0].obsdate);
  });
});
