import type { TrainingAlert } from "@btsbot/train";

/** An alert that every cut lets through. */
export function makeAlert(row: number, facts: Partial<TrainingAlert> = {}): TrainingAlert {
  return {
    row,
    objectId: `ZTF20aaaaaa${String.fromCharCode(97 + (row % 26))}`,
    candid: `${1000 + row}`,
    jd: 2459000 + row,
    fid: 1,
    positive: true,
    hasPs1: true,
    hasFeatures: true,
    hasImage: true,
    label: 0,
    className: null,
    teacher: null,
    ...facts,
  };
}
