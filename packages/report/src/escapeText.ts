const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * A text as it may stand in HTML and XML, between tags and inside quoted attributes. What neither can hold is replaced, see
 * {@link replaceUnwritable}.
 */
export function escapeText(text: string): string {
  return replaceUnwritable(text).replace(/[&<>"']/g, (each) => ENTITIES[each]);
}

/**
 * A text with U+FFFD in place of what XML or HTML has no way to write: halves of surrogate pairs, control characters but tab
 * and line feed, and the code points that Unicode keeps for no character; and of what turns the letters around it, as the page's own words
 * would read backwards. A carriage return becomes a line feed, as every parser would read it.
 *
 * Source: XML 1.0, section 2.2, `Char`, and 2.11; HTML Living Standard, 13.2.3.5, preprocessing the input stream;
 * embeddings, overrides and isolates: Unicode Standard Annex 9, section 2.
 */
export function replaceUnwritable(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/(?![\t\n])[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202A-\u202E\u2066-\u2069]/gu, "\uFFFD");
}
