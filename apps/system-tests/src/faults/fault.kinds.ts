import { setTimeout as delay } from 'node:timers/promises';
import { at, type Direction, type FaultProxy, type Moment, type PointName, type Verdict } from '@apollo/testing';
import { holdRowLock, LOCKED } from './lock.holder.js';
import { NODES } from './nats.cluster.js';
import { emptyStore, fillDisk, rollStoreBack } from './nats.store.js';
import type { SeededNumbers } from './seeded.numbers.js';
import type { SoakOrg } from './soak.orgs.js';
import { RUNNING_SERVICES, type SoakPlatform, WITH_DATABASE } from './soak.platform.js';

/** What a fault is done to. */
export interface FaultScene {
  readonly platform: SoakPlatform;
  readonly orgs: readonly SoakOrg[];
  readonly numbers: SeededNumbers;
  /** Has somebody make one more organization. */
  readonly makeOrg: () => Promise<void>;
  /** Told how it went, for the report. */
  readonly note: (text: string) => void;
  /** Told that it was not tried: it could not be, or the moment that it waits for did not come. */
  readonly missed: () => void;
}

/** One way for things to go wrong. */
export interface FaultKind {
  readonly name: string;
  readonly targets: readonly string[];
  /** Does it; @returns takes it back, when its time is over */
  inject(scene: FaultScene, target: string): Promise<() => Promise<void>>;
}

/** How long a point is waited for before the process is killed wherever it is, in milliseconds. */
const AMBUSH_MS = 4_000;
/** A transaction that changes something; reads end in a commit as well. */
const CHANGES = /\b(insert into|update|delete_\w+)\b|billing_stars\.(reserve|settle|release|extend|open_wallet)/i;

const points = (service: string, names: readonly PointName[]): string[] => names.map((name) => `${service} ${name}`);
const ANSWERING: readonly PointName[] = ['before commit', 'after commit', 'before reply', 'after reply'];
const TELLING: readonly PointName[] = ['before publish', 'after publish'];
const TAKING: readonly PointName[] = ['before ack', 'after ack'];

/** Waits for a point on a service's lines; what happens there is `act`. */
async function ambush(
  { platform, note }: FaultScene,
  service: string,
  point: PointName,
  act: () => unknown,
): Promise<boolean> {
  const fits = (moment: Moment): boolean => !point.endsWith('commit') || CHANGES.test(moment.about);
  const waiting = platform
    .line(service, point.endsWith('commit') ? 'postgres' : 'nats')
    .map((proxy) => at(proxy, point, act, fits));
  const met = await Promise.race([...waiting.map(({ sprung }) => sprung.then(() => true)), delay(AMBUSH_MS, false)]);
  for (const { cancel } of waiting) cancel();
  if (!met) note('the point did not come');
  return met;
}

const killAtPoint: FaultKind = {
  name: 'kill -9',
  targets: [
    ...points('identity', ANSWERING),
    ...points('orgs', [...ANSWERING, ...TELLING]),
    ...points('leads', [...ANSWERING, ...TELLING]),
    ...points('agents', [...ANSWERING, ...TELLING, ...TAKING]),
    ...points('billing-stars', [...ANSWERING, ...TELLING, ...TAKING]),
  ],
  async inject(scene, target) {
    const service = WITH_DATABASE.find((name) => target.startsWith(`${name} `)) as string;
    const kill = (): Promise<void> => scene.platform.kill(service);
    if (!(await ambush(scene, service, target.slice(service.length + 1) as PointName, kill))) {
      scene.missed();
      await kill();
    }
    return () => scene.platform.restart(service);
  },
};

const killGateway: FaultKind = {
  name: 'kill -9',
  targets: ['gateway'],
  async inject({ platform }) {
    await platform.kill('gateway');
    return () => platform.restart('gateway');
  },
};

const killPostgres: FaultKind = {
  name: 'kill -9',
  targets: ['postgres'],
  async inject({ platform }) {
    await platform.kill('postgres');
    return () => platform.restart('postgres');
  },
};

const killNats: FaultKind = {
  name: 'kill -9',
  targets: ['nats'],
  async inject({ platform }) {
    await platform.kill('nats');
    return () => platform.restart('nats');
  },
};

const killNode: FaultKind = {
  name: 'kill -9',
  targets: NODES,
  async inject({ platform }, target) {
    await platform.cluster?.kill(target);
    return async () => platform.cluster?.restart(target);
  },
};

const cutOffNode: FaultKind = {
  name: 'cut off from the others',
  targets: NODES,
  async inject({ platform }, target) {
    return platform.cluster?.cutOff(target) ?? (async () => undefined);
  },
};

const loseStore: FaultKind = {
  name: 'JetStream store',
  targets: ['emptied', 'rolled back'],
  inject: (scene, target) => (target === 'emptied' ? emptyStore(scene) : rollStoreBack(scene)),
};

const fullDisk: FaultKind = { name: 'disk full', targets: ['nats'], inject: fillDisk };

const latency: FaultKind = {
  name: 'latency',
  targets: RUNNING_SERVICES,
  async inject({ platform, numbers, note }, target) {
    const ms = numbers.between(20, 150);
    note(`${ms} ms each way`);
    return onLines(linesOf(platform, target), (link) => link.delay(ms));
  },
};

const blackHole: FaultKind = {
  name: 'black hole',
  targets: [
    ...WITH_DATABASE.map((name) => `${name} → postgres`),
    ...RUNNING_SERVICES.map((name) => `${name} → nats`),
    'people → gateway',
  ],
  async inject({ platform, numbers, note }, target) {
    const [from, to] = target.split(' → ') as [string, 'postgres' | 'nats' | 'gateway'];
    const directions = numbers.one<readonly Direction[]>([['to-server', 'to-client'], ['to-server'], ['to-client']]);
    note(directions.join(' and '));
    return onLines(platform.line(from, to), (link) => link.blackHole(directions));
  },
};

const refused: FaultKind = {
  name: 'broken and refused',
  targets: RUNNING_SERVICES,
  async inject({ platform }, target) {
    return onLines(linesOf(platform, target), (link) => {
      link.refuse();
      link.reset();
    });
  },
};

const resetAtCommit: FaultKind = {
  name: 'reset in the middle of COMMIT',
  targets: WITH_DATABASE.flatMap((name) => points(name, ['before commit', 'after commit'])),
  async inject(scene, target) {
    const service = WITH_DATABASE.find((name) => target.startsWith(`${name} `)) as string;
    let cut = 0;
    while (cut < 3 && (await ambush(scene, service, target.slice(service.length + 1) as PointName, () => undefined)))
      cut += 1;
    scene.note(`${cut} times`);
    if (cut === 0) scene.missed();
    return async () => undefined;
  },
};

const scrambled: FaultKind = {
  name: 'messages twice, late and out of order',
  targets: RUNNING_SERVICES,
  async inject({ platform, numbers }, target) {
    const judge = ({ kind }: Moment): Verdict | undefined => {
      if (kind === 'ack' || kind === 'commit' || kind === 'committed') return undefined;
      const dice = numbers.below(100);
      return dice < 15
        ? { do: 'twice' }
        : dice < 35
          ? { do: 'later', ms: numbers.between(5, 400) }
          : dice < 38
            ? { do: 'swallow' }
            : undefined;
    };
    const ends = platform.line(target, 'nats').map((proxy) => proxy.watch(judge));
    return async () => ends.forEach((end) => end());
  },
};

const stoppedHolder: FaultKind = {
  name: 'a stopped process holds the lock of',
  targets: LOCKED,
  inject: (scene, target) => holdRowLock(scene, target),
};

const stoppedService: FaultKind = {
  name: 'SIGSTOP',
  targets: RUNNING_SERVICES,
  async inject({ platform }, target) {
    process.kill(platform.pid(target), 'SIGSTOP');
    return async () => void process.kill(platform.pid(target), 'SIGCONT');
  },
};

const ANYWHERE: readonly FaultKind[] = [
  killAtPoint,
  killGateway,
  killPostgres,
  latency,
  blackHole,
  refused,
  resetAtCommit,
  scrambled,
  stoppedHolder,
  stoppedService,
];
const OF_ONE: readonly FaultKind[] = [killNats, loseStore, fullDisk];
const OF_THREE: readonly FaultKind[] = [killNode, cutOffNode];

/** Everything that a run may do. @param cluster whether NATS is three servers */
export function faultKinds(cluster: boolean): readonly FaultKind[] {
  return [...ANYWHERE, ...(cluster ? OF_THREE : OF_ONE)];
}

function linesOf(platform: SoakPlatform, service: string): FaultProxy[] {
  return [...platform.line(service, 'nats'), ...(service === 'gateway' ? [] : platform.line(service, 'postgres'))];
}

function onLines(links: readonly FaultProxy[], act: (link: FaultProxy) => void): () => Promise<void> {
  links.forEach(act);
  return async () => void (await Promise.all(links.map((link) => link.heal())));
}
