import type { Alert } from "@btsbot/alert";
import { readStampImages, readStamps, renderTriplet, turnNorthUp } from "@btsbot/cutout";
import type { Stamp, Stamps, TripletPicture } from "@btsbot/cutout";
import { zlibGunzip } from "../../inputs/zlibGunzip.js";

/** Pixels of the picture for one of a stamp: a triplet of 63 pixels becomes 772 by 252. */
const PNG_SCALE = 4;

const FIELDS = { science: "cutoutScience", template: "cutoutTemplate", difference: "cutoutDifference" } as const;

/**
 * The stamps of an alert as one picture, north up: ZTF's lie so, those of another survey are turned by what they say of
 * their place on the sky, in a square of their own size.
 *
 * @throws BtsbotError where a stamp is not there, or cannot be read
 *
 * @internal
 */
export function drawStamps(alert: Alert): { readonly picture: TripletPicture; readonly isNorthUp: boolean } {
  const stamps = readStamps(alert, { gunzip: zlibGunzip });
  if (alert.survey === undefined) return { picture: renderTriplet(stamps, { scale: PNG_SCALE }), isNorthUp: true };
  const turned = turn(alert);
  const drawn = turned ?? stamps;
  const side = Math.max(...Object.values(drawn).flatMap(({ width, height }: Stamp) => [width, height]));
  const middle = Math.floor(side / 2);
  return {
    picture: renderTriplet(drawn, { scale: PNG_SCALE, source: { row: middle, column: middle }, side: 2 * middle + 1 }),
    isNorthUp: turned !== undefined,
  };
}

/** All three, turned; undefined where one does not say how it lies. */
function turn(alert: Alert): Stamps | undefined {
  const images = Object.entries(FIELDS).map(([plane, path]) => {
    const [image] = readStampImages(alert[path]!.stampData, { gunzip: zlibGunzip, path });
    return [plane, image] as const;
  });
  if (images.some(([, { wcs }]) => wcs === undefined)) return undefined;
  return Object.fromEntries(images.map(([plane, image]) => [plane, turnNorthUp(image)])) as unknown as Stamps;
}
