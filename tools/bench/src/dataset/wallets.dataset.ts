import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { actAs, actForPlatform } from '../load/acting.service.js';
import type { OurPlatform } from '../servers/our.platform.js';

const open = statement<object, { wallet: string }>(
  'open wallet',
  `select billing_stars.open_wallet(:wallet, 'UTC', :actor)`,
);
const grant = statement<object, { wallet: string; stars: number }>(
  'grant',
  `select billing_stars.grant_stars(:wallet, 'bench', 'package', :stars::bigint, :actor)`,
);
const cap = statement<object, { layer: string; stars: number | null }>(
  'set cap',
  'select billing_stars.set_cap(:layer, null, null, :stars::bigint, null, :actor)',
);

/** The database of billing-stars as its own process reaches it. */
export function billingDatabase({ platform, secrets }: OurPlatform, poolSize: number): TenantDatabase {
  const { app } = platform.running.postgres['billing-stars'] as { app: string };
  return new TenantDatabase({ url: app, tagKey: String(secrets.tagKeys['billing-stars']), poolSize });
}

/** What a wallet starts with: Stars beside the welcome ones, and caps by layer. */
export interface WalletMeans {
  readonly stars: number;
  readonly caps: Readonly<Record<string, number>>;
}

/** Opens a wallet for each organization by the functions that also the service calls. */
export async function openWallets(
  database: TenantDatabase,
  orgs: readonly string[],
  { stars, caps }: WalletMeans,
): Promise<void> {
  for (const org of orgs) {
    await actAs('billing-stars', org, () =>
      database.transaction(async () => {
        await actForPlatform('billing-stars', async () => {
          await database.query(open, { wallet: org });
          await database.query(grant, { wallet: org, stars });
        });
        for (const [layer, most] of Object.entries(caps)) await database.query(cap, { layer, stars: most });
      }),
    );
  }
}
