/** One step through an XML text. */
export type XmlStep =
  | { readonly kind: 'open'; readonly name: string }
  | { readonly kind: 'close' }
  | { readonly kind: 'text' };

/**
 * The elements and texts of an XML text in order; a self-closing element opens and closes. Enough for AWS's replies,
 * which have neither comments nor CDATA; white space between elements is no text.
 */
export function* xmlSteps(xml: string): Generator<XmlStep> {
  for (const [, prolog, closing, name, selfClosing, text] of xml.matchAll(
    /<(\?)[^>]*>|<(\/?)([\w:.-]+)[^>]*?(\/?)>|([^<]+)/g,
  )) {
    if (prolog !== undefined) continue;
    if (name === undefined) {
      if (text !== undefined && text.trim() !== '') yield { kind: 'text' };
      continue;
    }
    if (closing !== '/') yield { kind: 'open', name };
    if (closing === '/' || selfClosing === '/') yield { kind: 'close' };
  }
}
