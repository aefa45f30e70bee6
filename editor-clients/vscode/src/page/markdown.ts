// Answers as HTML: no HTML of the model's own, no pictures, code in colours.
import highlighter from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import csharp from 'highlight.js/lib/languages/csharp';
import diff from 'highlight.js/lib/languages/diff';
import json from 'highlight.js/lib/languages/json';
import xml from 'highlight.js/lib/languages/xml';
import MarkdownIt from 'markdown-it';

for (const [name, language] of Object.entries({ bash, csharp, diff, json, xml })) {
  highlighter.registerLanguage(name, language);
}

const markdown = new MarkdownIt({ html: false, linkify: false, highlight: (code, language) => highlighter.getLanguage(language) === undefined ? '' : highlighter.highlight(code, { language }).value });
// A picture's address would be fetched from wherever it says.
markdown.disable('image');

export function toHtml(text: string): string {
  return markdown.render(text);
}
