import { html, type Content, type Markup } from "./html.ts";
import { pageHead } from "./page-head.ts";
import { style } from "./style.ts";

/** A part of a page under a heading, with an anchor. */
export interface PageSection {
  readonly id: string;
  readonly title: string;
  readonly body: Content;
}

/** A whole page: what it is of, its header, its sections, its foot. */
export interface Page {
  readonly title: string;
  /** What stands behind the product's name in the first line. */
  readonly about: readonly string[];
  readonly header: Content;
  readonly sections: readonly PageSection[];
  readonly foot: string;
  /** Rules of this kind of page alone. */
  readonly style?: Markup;
}

/** A page that needs nothing else: one `h1` in its header, a landmark for each part, links to its sections. */
export const renderPage = ({ title, about, header, sections, foot, style: own }: Page): string =>
  html`<!doctype html>
    <html lang="en">
      ${pageHead(title, html`${style}${own}`)}
      <body>
        <header>
          <div class="topline">
            <b>Swath</b>${about.map((text) => html`<span>${text}</span>`)}
            ${
              sections.length > 3 &&
              html`<nav aria-label="sections">
                ${sections.map(({ id, title: name }) => html`<a href="#${id}">${name.split(",")[0]}</a>`)}
              </nav>`
            }
          </div>
          ${header}
        </header>
        <main>
          ${sections.map(
            ({ id, title: name, body }) =>
              html`<section id="${id}" aria-labelledby="${id}-title">
                <h2 id="${id}-title">${name}</h2>
                ${body}
              </section>`,
          )}
        </main>
        <footer>${foot}</footer>
      </body>
    </html> `.markup;
