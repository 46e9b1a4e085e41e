/**
 * Something a person can act on: a taken port, a full disk, a dead child, a missing tool. The message is one
 * line and is all that is printed; anything else that is thrown is a defect and keeps its stack.
 */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

const FILE_REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
};

/** Turns an operating-system error about `path` into one clear line; anything else is given back unchanged. */
export function asStartFailure(error: unknown, path: string): unknown {
  const reason = FILE_REASONS[(error as NodeJS.ErrnoException | undefined)?.code ?? ''];
  return reason === undefined ? error : new StartFailure(`Cannot use ${path}: ${reason}.`, { cause: error });
}
