/** Width and height of a PNG; undefined for what is not one. */
export function sizeOfPng(bytes: Buffer): readonly [number, number] | undefined {
  if (bytes.length < 24 || bytes.readUInt32BE(0) !== 0x89504e47) return undefined;
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}
