import { BoundedClient, type BoundedConfig } from './bounded.client.js';
import { type Attempt, ConnectionGate } from './connection.gate.js';

/** By what a role connects with. */
const gates = new Map<string, ConnectionGate>();

function gateOf(url: string): ConnectionGate {
  const gate = gates.get(url) ?? new ConnectionGate();
  gates.set(url, gate);
  return gate;
}

/** What a server asks who it lets in. From then on it works for them, however long that takes. */
const ASKED = ['authenticationCleartextPassword', 'authenticationMD5Password', 'authenticationSASL'];

type Connected = (error: Error | null, client?: GatedClient) => void;

/** A bounded connection that is made when it is its turn (see `ConnectionGate`), and in time or not at all. */
export class GatedClient extends BoundedClient {
  private readonly gate: ConnectionGate;
  private isMade = false;

  constructor(config: BoundedConfig & { readonly connectionString: string }) {
    // The gate gives attempts up.
    super({ ...config, connectionTimeoutMillis: 0 });
    this.gate = gateOf(config.connectionString);
  }

  /** @throws NotConnectedError where no connection is made in time; pg and system errors */
  override connect(): Promise<this>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<this> | void {
    const made = this.gate
      .pass(() => this.attempt())
      .then(() => {
        this.isMade = true;
        return this;
      });
    if (!callback) return made;
    made.then(() => callback(null, this), callback);
  }

  /** Nobody waits for the end of one that was given up: the server may take long. */
  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | void {
    const ended = this.isMade ? super.end() : Promise.resolve();
    if (!callback) return ended;
    ended.then(() => (callback as () => void)(), callback);
  }

  private attempt(): Attempt {
    let isHeard = false;
    for (const event of ASKED) this.wire.once(event, () => (isHeard = true));
    return {
      made: super.connect(),
      isHeard: () => isHeard,
      abandon: () => this.wire.stream.unref(),
      end: () => this.wire.stream.destroy(),
    };
  }
}
