/** An element of a document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const TOKEN = /<!DOCTYPE html>|<(\/?)([A-Za-z][\w:-]*)((?:\s+[A-Za-z_][\w:.-]*="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
const ENTITY = /&(?!(amp|lt|gt|quot|#\d+|#x[\da-f]+);)/i;

/** Reads well-formed XML strictly, and gives its elements and its texts; throws at the first place that is not. */
export function readXml(text: string): { elements: XmlElement[]; texts: string[] } {
  const elements: XmlElement[] = [];
  const texts: string[] = [];
  const open: string[] = [];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null || ENTITY.test(found[0]))
      throw new Error(`not well-formed at ${at}: ${text.slice(at, at + 120)}`);
    at = TOKEN.lastIndex;
    const [, closing, name, rest = "", empty, content] = found;
    if (content?.trim()) texts.push(content);
    if (name === undefined) continue;
    if (closing) {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> closes <${last}> at ${at}`);
      continue;
    }
    const pairs = [...rest.matchAll(/([\w:.-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value] as const);
    if (new Set(pairs.map(([key]) => key)).size < pairs.length)
      throw new Error(`an attribute comes twice at ${at}: ${found[0]}`);
    elements.push({ name, attributes: Object.fromEntries(pairs) });
    if (!empty) open.push(name);
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(", ")}`);
  return { elements, texts };
}
