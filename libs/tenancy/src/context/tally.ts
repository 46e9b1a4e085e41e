/** How many of something each organization or person has in this process; who has none is forgotten. */
export class Tally {
  private readonly counts = new Map<string, number>();

  of(holder: string): number {
    return this.counts.get(holder) ?? 0;
  }

  /** @param by how many more, less than zero for fewer */
  add(holder: string, by: number): void {
    const count = this.of(holder) + by;
    if (count === 0) this.counts.delete(holder);
    else this.counts.set(holder, count);
  }
}
