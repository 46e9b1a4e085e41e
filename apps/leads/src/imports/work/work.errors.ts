/** Thrown when another process has taken the import over: nothing more may be written here. */
export class ClaimLostError extends Error {
  constructor() {
    super('the import was taken over');
    this.name = 'ClaimLostError';
  }
}

/** Thrown at the next row or batch after the process was told to stop. */
export class StoppedError extends Error {
  constructor() {
    super('the process stops');
    this.name = 'StoppedError';
  }
}
