import type { ServiceName } from '@apollo/contracts';
import { PORT_VARIABLES, type Ports } from '../config.js';
import { freePorts, requireFreePort } from '../process/port.js';
import { SERVICES } from './service.catalog.js';

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
  await requireFreePort(ports.gateway, 'gateway', PORT_VARIABLES.gateway);
  await requireFreePort(ports.mailPage, 'mail page', PORT_VARIABLES.mailPage);
  await requireFreePort(ports.smtp, 'SMTP', PORT_VARIABLES.smtp);
  if (!external.database) await requireFreePort(ports.postgres, 'PostgreSQL', PORT_VARIABLES.postgres);
  if (!external.nats) await requireFreePort(ports.nats, 'NATS', PORT_VARIABLES.nats);
  for (const [name, port] of Object.entries(ports.health))
    await requireFreePort(port, `health of ${name}`, PORT_VARIABLES.health);
}

function byName(names: readonly ServiceName[], port: (index: number) => number): Record<ServiceName, number> {
  return Object.fromEntries(names.map((name, i) => [name, port(i)])) as Record<ServiceName, number>;
}
