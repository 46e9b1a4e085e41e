/** Whom a reservation is for, within its organization. */
export interface Spender {
  readonly agent: string;
  readonly person: string;
}

/** What callers have been granted and have given back, by layer and subject: their own count beside the ledger's. */
export class StarCount {
  private readonly used = new Map<string, number>();

  /** Stars taken by somebody, or given back where below zero. */
  add({ agent, person }: Spender, stars: number): void {
    for (const place of ['org_month org', `agent_day ${agent}`, `user_agent_month ${agent}/${person}`])
      this.used.set(place, (this.used.get(place) ?? 0) + stars);
  }

  /** Stars used above what is allowed, over all places. @param allowed Stars by layer */
  overspent(allowed: Readonly<Record<string, number>>): number {
    return [...this.used].reduce(
      (sum, [place, stars]) => sum + Math.max(0, stars - (allowed[place.split(' ')[0] as string] ?? Infinity)),
      0,
    );
  }

  /** Stars by which this count and another one differ, over all places. @param other Stars by `layer subject` */
  drift(other: ReadonlyMap<string, number>): number {
    const places = new Set([...this.used.keys(), ...other.keys()]);
    return [...places].reduce((sum, place) => sum + Math.abs((this.used.get(place) ?? 0) - (other.get(place) ?? 0)), 0);
  }
}
