/**
 * Numbers that look random and are the same for the same seed. Parts that run at the same time each take a branch of
 * their own.
 */
export class SeededNumbers {
  private state: number;

  /** @param seed a whole number */
  constructor(private readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** Numbers of their own for a part of the work, whatever the others draw. */
  branch(name: string): SeededNumbers {
    let mixed = this.seed >>> 0;
    for (const letter of name) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193) >>> 0;
    return new SeededNumbers(mixed);
  }

  /** From 0 up to, not including, `end`. */
  below(end: number): number {
    // mulberry32
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * end);
  }

  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  /** True in so many of a hundred cases. */
  percent(share: number): boolean {
    return this.below(100) < share;
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    return list.map(() => left.splice(this.below(left.length), 1)[0] as T);
  }
}
