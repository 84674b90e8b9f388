import { SaxesParser } from "saxes";

/** An element of a document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The text directly in it. */
  readonly text: string;
}

/** What a document holds. */
export interface XmlContent {
  /** Its elements, in the order in which they begin. */
  readonly elements: readonly XmlElement[];
  /** Its texts, decoded, those of white space alone left out. */
  readonly texts: readonly string[];
}

/** Reads an XML 1.0 document with namespaces, and throws at the first place that is not well-formed. */
export function readXml(document: string): XmlContent {
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const texts: string[] = [];
  const open: (typeof elements)[number][] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value] as const);
    const element = { name, attributes: Object.fromEntries(values), text: "" };
    elements.push(element);
    open.push(element);
  });
  parser.on("closetag", () => open.pop());
  parser.on("text", (text) => {
    if (open.length > 0) open[open.length - 1].text += text;
    if (text.trim() !== "") texts.push(text);
  });
  parser.write(document).close();
  return { elements, texts };
}
