import { setImmediate as turn } from 'node:timers/promises';
import { createContext, runInContext } from 'node:vm';

type Submit = (event: { preventDefault(): void }) => Promise<void>;

/** Without an end tag. */
const EMPTY = ['input', 'meta', 'link'];
/** What takes the focus by itself; anything else says `tabindex`. */
const FOCUSED = ['input', 'button', 'a'];

/** An element of a page, with as much of a browser's as the pages' scripts ask for. */
class ShownElement {
  readonly children: (ShownElement | string)[] = [];
  value = '';
  className: string;
  hidden: boolean;
  disabled = false;
  submit: Submit = async () => undefined;

  constructor(
    private readonly page: ShownPage,
    readonly tag: string,
    readonly attributes: ReadonlyMap<string, string>,
    public parent: ShownElement | null,
  ) {
    this.className = attributes.get('class') ?? '';
    this.hidden = attributes.has('hidden');
  }

  get textContent(): string {
    return this.children.map((child) => (typeof child === 'string' ? child : child.textContent)).join('');
  }

  set textContent(text: string) {
    this.children.splice(0, this.children.length, text);
  }

  /** The text that is not hidden. */
  get seen(): string {
    if (this.hidden || this.tag === 'noscript') return '';
    return this.children.map((child) => (typeof child === 'string' ? child : child.seen)).join('');
  }

  get isShown(): boolean {
    return !this.hidden && (this.parent?.isShown ?? this === this.page.root);
  }

  private get elements(): ShownElement[] {
    return this.children.flatMap((child) => (typeof child === 'string' ? [] : [child, ...child.elements]));
  }

  /** Of selectors like `form`, `[role=status]` and `input[name=email]`, between commas. */
  querySelectorAll(selectors: string): ShownElement[] {
    const wanted = selectors.split(',').map((selector) => /^(\w*)(?:\[(\w+)=(\w+)\])?$/.exec(selector));
    return this.elements.filter((each) =>
      wanted.some(
        (parts) =>
          parts && (!parts[1] || parts[1] === each.tag) && (!parts[2] || each.attributes.get(parts[2]) === parts[3]),
      ),
    );
  }

  querySelector(selector: string): ShownElement | null {
    return this.querySelectorAll(selector)[0] ?? null;
  }

  closest(tag: string): ShownElement | null {
    return this.tag === tag ? this : (this.parent?.closest(tag) ?? null);
  }

  remove(): void {
    this.parent?.children.splice(this.parent.children.indexOf(this), 1);
    this.parent = null;
    if (this.page.focused === this) this.page.focused = null;
  }

  focus(): void {
    if (this.isShown && (FOCUSED.includes(this.tag) || this.attributes.has('tabindex'))) this.page.focused = this;
  }

  addEventListener(_kind: 'submit', listener: Submit): void {
    this.submit = listener;
  }
}

/** A page as somebody sees it: its HTML as it was sent, and its script at work on it. */
export class ShownPage {
  readonly root = new ShownElement(this, 'html', new Map(), null);
  focused: ShownElement | null = null;

  private constructor(html: string) {
    let at = this.root;
    for (const [, end, tag = '', rest = '', words] of html.matchAll(/<(\/?)(\w+)([^>]*)>|([^<]+)/g)) {
      if (words !== undefined) at.children.push(words);
      else if (end) at = at.parent ?? this.root;
      else {
        const attributes = [...rest.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name = '', value = '']) => [
          name,
          value,
        ]);
        const element = new ShownElement(this, tag, new Map(attributes as [string, string][]), at);
        at.children.push(element);
        if (!EMPTY.includes(tag)) at = element;
      }
    }
  }

  /**
   * Opens a page and lets its script come to rest.
   *
   * @param hash of its address
   * @param fetch what its script asks the API by
   * @param kept what its tab remembers of it; absent where nothing may be kept
   */
  static async open(html: string, hash: string, fetch: unknown, kept?: Map<string, string>): Promise<ShownPage> {
    const [, body = '', script = ''] = /<body>([^]*)<script>([^]*)<\/script>/.exec(html) ?? [];
    const page = new ShownPage(body);
    const byId = (id: string): ShownElement | undefined =>
      page.root.querySelectorAll('').find(({ attributes }) => attributes.get('id') === id);
    const context = {
      location: { hash, pathname: '/', search: '' },
      history: { replaceState: () => undefined },
      document: {
        getElementById: byId,
        querySelectorAll: (selectors: string) => page.root.querySelectorAll(selectors),
      },
      FormData: class {
        constructor(readonly form: ShownElement) {}
        *[Symbol.iterator]() {
          for (const { attributes, value } of this.form.querySelectorAll('input'))
            yield [attributes.get('name'), value];
        }
      },
      ...(kept && {
        sessionStorage: {
          setItem: (name: string, value: string) => void kept.set(name, value),
          getItem: (name: string) => kept.get(name) ?? null,
          removeItem: (name: string) => void kept.delete(name),
        },
      }),
      URLSearchParams,
      decodeURIComponent,
      encodeURIComponent,
      fetch,
    };
    runInContext(script, createContext(context));
    await page.rest();
    return page;
  }

  /** The form of this id. */
  form(id: string): ShownElement {
    const found = this.root.querySelectorAll('form').find(({ attributes }) => attributes.get('id') === id);
    if (!found) throw new Error(`The page has no form ${id}.`);
    return found;
  }

  /** What the page says to somebody, blanks between words once. */
  get said(): string {
    return this.root.seen.replaceAll(/\s+/g, ' ').trim();
  }

  /** Forms that can be filled in and sent. */
  get usable(): (string | undefined)[] {
    return this.root
      .querySelectorAll('form')
      .filter((form) => form.isShown && form.querySelector('button'))
      .map(({ attributes }) => attributes.get('id'));
  }

  /** Fills a form in, but for what is not to be changed, and sends it. */
  async send(id: string, typed: Readonly<Record<string, string>>): Promise<void> {
    const form = this.form(id);
    for (const input of form.querySelectorAll('input'))
      if (!input.attributes.has('readonly')) input.value = typed[input.attributes.get('name') ?? ''] ?? '';
    form.querySelector('button')?.focus();
    await form.submit({ preventDefault: () => undefined });
    await this.rest();
  }

  private async rest(): Promise<void> {
    for (let turns = 0; turns < 10; turns++) await turn();
  }
}
