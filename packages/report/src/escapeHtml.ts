const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as it may stand in HTML, between tags and inside quoted attributes; control characters are replaced. */
export function escapeHtml(text: string): string {
  return replaceControls(text).replace(/[&<>"']/g, (each) => ENTITIES[each]);
}

/** A text without the control characters but tab, line feed and carriage return: XML has no way to write the others. */
export function replaceControls(text: string): string {
  return text.replace(/(?![\t\n\r])\p{Cc}/gu, "\uFFFD");
}
