import { execFile } from 'node:child_process';

/** True when a Docker daemon answers and already has, or can pull, the images; decides between containers and embedded servers. */
export async function dockerHas(images: readonly string[]): Promise<boolean> {
  if (!(await succeeds(['info', '--format', '{{.ID}}']))) return false;
  const present = await Promise.all(images.map(async (image) => (await succeeds(['image', 'inspect', image])) || (await succeeds(['pull', '--quiet', image]))));
  return present.every(Boolean);
}

function succeeds(args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('docker', [...args], { timeout: 120_000 }, (error) => resolve(error === null));
  });
}
