import { html, type Markup } from "./html.ts";

/** The head of a page that needs nothing else: the policy allows inline styles and pictures in data URIs, no more. */
export const pageHead = (title: string, style: Markup): Markup =>
  html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta
      http-equiv="Content-Security-Policy"
      content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    />
    <title>Swath: ${title}</title>
    <style>
      ${style}
    </style>
  </head>`;
