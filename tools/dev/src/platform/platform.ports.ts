import type { ServiceName } from '@apollo/contracts';
import { SERVICES } from '@apollo/operate';
import { freePorts, requireFreePort } from '@apollo/servers';
import { PORT_TABLE, type Ports } from '../config.js';

/** Every port of one platform. */
export interface PlatformPorts extends Omit<Ports, 'health'> {
  readonly health: Readonly<Record<ServiceName, number>>;
}

/** The given ports, health ports in a row from the first; or all of them free ones. */
export async function platformPorts(wanted: Ports | 'free'): Promise<PlatformPorts> {
  const names = SERVICES.map(({ name }) => name);
  if (wanted !== 'free') return { ...wanted, health: byName(names, (i) => wanted.health + i) };
  const free = await freePorts(5 + names.length);
  const [gateway, mailPage, smtp, postgres, nats] = free as [number, number, number, number, number];
  return { gateway, mailPage, smtp, postgres, nats, health: byName(names, (i) => free[5 + i] as number) };
}

/** Fails, before anything is started, with one line about the first port that is taken. */
export async function requirePorts(
  ports: PlatformPorts,
  external: { database: boolean; nats: boolean },
): Promise<void> {
  const need = (port: number, name: keyof Ports, what = PORT_TABLE[name].what): Promise<void> =>
    requireFreePort(port, what, PORT_TABLE[name].variable);
  await need(ports.gateway, 'gateway');
  await need(ports.mailPage, 'mailPage');
  await need(ports.smtp, 'smtp');
  if (!external.database) await need(ports.postgres, 'postgres');
  if (!external.nats) await need(ports.nats, 'nats');
  for (const [name, port] of Object.entries(ports.health)) await need(port, 'health', `health of ${name}`);
}

function byName(names: readonly ServiceName[], port: (index: number) => number): Record<ServiceName, number> {
  return Object.fromEntries(names.map((name, i) => [name, port(i)])) as Record<ServiceName, number>;
}
