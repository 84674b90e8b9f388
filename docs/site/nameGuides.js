import { Converter } from "typedoc";

/** Where a page stands in the site's list, by its folder. */
const PLACES = [
  [/^(docs\/|CONTRIBUTING)/, (title) => `Guides/${title}`],
  [/^packages\//, (title) => `Packages/${title.replace("@btsbot/", "")}`],
  [/^README/, () => "Guides/Overview"],
];

/**
 * Plug-in of typedoc: guides stand in the list and in the search under their titles, not under the names of their files.
 *
 * @param {import("typedoc").Application} app - typedoc, before it reads anything
 */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, page) => {
    const [, title] = /^# (.+)$/m.exec(page.content.map(({ text }) => text).join("")) ?? [];
    if (title === undefined) return;
    const [, name] = PLACES.find(([place]) => place.test(page.name)) ?? [undefined, String];
    // A slash makes a folder, and what follows a colon is for whoever has opened the page.
    page.name = name(title.replace(/:.*/, "").replaceAll("`", ""));
  });
}
