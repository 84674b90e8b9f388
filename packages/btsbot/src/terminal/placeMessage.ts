/** Where something is wrong: a file, and which alert of it. */
interface MessagePlace {
  readonly file: string;
  readonly index?: number | undefined;
}

/**
 * What is wrong, and where: a message that names the place itself is left as it is.
 *
 * @internal
 */
export function placeMessage({ file, index }: MessagePlace, { message }: Error): string {
  const place = index === undefined ? file : `${file}[${index}]`;
  return message.startsWith(`${place}:`) ? message : `${place}: ${message}`;
}
