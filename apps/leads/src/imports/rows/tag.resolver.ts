import { tagKey } from '../../leads/lead.tags.js';

/** Groups that Google's contacts have of themselves. */
const SYSTEM = /^\* (?:my ?contacts|starred)$/i;
/** Tags that are remembered: a file may be made to have very many. */
const MOST = 10_000;

/** The tags of an organization and of the file: one that is alike but for case and accents joins the first that was there. */
export class TagResolver {
  private readonly exact = new Set<string>();
  private readonly known = new Map<string, string>();

  /** @param tags of the organization; of several that are alike, the first counts */
  constructor(tags: Iterable<string> = []) {
    for (const tag of tags) this.add(tag);
  }

  /** The tags of a cell as they are called here, without groups that are no tags of anybody's. */
  joined(tags: readonly string[]): string[] {
    return [...new Set(tags.filter((tag) => !SYSTEM.test(tag)).map((tag) => this.called(tag)))];
  }

  private called(tag: string): string {
    if (this.exact.has(tag)) return tag;
    const known = this.known.get(tagKey(tag));
    if (known === undefined) this.add(tag);
    return known ?? tag;
  }

  private add(tag: string): void {
    if (this.exact.size >= MOST) return;
    const key = tagKey(tag);
    this.exact.add(tag);
    if (!this.known.has(key)) this.known.set(key, tag);
  }
}
