import { StartFailure } from '@apollo/servers';

/**
 * Runs what an operator asked for and ends the process with its exit code; what cannot be done is said in one line.
 *
 * @param run takes the command's arguments and gives the exit code; nothing means 0
 * @param failed exit code when it cannot be done
 * @throws whatever is no `StartFailure`
 */
export async function operatorCommand(
  run: (words: readonly string[]) => Promise<number | void>,
  failed = 1,
): Promise<void> {
  try {
    process.exitCode = (await run(process.argv.slice(2))) ?? 0;
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = failed;
  }
}
