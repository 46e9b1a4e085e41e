/**
 * Guards whose absence only shows while the whole platform runs among faults: each is taken out of a copy, the copy is
 * built, and a short soak has to end with a broken promise.
 * `find` must occur exactly once in `file`; `soak` are the arguments of the run, whose seed is known to meet it.
 */
export const SOAK_GUARDS = [
  {
    id: 'soak-inbox',
    file: 'libs/messaging/functions/inbox/take_turn.sql',
    find: '      and i.version = of_version - 1\n',
    replace: '',
    soak: ['--seconds', '40', '--seed', '1', '--well-within', '45', 'out of order billing-stars'],
  },
  {
    id: 'soak-lock-order',
    file: 'apps/billing-stars/functions/wallets/enter_wallet.sql',
    find: 'where x.org_id = org and x.id = org\n  for update;',
    replace: 'where x.org_id = org and x.id = org;',
    soak: ['--seconds', '24', '--seed', '1', '--well-within', '45', 'latency leads'],
  },
  {
    id: 'soak-hold-expiry',
    file: 'apps/billing-stars/src/wallets/wallet.sweeper.ts',
    find: '    this.runner.start();\n',
    replace: '',
    soak: ['--seconds', '16', '--seed', '1', '--well-within', '45', 'latency leads'],
  },
  {
    id: 'soak-reconciliation',
    file: 'libs/messaging/src/durable/event.reconciler.ts',
    find: 'await this.compare(producer).catch(',
    replace: 'await Promise.resolve().catch(',
    soak: ['--seconds', '16', '--seed', '1', '--well-within', '20', 'JetStream store emptied'],
  },
];
