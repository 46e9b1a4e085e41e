import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startNats } from '@apollo/servers';
import type { PeerConfig } from '../peers/config.js';
import { type RunningPeer, startPeer } from '../peers/peer.host.js';

/** The three servers that ours is compared with. */
export interface PeerServers {
  readonly barePg: PeerServer;
  readonly stockNest: PeerServer;
  readonly floor: PeerServer;
  stop(): Promise<void>;
}

/** One of them. */
export interface PeerServer {
  readonly url: string;
  /** Its processes, without PostgreSQL. */
  readonly pids: readonly number[];
}

/** A NATS server like the platform's, with one user instead of its allow-lists. */
function natsConfig(token: string, storeDir: string): string {
  return `host: "127.0.0.1"
port: -1
max_payload: 1MB
max_connections: 256
max_control_line: 4KB
jetstream { store_dir: ${JSON.stringify(storeDir)}, sync_interval: always }
authorization { token: "${token}" }
`;
}

/**
 * Starts all three on free ports, against the database of the leads service and a NATS server of their own.
 *
 * @param folder takes that server's files
 */
export async function startPeers(
  folder: string,
  database: Pick<PeerConfig, 'databaseUrl' | 'tagKey'>,
): Promise<PeerServers> {
  const natsToken = randomBytes(16).toString('hex');
  const nats = await startNats({ dir: folder, configText: natsConfig(natsToken, join(folder, 'jetstream')) });
  const started: RunningPeer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((peer) => peer.stop()));
    await nats.stop();
  };
  try {
    const start = async (name: string): Promise<RunningPeer> => {
      const peer = await startPeer(name, { ...database, natsUrl: nats.url, natsToken });
      started.push(peer);
      return peer;
    };
    const [barePg, stockLeads, stockGateway, floorLeads, floorGateway] = [
      await start('bare-pg'),
      await start('stock-nest-leads'),
      await start('stock-nest-gateway'),
      await start('floor-leads'),
      await start('floor-gateway'),
    ];
    return {
      barePg: { url: barePg.url, pids: [barePg.pid] },
      stockNest: { url: stockGateway.url, pids: [stockGateway.pid, stockLeads.pid, nats.pid] },
      floor: { url: floorGateway.url, pids: [floorGateway.pid, floorLeads.pid, nats.pid] },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
