import { PublishedDocument } from './docs.controller.js';
import { docsPage } from './docs.page.js';

/** WCAG 2.2, 1.4.3: the least contrast of text, AA. */
const LEAST = 4.5;

const document = {
  openapi: '3.1.0',
  info: { title: 'It', version: '1' },
  paths: {
    '/v1/things': {
      post: {
        operationId: 'post_things',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
        responses: {},
      },
    },
  },
  components: { schemas: { Thing: { type: 'object', required: ['note'], properties: { note: { type: 'string' } } } } },
};
const { html } = docsPage(document as never);
const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? '';

/** The colours of a scheme: those of everybody, and over them those of the dark one. */
function coloursOf(scheme: 'light' | 'dark'): Map<string, string> {
  const dark = /@media\(prefers-color-scheme:dark\)\{:root\{[^}]*\}\}/g;
  const texts = [style.replaceAll(dark, ''), ...(scheme === 'dark' ? (style.match(dark) ?? []) : [])];
  return new Map(
    texts.flatMap((each) =>
      [...each.matchAll(/--(\w+):(#[0-9a-f]{3,6})/g)].map(
        ([, name, colour]) => [String(name), String(colour)] as const,
      ),
    ),
  );
}

function luminance(colour: string): number {
  const hex = colour.length === 4 ? colour.replaceAll(/[0-9a-f]/g, '$&$&') : colour;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

describe('the page to read', () => {
  it.each(['light', 'dark'] as const)('has text that stands out from what is behind it, in the %s scheme', (scheme) => {
    const colours = coloursOf(scheme);
    const faint = ['ink', 'quiet', 'accent', 'good', 'bad', 'patch'].flatMap((front) =>
      ['ground', 'card'].flatMap((back) => {
        const found = contrast(colours.get(front) ?? '', colours.get(back) ?? '');
        return found >= LEAST ? [] : [`${front} on ${back}: ${found.toFixed(2)}`];
      }),
    );
    expect(faint).toEqual([]);
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21);
  });

  it('takes every colour of a text from a scheme', () => {
    const outside = style.replaceAll(/:root\{[^}]*\}/g, '');
    expect(outside).toContain('color:var(--patch)');
    expect(outside).not.toMatch(/#[0-9a-f]{3,6}\b/);
  });

  it('has what each of its links points to, and opens it', () => {
    const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, target]) => String(target));
    expect(targets).toEqual(expect.arrayContaining(['post_things', 'schema-Thing']));
    expect(targets.filter((target) => !html.includes(` id="${target}"`))).toEqual([]);
    expect(html).toContain("addEventListener('hashchange',show)");
  });

  it('shows a body that is understood, and the command that sends it', () => {
    expect(html).toContain('&#34;note&#34;: &#34;example&#34;');
    expect(html).toContain('curl -s &#34;{{origin}}/v1/things&#34;');
  });
});

describe('the published document', () => {
  it('is made once and not for each who asks, each with the address that they asked at', () => {
    const published = new PublishedDocument();
    published.publish(document as never);
    const [here, again, there] = ['http://here', 'http://here', 'http://there'].map((at) => published.asPage(at).html);
    expect(again).toBe(here);
    expect(String(there)).toContain('curl -s &#34;http://there/v1/things&#34;');
    expect(published.asJson()).toBe(published.asJson());
  });
});
