import { readAlerts } from "@btsbot/alert";
import { readStamps } from "@btsbot/cutout";
import { expect, it } from "vitest";
import { makePackets } from "../../examples/makePackets.js";

it("makes the packets: readable, the same each time, with the one damage that they are to show", () => {
  const packets = makePackets();
  expect(packets.map(({ bytes }) => bytes)).toEqual(makePackets().map(({ bytes }) => bytes));
  const damaged = packets.filter(({ bytes }) => {
    const [result] = readAlerts(bytes);
    if (!result.success) throw result.error;
    expect(result.data.publisher).toBe("synthetic");
    try {
      return readStamps(result.data).science.width !== 63;
    } catch {
      return true;
    }
  });
  expect(damaged.map(({ name }) => name)).toEqual(["ZTF99damaged.avro"]);
});
